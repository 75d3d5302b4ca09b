"""References from pictures of any size."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from core.domain import FER7, PictureSet
from core.drift import reference_of_pictures
from core.drift.quantity import Quantity
from core.vision.faces.quality import sharpness
from tests.make import BEGAN_AT


def faces(count: int, *, size_px: int):
    """The same soft spots at any size."""
    rng = np.random.default_rng(5)
    coarse = rng.integers(40, 215, (count, 12, 12)).astype(np.uint8)
    drawn = [cv2.resize(one, (192, 192), interpolation=cv2.INTER_CUBIC) for one in coarse]
    return np.stack(
        [cv2.resize(one, (size_px, size_px), interpolation=cv2.INTER_AREA) for one in drawn]
    )


def middle_of_sharpness(pixels) -> float:
    reference = reference_of_pictures(
        PictureSet(pixels, np.arange(len(pixels)) % 7),
        None,
        FER7,
        name="usual",
        source="",
        made_at=BEGAN_AT,
    )
    (found,) = [one for one in reference.numbers if one.quantity == Quantity.BLUR.value]
    return found.points[len(found.points) // 2]


@pytest.mark.parametrize("size_px", [48, 96, 144])
def test_sharpness_does_not_depend_on_the_size_of_a_datasets_pictures(size_px):
    small = faces(200, size_px=48)
    wanted = np.median([sharpness(one.astype(np.float32) / 255) for one in small])
    assert middle_of_sharpness(faces(200, size_px=size_px)) == pytest.approx(wanted, rel=0.1)
