"""Pictures of one face each: its position, its pose, and its crop."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

from core.domain import Frame
from core.domain.progress import ProgressCallback, no_progress
from core.vision.faces.crop import crop_by_landmarks
from core.vision.faces.detector import CenterFaceDetector
from core.vision.faces.landmarker import FaceLandmarker

# Small pictures are enlarged for the detector: at twice FER2013's size its confidence is below 0.5
# for 4.5 % of them, at four thirds for 17 %, with a margin around them for 22 %. It takes 3.5 ms.
DETECTION_PX = 96
MIN_CONFIDENCE = 0.05  # below, the position of a face is noise
MIN_LANDMARKS_PX = 192  # the landmarker finds a face in 92 % of FER2013's pictures at this size
MAX_ENLARGED_PX = 4096
"""Longest side after enlarging: a strip of one pixel would become hundreds of megabytes."""
MARGIN = 0.33  # margin, as a share of the shorter side
_BATCH_SIZE = 256


@dataclass(frozen=True, eq=False)
class FacePositions:
    """The face with the highest confidence in each picture; lengths are fractions of its side.

    Attributes:
        confidence: float32, shape `(n,)`, in [0, 1]; 0 where nothing like a face was found.
        middle: float32, shape `(n, 2)`, x and y from the top left; NaN likewise.
        height: float32, shape `(n,)`, of the face's box; NaN likewise.
    """

    confidence: NDArray[np.float32]
    middle: NDArray[np.float32]
    height: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.confidence)


def find_faces(
    pixels: NDArray[np.uint8],
    asset: Path,
    *,
    threads: int = 2,
    on_progress: Callable[[int], None] = lambda _: None,
) -> FacePositions:
    """Detect the face in every picture.

    Args:
        pixels: uint8, shape `(n, size, size)`, grey.
        asset: path of `centerface.onnx`.
        threads: number of threads, each with a detector of its own.
        on_progress: called with the number of pictures done; may raise to stop.
    """
    rows = np.full((len(pixels), 4), np.nan, dtype=np.float32)
    rows[:, 0] = 0.0
    starts = range(0, len(pixels), _BATCH_SIZE)
    # OpenCV's own threads would compete with these; its setting is restored at the end.
    previous_threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        with ThreadPoolExecutor(threads) as pool:
            detectors = [_detector(asset) for _ in range(threads)]
            for first in range(0, len(starts), threads):
                group = list(zip(starts[first : first + threads], detectors, strict=False))
                done = pool.map(lambda job: (job[0], _detect_batch(pixels, job[0], job[1])), group)
                for start, found in done:
                    rows[start : start + len(found)] = found
                on_progress(min(len(pixels), (first + len(group)) * _BATCH_SIZE))
    finally:
        cv2.setNumThreads(previous_threads)
    return FacePositions(confidence=rows[:, 0], middle=rows[:, 1:3], height=rows[:, 3])


class FaceCropper:
    """Crops the largest face of a picture upright, as in FER2013.

    Not thread-safe.

    Args:
        asset: path of `face_landmarker.task`.
    """

    def __init__(self, asset: Path) -> None:
        self._landmarker = FaceLandmarker(asset, faces=4, follows=False)

    def crop(self, picture: NDArray[np.uint8], size_px: int) -> NDArray[np.uint8] | None:
        """The face, uint8 `(size_px, size_px)`; None where none is found.

        Args:
            picture: grey, uint8, `(high, wide)`.
        """
        # Without a margin first: it would make a far face in a photograph even smaller.
        for margin_share in (0.0, MARGIN):
            large, margin = with_margin(picture, margin_share)
            eyes_and_mouth = self._eyes_and_mouth(large)
            if eyes_and_mouth is not None:
                # Cropped from the picture itself: the enlarged one holds no more detail.
                scale = picture.shape[0] / (large.shape[0] - 2 * margin)
                rgb = np.asarray(cv2.cvtColor(picture, cv2.COLOR_GRAY2RGB), dtype=np.uint8)
                found = ((eyes_and_mouth - margin) * scale).astype(np.float32)
                face = crop_by_landmarks(rgb, found, size_px=size_px)
                return np.asarray(np.round(face * 255), dtype=np.uint8)
        return None

    def _eyes_and_mouth(self, picture: NDArray[np.uint8]) -> NDArray[np.float32] | None:
        rgb = np.asarray(cv2.cvtColor(picture, cv2.COLOR_GRAY2RGB), dtype=np.uint8)
        faces = self._landmarker.read(rgb)
        return max(faces, key=lambda face: face.box.size_px).eyes_and_mouth if faces else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._landmarker.close()


def with_margin(picture: NDArray[np.uint8], margin_share: float) -> tuple[NDArray[np.uint8], int]:
    """A picture enlarged for the landmarker and with a margin, and the margin's width in pixels.

    Args:
        margin_share: the margin, as a share of the shorter side.
    """
    short = min(picture.shape[:2])
    if short < MIN_LANDMARKS_PX:
        by = min(MIN_LANDMARKS_PX / short, max(1.0, MAX_ENLARGED_PX / max(picture.shape[:2])))
        picture = np.asarray(
            cv2.resize(picture, None, fx=by, fy=by, interpolation=cv2.INTER_CUBIC), dtype=np.uint8
        )
    margin = round(min(picture.shape[:2]) * margin_share)
    framed = cv2.copyMakeBorder(picture, margin, margin, margin, margin, cv2.BORDER_REPLICATE)
    return np.asarray(framed, dtype=np.uint8), margin


def _detector(asset: Path) -> CenterFaceDetector:
    return CenterFaceDetector(asset, scale=1.0, min_confidence=MIN_CONFIDENCE)


def _detect_batch(
    pixels: NDArray[np.uint8], start: int, detector: CenterFaceDetector
) -> NDArray[np.float32]:
    return np.stack(
        [_detect_one(picture, detector) for picture in pixels[start : start + _BATCH_SIZE]]
    )


def _detect_one(picture: NDArray[np.uint8], detector: CenterFaceDetector) -> NDArray[np.float32]:
    large = cv2.resize(picture, (DETECTION_PX, DETECTION_PX), interpolation=cv2.INTER_CUBIC)
    rgb = np.asarray(cv2.cvtColor(large, cv2.COLOR_GRAY2RGB), dtype=np.uint8)
    faces = detector.detect(Frame(rgb, 0.0, 0))
    if not faces:
        return np.array([0.0, np.nan, np.nan, np.nan], dtype=np.float32)
    best = faces[0]
    x, y = best.box.center
    found = [x / DETECTION_PX, y / DETECTION_PX, best.box.height_px / DETECTION_PX]
    return np.array([best.confidence, *found], dtype=np.float32)


UNKNOWN = (np.nan, np.nan, np.nan)


def read_poses(
    pixels: NDArray[np.uint8],
    asset: Path,
    *,
    on_progress: ProgressCallback = no_progress,
) -> NDArray[np.float64]:
    """Yaw, pitch and roll of each face in degrees, float64 `(n, 3)`; NaN where none was found.

    Small pictures are enlarged, and read again with a margin where no face is found; of FER2013's
    pictures nine in ten have a face then.

    Args:
        pixels: uint8, shape `(n, size, size)`, grey.
        asset: path of `face_landmarker.task`.
        on_progress: called with (done, total) after each picture; may raise to stop.
    """
    poses = np.full((len(pixels), 3), np.nan)
    with FaceLandmarker(asset, faces=1, follows=False) as landmarker:
        for at, picture in enumerate(pixels):
            poses[at] = _pose(landmarker, picture)
            on_progress(at + 1, len(pixels))
    return poses


def _pose(landmarker: FaceLandmarker, picture: NDArray[np.uint8]) -> tuple[float, float, float]:
    for margin_share in (0.0, MARGIN):
        large, _ = with_margin(picture, margin_share)
        rgb = np.asarray(cv2.cvtColor(large, cv2.COLOR_GRAY2RGB), dtype=np.uint8)
        for found in landmarker.read(rgb):
            return found.pose.angles
    return UNKNOWN
