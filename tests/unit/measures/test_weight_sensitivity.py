"""How often the verdict of an index flips when a weight moves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.measures.index_weights import DEFAULT_WEIGHTS, PARTS, IndexWeights
from core.measures.index_windows import IndexWindows
from core.measures.weight_sensitivity import weight_sensitivity


def windows(*, published=None, **parts) -> IndexWindows:
    count = len(next(iter(parts.values())))
    columns = {name: np.array(parts.get(name, np.ones(count)), float) for name in PARTS}
    published = np.full(count, np.nan) if published is None else np.array(published, float)
    return IndexWindows(np.arange(1, count + 1) * 10.0, columns, published)


TRADED = windows(
    facing=[1.0, 0.9, 0.80, 0.2, 0.1, 0.0],
    eyes_open=[1.0, 0.9, 0.05, 1.0, 0.2, 0.1],
    published=[90, 80, 10, 70, 20, 5],
)
"""The third and the fourth window are almost alike: one has more of facing, one of open eyes."""


def test_windows_near_the_median_flip_as_the_weights_move() -> None:
    found = weight_sensitivity(TRADED, IndexWeights(0.0, 0.35, 0.2276, 0.0))
    assert (found.windows, found.flips_of_any) == (6, 2)
    assert found.flips == {"present": 0, "facing": 2, "eyes_open": 2, "expression": 0}
    assert found.sentence == (
        "When one weight moves by 10 %, the verdict (above the median or not) flips in 2 of 6 "
        "windows (33 %); the weight of facing the screen alone flips 2."
    )


def test_windows_far_from_it_do_not() -> None:
    found = weight_sensitivity(windows(facing=[1.0, 0.9, 0.9, 0.2, 0.1, 0.0]), DEFAULT_WEIGHTS)
    assert found.flips_of_any == 0
    assert (
        found.sentence == "When one weight moves by 10 %, the verdict (above the median or not) "
        "flips in none of 6 windows."
    )


def test_equal_windows_never_flip() -> None:
    found = weight_sensitivity(windows(facing=[0.7] * 9, eyes_open=[0.3] * 9), DEFAULT_WEIGHTS)
    assert found.flips_of_any == 0


def test_the_published_index_is_compared_by_its_own_median() -> None:
    found = weight_sensitivity(TRADED, IndexWeights(0.0, 0.35, 0.1, 0.0))
    assert (found.published, found.differs) == (6, 2)
    assert found.published_sentence == (
        "The published concentration index gives the other verdict in 2 of 6 windows (33 %)."
    )


def test_a_published_index_that_was_hardly_measured_is_not_compared() -> None:
    found = weight_sensitivity(windows(facing=[1, 0] * 4), DEFAULT_WEIGHTS)
    assert found.published == 0
    assert found.published_sentence == (
        "It needs the seven expressions, and no window here has them."
    )


def test_few_windows_of_the_published_index_are_counted_not_denied() -> None:
    found = replace(weight_sensitivity(TRADED, DEFAULT_WEIGHTS), published=3)
    assert found.published_sentence == (
        "It was measured in 3 windows: 6 are needed to say how often the two differ."
    )


@pytest.mark.parametrize(
    ("facing", "sentence"),
    [
        ([np.nan] * 9, "0 windows have an index; 6 are needed to say how often the verdict flips."),
        ([0.5], "1 window has an index; 6 are needed to say how often the verdict flips."),
    ],
    ids=["none", "one"],
)
def test_few_windows_give_no_share(facing: list[float], sentence: str) -> None:
    parts = {name: facing for name in PARTS}
    found = weight_sensitivity(windows(**parts), DEFAULT_WEIGHTS)
    assert not found.is_enough
    assert found.sentence == sentence
