"""Finds small and many faces: CenterFace (Xu et al. 2019), run by OpenCV."""

from __future__ import annotations

import math
from pathlib import Path
from threading import Lock

import cv2
import numpy as np
from numpy.typing import NDArray

from core.domain import Box, Face, Frame
from core.domain.errors import AssetError

# The file's names of its outputs: heat map, log size, offset, and five points.
_OUTPUTS = ("537", "538", "539", "540")
_STRIDE = 4  # input pixels per cell of the output
_MULTIPLE = 32  # the network downsamples by two five times
_SAME_FACE_OVERLAP = 0.3
_MIN_SIDE_PX, _MAX_SIDE_PX = 256, 2048  # below, near faces are missed; above, it is too slow


class CenterFaceDetector:
    """A FaceDetector for faces from about 20 px in its input picture.

    Measured on one core on a 2048x922 group photo of 29 people: at half its size it finds all 29
    and nothing else in 87 ms, at its full size the same in 397 ms. A 640x480 frame takes 13 ms at
    half its size, in which faces from about 40 px are found.

    Args:
        asset: path of `centerface.onnx`.
        scale: of its input picture to the frame, in (0, 1].
        min_confidence: faces below are not reported.
    """

    def __init__(self, asset: Path, *, scale: float = 0.35, min_confidence: float = 0.5) -> None:
        try:
            self._network = cv2.dnn.readNetFromONNX(
                np.frombuffer(asset.read_bytes(), dtype=np.uint8)
            )
        except cv2.error as error:
            raise AssetError(
                f"{asset.name} cannot be used: {error.err}.", advice="Run make assets again."
            ) from error
        self._scale = scale
        self._min_confidence = min_confidence
        self._lock = Lock()  # OpenCV's network keeps its input between two calls

    def detect(self, frame: Frame) -> list[Face]:
        """Every face found, best first; boxes in pixels of the frame."""
        wide, high = self._input_size(frame)
        blob = cv2.dnn.blobFromImage(frame.rgb, 1.0, (wide, high))
        with self._lock:
            self._network.setInput(blob)
            heat, size, offset, points = self._network.forward(_OUTPUTS)
        cells = np.nonzero(heat[0, 0] >= self._min_confidence)
        boxes = _boxes(size[0], offset[0], cells)
        points_px = _points(points[0], boxes, cells)
        scale = np.array([frame.width_px / wide, frame.height_px / high])
        confidences = heat[0, 0][cells].astype(np.float64)
        return _non_maximum_suppression(boxes * np.tile(scale, 2), confidences, points_px * scale)

    def _input_size(self, frame: Frame) -> tuple[int, int]:
        long_side = max(frame.width_px, frame.height_px)
        side = np.clip(long_side * self._scale, _MIN_SIDE_PX, _MAX_SIDE_PX)
        scale = min(1.0, float(side) / long_side)
        wide, high = (
            max(1, math.ceil(side * scale / _MULTIPLE)) * _MULTIPLE
            for side in (frame.width_px, frame.height_px)
        )
        return wide, high


_Cells = tuple[NDArray[np.intp], ...]


def _boxes(
    size: NDArray[np.float32], offset: NDArray[np.float32], cells: _Cells
) -> NDArray[np.float64]:
    """Cells that hold the middle of a face -> boxes `(n, 4)`."""
    rows, columns = cells
    high, wide = np.exp(size[:, rows, columns].astype(np.float64)) * _STRIDE
    middle_y = (rows + offset[0, rows, columns] + 0.5) * _STRIDE
    middle_x = (columns + offset[1, rows, columns] + 0.5) * _STRIDE
    return np.stack(
        [middle_x - wide / 2, middle_y - high / 2, middle_x + wide / 2, middle_y + high / 2],
        axis=1,
    )


def _points(
    shares: NDArray[np.float32], boxes: NDArray[np.float64], cells: _Cells
) -> NDArray[np.float64]:
    """Shares of the box, y before x for each point, `(10, rows, columns)` -> points `(n, 5, 2)`."""
    inside = shares[:, cells[0], cells[1]].T.reshape(-1, 5, 2)[..., ::-1]
    corners, sides = boxes[:, None, :2], boxes[:, None, 2:] - boxes[:, None, :2]
    return np.asarray(corners + inside * sides, dtype=np.float64)


def _non_maximum_suppression(
    boxes: NDArray[np.float64], confidences: NDArray[np.float64], points: NDArray[np.float64]
) -> list[Face]:
    order = np.argsort(-confidences, kind="stable")
    faces: list[Face] = []
    for index in order:
        left, top, right, bottom = (float(side) for side in boxes[index])
        if right <= left or bottom <= top:
            continue
        box = Box(left, top, right, bottom)
        if all(box.overlap(known.box) < _SAME_FACE_OVERLAP for known in faces):
            found = points[index].astype(np.float32)
            faces.append(Face(box, min(1.0, float(confidences[index])), points=found))
    return faces
