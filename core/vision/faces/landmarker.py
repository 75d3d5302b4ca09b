"""Landmarks, blendshapes and head pose of faces, by MediaPipe's FaceLandmarker."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from core.domain import Box, HeadPose, RgbPicture
from core.domain.errors import AssetError
from core.vision.faces.mediapipe_loader import Closing, load_mediapipe

BLINK_LEFT, BLINK_RIGHT = 9, 10  # eyeBlinkLeft, eyeBlinkRight in MediaPipe's order
# Middle of the inner lips, and the face's upper and lower end, of MediaPipe's 478 points.
UPPER_LIP, LOWER_LIP, FOREHEAD, CHIN = 13, 14, 10, 152
# Corners and lids of each eye, and the corners and inner lips of the mouth, by point number.
LEFT_EYE, RIGHT_EYE, MOUTH = (33, 133, 159, 145), (362, 263, 386, 374), (61, 291, 13, 14)


@dataclass(frozen=True, eq=False)
class FaceLandmarks:
    """The landmarker's result for one face.

    Attributes:
        points: float32, shape `(478, 2)`, x and y in pixels of the frame.
        blendshapes: float32, shape `(52,)`, each in [0, 1], MediaPipe's order.
        pose: head pose.
    """

    points: NDArray[np.float32]
    blendshapes: NDArray[np.float32]
    pose: HeadPose

    @property
    def box(self) -> Box:
        """Tight around all points: brow to chin, cheek to cheek."""
        left, top = self.points.min(axis=0)
        right, bottom = self.points.max(axis=0)
        return Box(float(left), float(top), float(right), float(bottom))

    @property
    def eyes_open(self) -> float:
        """0 (closed) to 1 (open), both eyes together."""
        return eyes_open_from(self.blendshapes)

    @property
    def lip_gap(self) -> float:
        """Between the inner lips, as a fraction of the height from forehead to chin; 0 or more."""
        upper, lower, top, chin = self.points[[UPPER_LIP, LOWER_LIP, FOREHEAD, CHIN]]
        height_px = float(np.linalg.norm(chin - top))
        return float(np.linalg.norm(lower - upper)) / height_px if height_px > 0 else 0.0

    @property
    def eyes_and_mouth(self) -> NDArray[np.float32]:
        """Float32 `(3, 2)`: centres of the picture's left eye, right eye, and mouth."""
        parts = (LEFT_EYE, RIGHT_EYE, MOUTH)
        return np.stack([self.points[list(part)].mean(axis=0) for part in parts])


class FaceLandmarker:
    """Reads landmarks of near faces in a stream, or of one cropped face.

    Not thread-safe; one for each stream.

    Args:
        asset: path of `face_landmarker.task`.
        faces: most faces to follow at once.
        follows: True tracks faces from frame to frame and requires ascending times; False reads
            each picture independently.
    """

    def __init__(self, asset: Path, *, faces: int, follows: bool) -> None:
        self._mediapipe = load_mediapipe()
        vision = self._mediapipe.tasks.vision
        mode = vision.RunningMode.VIDEO if follows else vision.RunningMode.IMAGE
        options = vision.FaceLandmarkerOptions(
            # Bytes rather than a path: it then opens on systems whose paths are not ASCII.
            base_options=self._mediapipe.tasks.BaseOptions(model_asset_buffer=asset.read_bytes()),
            running_mode=mode,
            num_faces=faces,
            output_face_blendshapes=True,
            output_facial_transformation_matrixes=True,
        )
        try:
            self._native: Any = vision.FaceLandmarker.create_from_options(options)
            self._closing = Closing(self, self._native.close)  # also without `close`
        except (RuntimeError, ValueError) as error:
            raise AssetError(
                f"{asset.name} cannot be used: {error}.", advice="Run make assets again."
            ) from error
        self._follows = follows
        self._last_ms = -1

    def read(self, rgb: RgbPicture, time_s: float = 0.0) -> list[FaceLandmarks]:
        """Landmarks of every face found.

        Args:
            rgb: uint8, shape `(height, width, 3)`.
            time_s: of the frame; used when following, and must not go back.
        """
        picture = self._mediapipe.Image(
            image_format=self._mediapipe.ImageFormat.SRGB, data=np.ascontiguousarray(rgb)
        )
        if self._follows:
            # MediaPipe refuses a repeated time; two frames may share a millisecond.
            self._last_ms = max(self._last_ms + 1, round(time_s * 1000))
            result = self._native.detect_for_video(picture, self._last_ms)
        else:
            result = self._native.detect(picture)
        scale = np.array([rgb.shape[1], rgb.shape[0]], dtype=np.float32)
        return [
            _landmarks(points, blendshapes, matrix, scale)
            for points, blendshapes, matrix in zip(
                result.face_landmarks,
                result.face_blendshapes,
                result.facial_transformation_matrixes,
                strict=True,
            )
        ]

    def close(self) -> None:
        """Free native memory; idempotent."""
        self._closing.now()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _landmarks(points: Any, blendshapes: Any, matrix: Any, scale: Any) -> FaceLandmarks:
    # Two lists of numbers: nine times as fast as one of 478 pairs.
    places = np.array([[one.x for one in points], [one.y for one in points]], dtype=np.float32)
    return FaceLandmarks(
        points=np.ascontiguousarray(places.T) * scale,
        blendshapes=np.array([shape.score for shape in blendshapes], dtype=np.float32),
        pose=pose_from_matrix(np.asarray(matrix, dtype=np.float64)),
    )


def eyes_open_from(blendshapes: NDArray[np.float32]) -> float:
    """0 (closed) to 1 (open), both eyes together, from blendshapes `(52,)`."""
    blink = (blendshapes[BLINK_LEFT] + blendshapes[BLINK_RIGHT]) / 2
    return min(max(float(1.0 - blink), 0.0), 1.0)


def pose_from_matrix(matrix: NDArray[np.float64]) -> HeadPose:
    """Angles from MediaPipe's face transform, float64 `(4, 4)`, of which the rotation in its first
    three rows and columns is read: x right, y up, z to the viewer.

    The face's forward direction is the rotated z axis; its x part gives yaw, its y part pitch. Roll
    is counted clockwise as seen in the picture, where y points down: hence the minus.
    """
    rotation = matrix[:3, :3] / np.linalg.norm(matrix[:3, :3], axis=0, keepdims=True)
    forward = rotation[:, 2]
    return HeadPose(
        yaw=math.degrees(math.atan2(forward[0], forward[2])),
        pitch=math.degrees(math.asin(float(np.clip(forward[1], -1.0, 1.0)))),
        roll=-math.degrees(math.atan2(rotation[1, 0], rotation[0, 0])),
    )
