from __future__ import annotations

import numpy as np
import pytest

from core.evaluation.evaluator.test_time_augmentation import VIEWS, flip_views, ten_crop_views
from tests.make import make_photo


@pytest.fixture
def pixels():
    return np.stack([make_photo(seed) for seed in range(3)])


@pytest.mark.parametrize(("name", "looks"), [("one", 1), ("flip", 2), ("ten-crop", 10)])
def test_each_way_has_its_number_of_looks_of_the_pictures_size(name, looks, pixels):
    found = VIEWS[name](pixels)
    assert len(found) == looks
    assert {look.shape for look in found} == {pixels.shape}
    assert {look.dtype for look in found} == {np.dtype(np.uint8)}


def test_a_mirrored_look_is_the_picture_turned_round(pixels):
    first, second = flip_views(pixels)
    assert np.array_equal(first, pixels)
    assert np.array_equal(second[:, :, ::-1], pixels)


def test_the_crops_are_the_corners_and_the_middle_and_their_mirrors():
    ramp = np.zeros((1, 48, 48), dtype=np.uint8)
    ramp[0, :, :] = np.arange(48) * 5  # brighter to the right
    looks = ten_crop_views(ramp)
    left, right, middle = looks[0].mean(), looks[1].mean(), looks[4].mean()
    assert left < middle < right
    for look, mirrored in zip(looks[:5], looks[5:], strict=True):
        assert np.array_equal(look[:, :, ::-1], mirrored)


def test_a_picture_of_one_pixel_can_be_cropped():
    assert {look.shape for look in ten_crop_views(np.zeros((1, 1, 1), np.uint8))} == {(1, 1, 1)}
