from __future__ import annotations

import numpy as np
import pytest

from core.domain import (
    BLENDSHAPES,
    DEAD_BLENDSHAPES,
    FER7,
    Timeline,
    live_blendshapes,
    rounded_blendshapes,
)
from core.vision.faces.landmarker import FaceLandmarker
from tests.face_clip import draw_face
from tests.make import make_moment, make_observation, make_timeline


def test_ten_of_the_52_are_dead():
    assert len(BLENDSHAPES) == len(set(BLENDSHAPES)) == 52
    assert len(DEAD_BLENDSHAPES) == 10
    assert set(BLENDSHAPES) > DEAD_BLENDSHAPES


def test_names_stand_in_the_order_of_the_landmarker(assets_dir):
    with FaceLandmarker(assets_dir / "face_landmarker.task", faces=1, follows=False) as eye:
        picture = eye._mediapipe.Image(
            image_format=eye._mediapipe.ImageFormat.SRGB, data=draw_face()
        )
        (shapes,) = eye._native.detect(picture).face_blendshapes
    assert tuple(shape.category_name for shape in shapes) == BLENDSHAPES


def test_the_dead_ones_are_left_out_and_the_others_keep_their_order_and_values():
    values = np.linspace(0, 1, len(BLENDSHAPES), dtype=np.float32)
    shapes = live_blendshapes(values)
    assert list(shapes) == [name for name in BLENDSHAPES if name not in DEAD_BLENDSHAPES]
    assert shapes["jawOpen"] == values[BLENDSHAPES.index("jawOpen")]


def test_values_are_stored_in_thousandths():
    kept = rounded_blendshapes([0.0004, 0.12349, 1.0])
    assert kept.dtype == np.float32
    assert kept.tolist() == pytest.approx([0.0, 0.123, 1.0])
    assert np.array_equal(rounded_blendshapes(kept), kept)


def test_rows_without_landmarks_have_no_blendshapes():
    timeline = Timeline.from_frames(FER7, [make_moment(0.0, make_observation()), make_moment(1.0)])
    assert timeline.blendshapes.shape == (2, 52)
    assert np.isnan(timeline.blendshapes).all()
    assert len(make_timeline(0.0).blendshapes) == 0
