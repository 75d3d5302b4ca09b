"""Landmarks of one face in a crowd: cut out, enlarged, read, and carried along until next time."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from core.perception.landmarks import FaceLandmarker, FaceLandmarks
from core.vocabulary import Box, RgbPicture

_CUT_OUT_PX = 256  # the landmarker's own input
_CUT_OUT_SCALE = 2.0  # of the box: its detector wants some room around a face


def read_cut_out(eye: FaceLandmarker, rgb: RgbPicture, box: Box) -> FaceLandmarks | None:
    """Landmarks of one face, in pixels of the whole frame; None where none fit."""
    side = max(box.width_px, box.height_px) * _CUT_OUT_SCALE
    left, top = box.center[0] - side / 2, box.center[1] - side / 2
    scale = _CUT_OUT_PX / side
    to_cut_out = np.array([[scale, 0.0, -left * scale], [0.0, scale, -top * scale]])
    cut = cv2.warpAffine(rgb, to_cut_out, (_CUT_OUT_PX, _CUT_OUT_PX), flags=cv2.INTER_LINEAR)
    found = eye.read(np.asarray(cut, dtype=np.uint8))
    if not found:
        return None
    points = found[0].points / np.float32(scale) + np.array([left, top], dtype=np.float32)
    landmarks = replace(found[0], points=points)
    # A neighbour at the cut-out's edge is not this face.
    return landmarks if landmarks.box.overlap(box) > 0.2 else None


def moved(landmarks: FaceLandmarks, was: Box, now: Box) -> FaceLandmarks:
    """Landmarks carried along with their box: shifted and scaled, not turned."""
    if was == now:
        return landmarks
    scale = now.height_px / was.height_px
    points = (landmarks.points - np.array(was.center)) * scale + np.array(now.center)
    return replace(landmarks, points=points.astype(np.float32))
