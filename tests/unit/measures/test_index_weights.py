"""Weights of the engagement index."""

from __future__ import annotations

import numpy as np
import pytest

from core.measures.index_weights import (
    DEFAULT_WEIGHTS,
    PART_TITLES,
    PARTS,
    IndexWeights,
    contributions,
    index_of,
    weights_from,
)


def parts(**values: float) -> dict[str, np.ndarray]:
    return {name: np.array([values.get(name, 1.0)]) for name in PARTS}


def test_the_index_is_a_hundred_times_the_weighted_parts() -> None:
    index = index_of(parts(present=1.0, facing=0.5, eyes_open=0.8, expression=0.2), DEFAULT_WEIGHTS)
    assert index == pytest.approx(100 * (0.30 + 0.35 * 0.5 + 0.20 * 0.8 + 0.15 * 0.2))


def test_contributions_add_up_to_the_index_whatever_the_weights_sum_to() -> None:
    weights = IndexWeights(present=2.0, facing=1.0, eyes_open=0.0, expression=1.0)
    some = parts(facing=0.5, expression=0.1)
    assert sum(contributions(some, weights).values()) == pytest.approx(index_of(some, weights))
    assert index_of(parts(), weights) == pytest.approx(100.0)


def test_an_index_with_a_missing_part_is_missing() -> None:
    assert np.isnan(index_of(parts(eyes_open=np.nan), DEFAULT_WEIGHTS)).all()


@pytest.mark.parametrize("weight", [-0.1, float("nan"), float("inf")])
def test_weights_are_not_negative_and_finite(weight: float) -> None:
    with pytest.raises(ValueError, match="weights are 0 or more"):
        IndexWeights(facing=weight)


def test_weights_that_are_all_nothing_are_none() -> None:
    nothing = dict.fromkeys(PARTS, 0.0)
    assert weights_from(nothing) is None
    assert weights_from(nothing | {"facing": 0.5}) == IndexWeights(0.0, 0.5, 0.0, 0.0)
    with pytest.raises(ValueError, match="not all 0"):
        IndexWeights(**nothing)


def test_the_version_names_weights_that_were_changed() -> None:
    assert DEFAULT_WEIGHTS.version == "1"
    assert IndexWeights(facing=0.5).version == "1 (0.30/0.50/0.20/0.15)"


def test_each_weight_is_moved_alone_up_and_down_unless_it_is_nothing() -> None:
    moved = list(IndexWeights(facing=0.0).moved(0.1))
    assert [part for part, _ in moved] == [
        name for name in PARTS if name != "facing" for _ in range(2)
    ]
    assert moved[0][1] == IndexWeights(present=0.30 * 1.1, facing=0.0)


def test_each_part_has_a_title() -> None:
    assert tuple(PART_TITLES) == PARTS
