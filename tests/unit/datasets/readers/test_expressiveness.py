"""Levels from scores."""

from __future__ import annotations

import numpy as np
import pytest

from core.datasets.readers.expressiveness import PUBLISHED_THRESHOLDS, LevelThresholds, fit_tertiles
from core.domain import EXPRESSIVENESS3
from core.domain.errors import EmptySplit


@pytest.mark.parametrize(
    ("score", "level"),
    [
        (-3.0, "reserved"),
        (-0.3031, "reserved"),
        (-0.303, "balanced"),
        (0.0, "balanced"),
        (0.294, "balanced"),
        (0.2941, "expressive"),
        (3.0, "expressive"),
    ],
)
def test_the_published_borders_belong_to_balanced(score, level):
    (number,) = PUBLISHED_THRESHOLDS.levels(np.array([score]))
    assert EXPRESSIVENESS3.labels[number] == level


def test_a_score_nobody_gave_has_no_level():
    assert PUBLISHED_THRESHOLDS.levels(np.array([np.nan, 1.0])).tolist() == [-1, 2]


def test_tertiles_put_a_third_into_each_level():
    scores = np.random.default_rng(1).normal(size=300)
    counts = np.bincount(fit_tertiles(scores).levels(scores))
    assert counts.tolist() == [100, 100, 100]


def test_tertiles_are_those_of_the_scores_given_and_of_no_others():
    scores = np.random.default_rng(1).normal(size=300)
    assert fit_tertiles(scores[:200]) != fit_tertiles(scores)
    with_unknown = np.append(scores, [np.nan, np.nan])
    assert fit_tertiles(with_unknown) == fit_tertiles(scores)


@pytest.mark.parametrize("scores", [[], [np.nan], [0.5], [0.5, 0.5, 0.5], [0.1, 0.2]])
def test_too_few_scores_make_no_levels(scores):
    with pytest.raises(EmptySplit, match="three"):
        fit_tertiles(np.array(scores, dtype=np.float64))


@pytest.mark.parametrize(("low", "high"), [(1.0, 0.0), (float("nan"), 0.0), (0.0, float("inf"))])
def test_cuts_out_of_order_are_refused(low, high):
    with pytest.raises(ValueError, match="in order"):
        LevelThresholds(low, high)
