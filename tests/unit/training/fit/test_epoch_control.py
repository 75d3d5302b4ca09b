"""What is decided between two epochs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.domain.plain_values import from_plain, to_plain
from core.training import RECIPES
from core.training.fit.epoch_control import EpochControl
from core.training.recipes import Schedule

RECIPE = replace(RECIPES["two-block"], schedule=Schedule.PLATEAU, patience=2, stops_after=5)


def _after(accuracies, recipe=RECIPE):
    control = EpochControl()
    for accuracy in accuracies:
        control.update(accuracy, recipe)
    return control


def test_the_rate_falls_when_accuracy_has_not_risen_for_long_enough():
    assert _after([0.5, 0.4]).rate == 1.0
    assert _after([0.5, 0.4, 0.5]).rate == pytest.approx(0.2)
    assert _after([0.5, 0.4, 0.5, 0.4, 0.4]).rate == pytest.approx(0.04)


def test_the_rate_falls_no_lower_than_a_millionth_and_never_rises():
    high, low = (replace(RECIPE, learning_rate=rate) for rate in (4e-6, 1e-7))
    assert _after([0.5] * 9, high).rate * 4e-6 == pytest.approx(1e-6)
    assert _after([0.5] * 9, low).rate == 1.0


def test_a_better_epoch_starts_the_waiting_anew():
    assert _after([0.5, 0.4, 0.6, 0.5]).rate == 1.0


def test_other_schedules_leave_the_rate_alone():
    assert _after([0.5] * 9, replace(RECIPE, schedule=Schedule.COSINE)).rate == 1.0


def test_training_ends_early_when_nothing_gets_better():
    assert _after([0.5, 0.4, 0.4, 0.4, 0.4]).why == ""
    assert "no better epoch in the last 5" in _after([0.5] + [0.4] * 5).why
    assert _after([0.5] + [0.4] * 50, replace(RECIPE, stops_after=0)).why == ""


def test_training_ends_when_the_target_is_reached():
    recipe = replace(RECIPE, target_accuracy=0.7)
    assert _after([0.69], recipe).why == ""
    assert "target accuracy of 70.0 %" in _after([0.69, 0.7], recipe).why


def test_decisions_survive_a_checkpoint():
    control = _after([0.5, 0.4, 0.5, 0.4])
    again = from_plain(EpochControl, to_plain(control))
    for one in (control, again):
        one.update(0.4, RECIPE)
    assert again == control
