from __future__ import annotations

import numpy as np
import pytest

from core.datasets.summary.face_regions import (
    BROWS,
    EYES,
    LOWER,
    MIDDLE,
    MOUTH,
    REGIONS,
    UPPER,
    measure_regions,
)
from core.vision.faces.crop import EYE_DISTANCE, EYES_CENTRE, MOUTH_CENTRE


def test_the_thirds_share_the_picture_and_the_boxes_lie_in_it():
    thirds = [region.mask(48) for region in (UPPER, MIDDLE, LOWER)]
    assert (sum(third.astype(int) for third in thirds) == 1).all()
    for region in REGIONS:
        assert 0 <= region.left < region.right <= 1
        assert 0 <= region.top < region.bottom <= 1


def test_eyes_and_mouth_lie_where_the_crops_put_them():
    for side in (-0.5, 0.5):
        assert EYES.left < EYES_CENTRE[0] + side * EYE_DISTANCE < EYES.right
    assert EYES.top < EYES_CENTRE[1] < EYES.bottom
    assert MOUTH.top < MOUTH_CENTRE[1] < MOUTH.bottom
    assert BROWS.bottom == EYES.top


@pytest.mark.parametrize("size_px", [1, 2, 3, 48])
def test_every_region_has_a_pixel_however_small_the_picture(size_px):
    assert all(region.mask(size_px).any() for region in REGIONS)
    assert np.isfinite(measure_regions(np.full((2, size_px, size_px), 9, np.uint8))).all()


def test_brightness_contrast_and_edges_by_hand():
    picture = np.zeros((1, 6, 6), np.uint8)
    picture[0, :, 3:] = 255  # black on the left, white on the right
    raw, normalised = measure_regions(picture)
    brightness, contrast, edges = raw[0, 0]
    assert brightness == pytest.approx(0.5)
    assert contrast == pytest.approx(0.5)
    # The step of 1 is half a step a pixel on both its sides: two columns of six.
    assert edges == pytest.approx(0.5 * 2 / 6)
    assert normalised[0, 0] == pytest.approx([0.0, 1.0, edges / 0.5])


def test_normalised_measures_do_not_see_brightness_and_contrast():
    shown = np.random.default_rng(4).integers(0, 100, (3, 12, 12)).astype(np.uint8)
    assert measure_regions(shown * 2 + 30)[1] == pytest.approx(measure_regions(shown)[1])


def test_a_uniform_picture_is_normalised_to_zero():
    assert not measure_regions(np.full((1, 8, 8), 100, np.uint8))[1].any()
