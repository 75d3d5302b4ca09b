"""What Python computes of pictures and matrices that the eye in the browser is tested with.

`python -m tests.eye_golden` writes tests/golden/browser_eye.json anew; the tests of both languages
read it, so that neither can change alone.
"""

from __future__ import annotations

import base64
import json
import math
from pathlib import Path
from typing import Any

import numpy as np

from core.domain import Box, Interpolation, ModelInput
from core.vision.faces.crop import FaceCrop, crop_by_landmarks
from core.vision.faces.landmarker import FaceLandmarks, pose_from_matrix
from core.vision.faces.quality import sharpness

GOLDEN = Path(__file__).parent / "golden" / "browser_eye.json"
WIDTH_PX, HEIGHT_PX = 320, 240
# Eyes and mouth of faces of several sizes: enlarged, about as large as the crop, made smaller by
# blocks of two to four pixels, tilted both ways, and partly outside the picture.
FACES = {
    "a small face": ((150, 100), (162, 100), (156, 113)),
    "a face of the crop's size": ((140.5, 100.2), (158.3, 101.7), (149.1, 119.9)),
    "a face": ((120, 90), (160, 92), (139, 133)),
    "a tilted face": ((110, 120), (150, 96), (146, 146)),
    "a face tilted the other way": ((130.25, 80.5), (178.75, 110.125), (136.5, 138)),
    "a large face": ((90, 70), (160, 74), (122, 146)),
    "a face at the edge": ((4, 20), (44, 12), (28, 58)),
    "a face at the other corner": ((280, 200), (318, 205), (296, 238)),
}


def pattern() -> np.ndarray:
    """RGB picture, uint8, by whole numbers alone: eye/tests/support.js makes the same."""
    y, x, channel = np.mgrid[:HEIGHT_PX, :WIDTH_PX, :3]
    return (((3 * x * x + 5 * y * y + 7 * (channel + 1) * x * y) >> 8) & 255).astype(np.uint8)


def computed() -> dict[str, Any]:
    """Everything that the file holds."""
    faces = {name: np.array(points, dtype=np.float32) for name, points in FACES.items()}
    return {
        "picture": {"width": WIDTH_PX, "height": HEIGHT_PX},
        "crops": [
            _crop(name, points, size_px, interpolation)
            for name, points in faces.items()
            for size_px, interpolation in ((48, Interpolation.BILINEAR), (48, Interpolation.CUBIC))
        ]
        + [_crop("a face for a larger model", faces["a face"], 96, Interpolation.CUBIC)],
        "qualities": [_quality(name, points) for name, points in faces.items()],
        "poses": [_pose(*angles) for angles in ((0, 0, 0), (30, -10, 5), (-45, 20, -60))],
        "landmarks": _landmarks(),
    }


def _crop(
    name: str, points: np.ndarray, size_px: int, interpolation: Interpolation
) -> dict[str, Any]:
    crop = FaceCrop(ModelInput(size_px, interpolation=interpolation))
    grey = crop.apply(pattern(), Box(0, 0, 1, 1), points)
    luma = np.rint(grey * 255).astype(np.uint8)
    return {
        "name": f"{name}, {interpolation.value} to {size_px} px",
        "eyes_and_mouth": points.tolist(),
        "size_px": size_px,
        "interpolation": interpolation.value,
        "luma": base64.b64encode(luma.tobytes()).decode(),
    }


def _quality(name: str, points: np.ndarray) -> dict[str, Any]:
    face = crop_by_landmarks(pattern(), points, size_px=48)
    return {
        "name": name,
        "eyes_and_mouth": points.tolist(),
        "brightness": round(float(face.mean()), 6),
        "sharpness": round(sharpness(face), 6),
    }


def _pose(yaw: float, pitch: float, roll: float) -> dict[str, Any]:
    a, b, c = (math.radians(angle) for angle in (yaw, pitch, roll))
    about_y = np.array([[math.cos(a), 0, math.sin(a)], [0, 1, 0], [-math.sin(a), 0, math.cos(a)]])
    about_x = np.array([[1, 0, 0], [0, math.cos(b), -math.sin(b)], [0, math.sin(b), math.cos(b)]])
    about_z = np.array([[math.cos(c), -math.sin(c), 0], [math.sin(c), math.cos(c), 0], [0, 0, 1]])
    matrix = np.eye(4)
    matrix[:3, :3] = 1.7 * about_z @ about_y @ about_x
    matrix[:3, 3] = (2.0, -3.0, -40.0)
    rounded = np.round(matrix, 6)
    pose = pose_from_matrix(rounded)
    return {
        "matrix": rounded.T.ravel().tolist(),  # four columns after each other, as in the browser
        "yaw": pose.yaw,
        "pitch": pose.pitch,
        "roll": pose.roll,
    }


def _landmarks() -> dict[str, Any]:
    number = np.arange(478)
    fractions = np.stack([(number * 37 % 478) / 1000 + 0.2, (number * 91 % 478) / 900 + 0.1], 1)
    size = np.array([WIDTH_PX, HEIGHT_PX], dtype=np.float32)
    landmarks = FaceLandmarks(
        fractions.astype(np.float32) * size,
        np.zeros(52, dtype=np.float32),
        pose_from_matrix(np.eye(4)),
    )
    box = landmarks.box
    return {
        "landmarks": fractions.tolist(),
        "width": WIDTH_PX,
        "height": HEIGHT_PX,
        "box": [box.left, box.top, box.right, box.bottom],
        "eyes_and_mouth": landmarks.eyes_and_mouth.tolist(),
        "lip_gap": landmarks.lip_gap,
    }


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(computed(), indent=1) + "\n", encoding="utf-8")
