from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.domain import Box
from core.vision.faces.landmarker import CHIN, FOREHEAD, LOWER_LIP, UPPER_LIP
from tests.fakes import make_landmarks


def _with_mouth(gap_px, *, height_px=100.0):
    points = np.zeros((478, 2), np.float32)
    points[FOREHEAD], points[CHIN] = (50, 10), (50, 10 + height_px)
    points[UPPER_LIP], points[LOWER_LIP] = (50, 80), (50, 80 + gap_px)
    return replace(make_landmarks(Box(0, 0, 100, 100)), points=points)


@pytest.mark.parametrize(("gap_px", "share"), [(0.0, 0.0), (5.0, 0.05), (20.0, 0.2)])
def test_the_lip_gap_is_a_fraction_of_the_height_of_the_face(gap_px, share):
    assert _with_mouth(gap_px).lip_gap == pytest.approx(share)


def test_the_lip_gap_is_the_same_near_and_far_and_with_a_tilted_head():
    near = _with_mouth(6.0)
    turn = np.array([[0.8, -0.6], [0.6, 0.8]], np.float32)
    far = replace(near, points=(near.points / 7) @ turn.T + 300)
    assert far.lip_gap == pytest.approx(near.lip_gap, rel=1e-4)


def test_a_face_without_height_has_no_gap():
    assert _with_mouth(5.0, height_px=0.0).lip_gap == 0.0
