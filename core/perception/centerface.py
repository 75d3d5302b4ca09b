"""Finds small and many faces: CenterFace (Xu et al. 2019), run by OpenCV."""

from __future__ import annotations

import math
from pathlib import Path
from threading import Lock

import cv2
import numpy as np
from numpy.typing import NDArray

from core.errors import AssetError
from core.vocabulary import Box, Face, Frame

# Names the file gives its four answers: face-ness, log size, offset, and five points we do not use.
_OUTPUTS = ("537", "538", "539", "540")
_STRIDE = 4  # pixels of the input for one cell of the answer
_MULTIPLE = 32  # the network halves the picture five times
_SAME_FACE_OVERLAP = 0.3
_LEAST_SIDE_PX, _MOST_SIDE_PX = 256, 2048  # below, near faces get lost; above, patience


class CenterFaceDetector:
    """A FaceDetector for faces from about 20 px of the picture it looks at.

    Measured on one core on a 2048x922 group photo of 29 people: at half its size it finds all 29
    and nothing else in 87 ms, at its full size the same in 397 ms. A 640x480 frame takes 13 ms at
    half its size, in which faces from about 40 px are found.

    Args:
        asset: path of `centerface.onnx`.
        shrink: share of the frame's size it looks at, in (0, 1].
        min_confidence: faces below are not reported.
    """

    def __init__(self, asset: Path, *, shrink: float = 0.35, min_confidence: float = 0.5) -> None:
        try:
            self._network = cv2.dnn.readNetFromONNX(
                np.frombuffer(asset.read_bytes(), dtype=np.uint8)
            )
        except cv2.error as error:
            raise AssetError(
                f"{asset.name} cannot be used: {error.err}.", advice="Run make assets again."
            ) from error
        self._shrink = shrink
        self._min_confidence = min_confidence
        self._lock = Lock()  # OpenCV's network keeps its input between two calls

    def detect(self, frame: Frame) -> list[Face]:
        """Every face found, best first; boxes in pixels of the frame."""
        wide, high = self._looked_at(frame)
        blob = cv2.dnn.blobFromImage(frame.rgb, 1.0, (wide, high))
        with self._lock:
            self._network.setInput(blob)
            heat, size, offset, _ = self._network.forward(_OUTPUTS)
        boxes, confidences = self._decode(heat[0, 0], size[0], offset[0])
        boxes *= np.tile([frame.width_px / wide, frame.height_px / high], 2)
        return _without_repeats(boxes, confidences)

    def _looked_at(self, frame: Frame) -> tuple[int, int]:
        long_side = max(frame.width_px, frame.height_px)
        wanted = np.clip(long_side * self._shrink, _LEAST_SIDE_PX, _MOST_SIDE_PX)
        scale = min(1.0, float(wanted) / long_side)
        wide, high = (
            max(1, math.ceil(side * scale / _MULTIPLE)) * _MULTIPLE
            for side in (frame.width_px, frame.height_px)
        )
        return wide, high

    def _decode(
        self, heat: NDArray[np.float32], size: NDArray[np.float32], offset: NDArray[np.float32]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Cells that hold the middle of a face -> boxes `(n, 4)` and confidences `(n,)`."""
        rows, columns = np.nonzero(heat >= self._min_confidence)
        high, wide = np.exp(size[:, rows, columns].astype(np.float64)) * _STRIDE
        middle_y = (rows + offset[0, rows, columns] + 0.5) * _STRIDE
        middle_x = (columns + offset[1, rows, columns] + 0.5) * _STRIDE
        boxes = np.stack(
            [middle_x - wide / 2, middle_y - high / 2, middle_x + wide / 2, middle_y + high / 2],
            axis=1,
        )
        return boxes, heat[rows, columns].astype(np.float64)


def _without_repeats(boxes: NDArray[np.float64], confidences: NDArray[np.float64]) -> list[Face]:
    order = np.argsort(-confidences, kind="stable")
    faces: list[Face] = []
    for place in order:
        left, top, right, bottom = (float(side) for side in boxes[place])
        if right <= left or bottom <= top:
            continue
        box = Box(left, top, right, bottom)
        if all(box.overlap(kept.box) < _SAME_FACE_OVERLAP for kept in faces):
            faces.append(Face(box, min(1.0, float(confidences[place]))))
    return faces
