"""The darkest, blurriest and flattest pictures of a split are found by their pixels."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from core.evaluation.robustness.accuracy_by_quality import (
    PictureMeasures,
    QualityFifth,
    measure_quality,
)
from tests.make import make_photo


@pytest.fixture(scope="module")
def measures() -> PictureMeasures:
    """Ten photographs: 0 and 1 dark, 2 and 3 blurred, 4 and 5 nearly of one grey."""
    photos = np.stack([make_photo(seed) for seed in range(10)])
    photos[:2] //= 4
    for at in (2, 3):
        photos[at] = cv2.GaussianBlur(photos[at], (0, 0), 2.5)
    for at in (4, 5):
        photos[at] = 120 + (photos[at].astype(int) - 128) // 8
    return measure_quality(photos)


@pytest.mark.parametrize(
    ("fifth", "which"),
    [
        (QualityFifth.DARKEST, [0, 1]),
        (QualityFifth.BLURRIEST, [2, 3]),
        (QualityFifth.LEAST_CONTRAST, [4, 5]),
    ],
)
def test_a_fifth_holds_the_pictures_it_is_named_after(
    measures: PictureMeasures, fifth: QualityFifth, which: list[int]
) -> None:
    assert np.flatnonzero(measures.of(fifth)).tolist() == which


@pytest.mark.parametrize("fifth", list(QualityFifth))
def test_a_fifth_is_about_a_fifth(measures: PictureMeasures, fifth: QualityFifth) -> None:
    assert 2 <= measures.of(fifth).sum() <= 3


def test_opposite_fifths_share_no_picture(measures: PictureMeasures) -> None:
    for one, other in (
        (QualityFifth.DARKEST, QualityFifth.BRIGHTEST),
        (QualityFifth.BLURRIEST, QualityFifth.SHARPEST),
        (QualityFifth.LEAST_CONTRAST, QualityFifth.MOST_CONTRAST),
    ):
        assert not (measures.of(one) & measures.of(other)).any()


def test_no_pictures_make_no_fifth() -> None:
    none = np.zeros(0, np.float32)
    assert len(PictureMeasures(none, none, none).of(QualityFifth.DARKEST)) == 0
