from __future__ import annotations

import numpy as np
import pytest

from core.domain import Box, Interpolation, ModelInput
from core.domain.errors import DamagedModel
from core.models.runtimes.preprocessing import as_faces
from core.vision.faces.crop import CROPS, FaceCrop, crop_by_box, crop_by_landmarks
from tests.make import make_photo


def a_scene() -> np.ndarray:
    """Red left of the box, green inside it, blue right of it."""
    rgb = np.zeros((120, 160, 3), dtype=np.uint8)
    rgb[:, :50, 0] = rgb[:, 50:110, 1] = rgb[:, 110:, 2] = 255
    return rgb


def test_the_default_input_is_cropped_by_landmarks_or_box():
    rgb, places = a_scene(), np.array([[65, 45], [95, 45], [80, 75]], np.float32)
    box = Box(50, 30, 110, 90)
    cut = FaceCrop(ModelInput(48)).apply(rgb, box, places)
    assert np.array_equal(cut[..., 0], crop_by_landmarks(rgb, places, size_px=48))
    cut = FaceCrop(ModelInput(48)).apply(rgb, box, None)
    assert np.array_equal(cut[..., 0], crop_by_box(rgb, box, size_px=48))


def test_a_box_crop_is_the_box_in_colour():
    cut = FaceCrop(ModelInput(30, crop="box", channels=3)).apply(
        a_scene(), Box(50, 30, 110, 90), None
    )
    assert cut.shape == (30, 30, 3)
    assert cut.dtype == np.float32
    assert (cut[..., 1] > 0.45).all()
    assert cut[2:-2, 2:-2, 1].min() == 1.0
    assert cut[:, 2:-2, 0].max() == 0.0


def test_a_tall_box_becomes_a_square_around_its_centre():
    cut = FaceCrop(ModelInput(30, crop="box", channels=3)).apply(
        a_scene(), Box(60, 10, 100, 110), None
    )
    red, blue = (cut[..., 0] > 0.5).mean(axis=0), (cut[..., 2] > 0.5).mean(axis=0)
    assert red[:5].all()
    assert blue[-5:].all()


def test_a_wide_box_crop_is_a_quarter_larger():
    box = Box(50, 30, 110, 90)
    cut = FaceCrop(ModelInput(50, crop="wide-box", channels=3)).apply(a_scene(), box, None)
    assert (cut[..., 1] > 0.5).mean() == pytest.approx(1 / 1.25, abs=0.03)


def a_photo() -> np.ndarray:
    return np.repeat(make_photo(4, size_px=96)[..., None], 3, axis=2)


@pytest.mark.parametrize("interpolation", Interpolation)
def test_a_small_face_is_enlarged_live_as_in_an_evaluation(interpolation):
    wanted = ModelInput(64, crop="box", interpolation=interpolation)
    rgb = a_photo()
    live = FaceCrop(wanted).apply(rgb, Box(20, 20, 52, 52), None)
    judged = as_faces(rgb[None, 20:52, 20:52, 0], wanted)[0]
    inside = slice(8, -8)  # beyond its edge the live face goes on
    assert np.abs(live - judged)[inside, inside].max() <= 2 / 255


def test_a_large_face_is_cropped_alike_with_every_interpolation():
    cut = [
        FaceCrop(ModelInput(40, interpolation=one)).apply(a_photo(), Box(10, 10, 80, 80), None)
        for one in Interpolation
    ]
    assert np.array_equal(*cut)


@pytest.mark.parametrize(("side", "enlarged"), [(32, True), (80, False)])
def test_a_face_of_fewer_pixels_than_the_model_reads_is_enlarged(side, enlarged):
    box = Box(5, 5, 5 + side, 5 + side)
    places = np.array([[0.3, 0.4], [0.7, 0.4], [0.5, 0.78]], np.float32) * side + 5
    for crop in CROPS:
        for found in (None, places):
            assert FaceCrop(ModelInput(48, crop=crop)).enlarges(box, found) is enlarged


def test_an_unknown_crop_is_refused_with_the_known_ones():
    with pytest.raises(DamagedModel, match="haar") as refused:
        FaceCrop(ModelInput(48, crop="haar"))
    assert "fer2013" in refused.value.advice
