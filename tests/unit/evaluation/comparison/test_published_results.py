"""What others report, how far to believe it, and where ours stands."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.datasets.summary.published_counts import PRIVATE_TEST
from core.domain import CONFIDENT2, FER7, Interval
from core.evaluation.comparison.published_results import (
    RULES,
    Mark,
    OwnFigure,
    Placing,
    PublishedModel,
    is_private_test,
    placing_of,
    published_models,
    summary,
    with_own_results,
    without_own_results,
)

SUPPORTS = (491, 55, 528, 879, 594, 416, 626)
OURS = OwnFigure("ours", Interval(0.70, 0.685, 0.715), 1_500_000)


@pytest.mark.parametrize(
    ("facts", "mark"),
    [
        ({}, Mark.NOT_STATED),
        ({"test_chose": False}, Mark.HELD_OUT),
        ({"test_chose": True}, Mark.CHOSEN_ON_TEST),
        ({"test_chose": True, "could_be_repeated": False}, Mark.NOT_CREDIBLE),
        ({"test_chose": False, "accuracy": 0.75}, Mark.POSSIBLE_LEAK),
        ({"accuracy": 0.75, "pretrained_on": "ImageNet"}, Mark.NOT_STATED),
        ({"test_chose": True, "accuracy": 0.75}, Mark.CHOSEN_ON_TEST),
    ],
)
def test_a_mark_follows_from_facts(facts: dict[str, object], mark: Mark) -> None:
    one = PublishedModel(**{"name": "x", "accuracy": 0.7, "note": "A note.", **facts})
    assert one.mark is mark


def test_every_mark_has_its_rule() -> None:
    assert set(RULES) == set(Mark)


def test_the_table_is_that_of_the_literature() -> None:
    told = {one.name: (one.accuracy, one.mark) for one in published_models()}
    assert len(told) == 10
    assert told["ResEmoteNet"] == (0.798, Mark.NOT_CREDIBLE)
    assert told["ResNet18 (LetheSec)"] == (0.737, Mark.CHOSEN_ON_TEST)
    assert told["EmoNeXt-XL"] == (0.761, Mark.HELD_OUT)
    assert told["mini-Xception"] == (0.66, Mark.NOT_STATED)


@pytest.mark.parametrize(
    ("published", "placing"),
    [
        (0.684, Placing.BETTER),
        (0.685, Placing.TIED),
        (0.715, Placing.TIED),
        (0.716, Placing.BELOW),
    ],
)
def test_a_published_figure_inside_our_interval_is_a_tie(
    published: float, placing: Placing
) -> None:
    assert placing_of(published, OURS.accuracy) is placing


def test_our_result_is_sorted_among_published_ones() -> None:
    flipped = OwnFigure("ours, flip", Interval(0.72, 0.705, 0.735), 1_500_000, views=2)
    lines = with_own_results(OURS, [flipped])
    assert [line.accuracy for line in lines] == sorted(line.accuracy for line in lines)
    ours = [line for line in lines if line.is_ours]
    assert [line.name for line in ours] == ["ours", "ours, flip"]
    assert ours[1].note == "Measured here, 2 views per picture."
    assert all((line.placing is None) == line.is_ours for line in lines)
    assert all(line.placing is None for line in without_own_results())
    assert len(without_own_results()) == len(lines) - 2


def test_the_summary_counts_only_what_can_be_believed() -> None:
    told = summary(with_own_results(OURS), OURS)
    assert told == (
        "ours reaches 70.0 %: of 6 credible published figures it is better than 2, tied with 1, "
        "below 3. Those above it have at least 95 times its weights."
    )
    assert "weights" not in summary(with_own_results(OURS), replace(OURS, weights=None))


def test_a_note_says_what_a_figure_rests_on() -> None:
    notes = {line.name: line.note for line in without_own_results()}
    assert notes["ResMaskingNet and six others"].endswith(
        "Pretrained on ImageNet. Ensemble of 7 networks."
    )
    assert notes["2013 winner"].endswith("et al. 2013.")


def test_only_the_very_pictures_of_the_published_figures_are_placed() -> None:
    labels = np.repeat(np.arange(7), SUPPORTS)
    assert len(labels) == PRIVATE_TEST
    assert is_private_test(FER7, labels[::-1])
    corrected = labels.copy()
    corrected[0] = 1
    assert not is_private_test(FER7, corrected)
    assert not is_private_test(FER7, labels[1:])
    assert not is_private_test(CONFIDENT2, labels)
