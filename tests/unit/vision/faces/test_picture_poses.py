"""Where heads point in pictures of one face."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from core.vision.assets import LANDMARKER
from core.vision.faces.still_picture import read_poses
from tests.face_clip import draw_face


def _cut(degrees=0.0):
    grey = cv2.cvtColor(draw_face(), cv2.COLOR_RGB2GRAY)
    turn = cv2.getRotationMatrix2D((320, 240), degrees, 1.0)
    turned = cv2.warpAffine(grey, turn, (640, 480), borderMode=cv2.BORDER_REPLICATE)
    return cv2.resize(turned[80:400, 160:480], (96, 96), interpolation=cv2.INTER_AREA)


def test_roll_is_read_and_a_blank_picture_has_no_pose(assets_dir):
    told = []
    pixels = np.stack([_cut(), _cut(-20.0), np.full((96, 96), 128, np.uint8)])
    poses = read_poses(
        pixels, assets_dir / LANDMARKER, on_progress=lambda done, of: told.append((done, of))
    )
    assert poses.shape == (3, 3)
    assert abs(poses[0, 2]) < 6
    assert poses[1, 2] - poses[0, 2] == pytest.approx(20, abs=6)
    assert np.isnan(poses[2]).all()
    assert told[-1] == (3, 3)
