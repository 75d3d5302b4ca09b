"""The darkest, blurriest and flattest pictures of a split are found by their pixels."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from core.evaluation.robustness.natural_conditions import (
    Condition,
    PictureConditions,
    measure_conditions,
)
from tests.make import make_photo


@pytest.fixture(scope="module")
def conditions() -> PictureConditions:
    """Ten photographs: 0 and 1 dark, 2 and 3 blurred, 4 and 5 nearly of one grey."""
    photos = np.stack([make_photo(seed) for seed in range(10)])
    photos[:2] //= 4
    for at in (2, 3):
        photos[at] = cv2.GaussianBlur(photos[at], (0, 0), 2.5)
    for at in (4, 5):
        photos[at] = 120 + (photos[at].astype(int) - 128) // 8
    return measure_conditions(photos)


@pytest.mark.parametrize(
    ("condition", "which"),
    [
        (Condition.DARKEST, [0, 1]),
        (Condition.BLURRIEST, [2, 3]),
        (Condition.LEAST_CONTRAST, [4, 5]),
    ],
)
def test_a_fifth_holds_the_pictures_it_is_named_after(
    conditions: PictureConditions, condition: Condition, which: list[int]
) -> None:
    assert np.flatnonzero(conditions.of(condition)).tolist() == which


@pytest.mark.parametrize("condition", list(Condition))
def test_a_fifth_is_about_a_fifth(conditions: PictureConditions, condition: Condition) -> None:
    assert 2 <= conditions.of(condition).sum() <= 3


def test_opposite_fifths_share_no_picture(conditions: PictureConditions) -> None:
    for one, other in (
        (Condition.DARKEST, Condition.BRIGHTEST),
        (Condition.BLURRIEST, Condition.SHARPEST),
        (Condition.LEAST_CONTRAST, Condition.MOST_CONTRAST),
    ):
        assert not (conditions.of(one) & conditions.of(other)).any()


def test_no_pictures_make_no_fifth() -> None:
    none = np.zeros(0, np.float32)
    assert len(PictureConditions(none, none, none).of(Condition.DARKEST)) == 0
