"""Predictions that differ in known ways are refused with the figure that shows it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.conversion.checks.parity import compare, refusal_of
from core.conversion.formats import EIGHT_BITS, FORMATS, FULL_PRECISION, HALF_PRECISION
from core.domain import Interval, softmax
from core.evaluation.metrics.calibration import expected_calibration_error
from tests.convertible import make_parity
from tests.make import make_card

CARD = make_card()


@pytest.fixture
def reference():
    return np.random.default_rng(0).normal(0, 3, (600, 7))


@pytest.fixture
def labels(reference):
    right = reference.argmax(axis=1)
    wrong = np.random.default_rng(1).random(600) < 0.3
    return np.where(wrong, (right + 1) % 7, right)


def test_equal_predictions_pass_every_format(reference, labels):
    found = compare(reference, reference.copy(), labels, CARD)
    assert found.max_difference == found.mean_difference == found.changed_labels == 0
    assert (found.accuracy_change.value, found.ece_change) == (0, 0)
    for one in FORMATS.values():
        assert refusal_of(found, one.tolerance) == ""


def test_the_figures_are_those_of_calibrated_scores(reference, labels):
    card = replace(CARD, temperature=0.7)
    logits = reference + np.random.default_rng(2).normal(0, 0.3, reference.shape)
    found = compare(reference, logits, labels, card)
    before, after = softmax(reference / 0.7), softmax(logits / 0.7)
    assert found.max_difference == np.abs(before - after).max()
    assert found.mean_difference == np.abs(before - after).mean()
    changed = (reference.argmax(axis=1) != logits.argmax(axis=1)).mean()
    assert found.changed_labels == changed > 0
    right = [(one.argmax(axis=1) == labels).mean() for one in (reference, logits)]
    assert found.accuracy_change.value == pytest.approx(right[1] - right[0])
    eces = [expected_calibration_error(one, labels) for one in (before, after)]
    assert found.ece_change == pytest.approx(eces[1] - eces[0])


def test_without_human_labels_accuracy_is_not_compared(reference):
    found = compare(reference, reference + 1e-7, None, CARD)
    assert found.accuracy_change is None
    assert found.ece_change is None
    assert refusal_of(found, EIGHT_BITS) == ""


@pytest.mark.parametrize("tolerance", [FULL_PRECISION, HALF_PRECISION, EIGHT_BITS])
def test_swapped_labels_are_refused(reference, labels, tolerance):
    found = compare(reference, reference[:, [1, 0, 2, 3, 4, 5, 6]], labels, CARD)
    assert refusal_of(found, tolerance)


def test_each_tolerance_refuses_with_its_own_figure():
    assert "0.002 from the network's; at most 0.001" in refusal_of(
        make_parity(max_difference=0.002), FULL_PRECISION
    )
    assert "0.02 from the network's on average" in refusal_of(
        make_parity(mean_difference=0.02), EIGHT_BITS
    )
    assert refusal_of(make_parity(changed_labels=0.0237, faces=3589), EIGHT_BITS) == (
        "2.37 % of 3,589 faces get another prediction; at most 2 % is tolerated."
    )
    worse = Interval(-0.006, -0.012, 0.001)
    assert refusal_of(make_parity(changed_labels=0.01, accuracy_change=worse), EIGHT_BITS) == (
        "Its accuracy may be 1.20 points lower (95 % CI [-1.20, +0.10] over 700 faces); at "
        "most 1 is tolerated."
    )


def test_eight_bits_may_change_single_scores_where_labels_stay():
    assert refusal_of(make_parity(max_difference=0.2), EIGHT_BITS) == ""


def test_few_pictures_do_not_refuse_a_format_that_changed_no_label():
    unsure = Interval(0.0, -0.03, 0.03)  # of 60 pictures
    assert refusal_of(make_parity(accuracy_change=unsure), EIGHT_BITS) == ""


def test_every_tolerance_states_its_reason():
    for one in FORMATS.values():
        assert one.tolerance.why.endswith(".")
        assert one.good_for.endswith(".")
        assert 0 < one.tolerance.max_changed_labels <= 0.02
