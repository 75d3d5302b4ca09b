"""Pictures of one face each: where it is, where the head points, and cutting it out."""

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
from core.vision.faces.crop import crop_by_landmarks
from core.vision.faces.detector import CenterFaceDetector
from core.vision.faces.landmarker import FaceLandmarker

# Small pictures are enlarged for the detector: at twice FER2013's size it is unsure (under 0.5) of
# 4.5 % of them, at four thirds of 17 %, with a margin around them of 22 %. A look takes 3.5 ms.
LOOKED_AT_PX = 96
LEAST_CONFIDENCE = 0.05  # below, the place of a face is noise
SMALLEST_READ_PX = 192  # the landmarker finds a face in 92 % of FER2013's pictures at this size
LARGEST_MADE_PX = 4096
"""Longest side of what is enlarged: a strip of one pixel would become hundreds of megabytes."""
ROOM = 0.33  # margin, as a share of the shorter side
_AT_ONCE = 256


@dataclass(frozen=True, eq=False)
class FacePlaces:
    """The surest face of each picture; lengths are shares of the picture's side.

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
    tell: Callable[[int], None] = lambda _: None,
) -> FacePlaces:
    """Look at every picture.

    Args:
        pixels: uint8, shape `(n, size, size)`, grey.
        asset: path of `centerface.onnx`.
        threads: that look at the same time, each with a detector of its own.
        tell: told how many pictures are done; may raise to stop.
    """
    rows = np.full((len(pixels), 4), np.nan, dtype=np.float32)
    rows[:, 0] = 0.0
    starts = range(0, len(pixels), _AT_ONCE)
    # OpenCV's own threads would stand in the way of ours; it is put back for the rest of us.
    own_threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        with ThreadPoolExecutor(threads) as pool:
            detectors = [_detector(asset) for _ in range(threads)]
            for first in range(0, len(starts), threads):
                group = list(zip(starts[first : first + threads], detectors, strict=False))
                done = pool.map(lambda job: (job[0], _look(pixels, job[0], job[1])), group)
                for start, found in done:
                    rows[start : start + len(found)] = found
                tell(min(len(pixels), (first + len(group)) * _AT_ONCE))
    finally:
        cv2.setNumThreads(own_threads)
    return FacePlaces(confidence=rows[:, 0], middle=rows[:, 1:3], height=rows[:, 3])


class FaceCropper:
    """Cuts the largest face out of a picture the way FER2013 did, upright.

    Not thread-safe.

    Args:
        asset: path of `face_landmarker.task`.
    """

    def __init__(self, asset: Path) -> None:
        self._eye = FaceLandmarker(asset, faces=4, follows=False)

    def cut(self, picture: NDArray[np.uint8], size_px: int) -> NDArray[np.uint8] | None:
        """The face, uint8 `(size_px, size_px)`; None where none is found.

        Args:
            picture: grey, uint8, `(high, wide)`.
        """
        # Without a margin first: around a photograph it would make a far face smaller still.
        for room in (0.0, ROOM):
            large, margin = with_room(picture, room)
            places = self._places(large)
            if places is not None:
                # Cut out of the picture itself: the enlarged one has no more in it.
                scale = picture.shape[0] / (large.shape[0] - 2 * margin)
                rgb = np.asarray(cv2.cvtColor(picture, cv2.COLOR_GRAY2RGB), dtype=np.uint8)
                found = ((places - margin) * scale).astype(np.float32)
                face = crop_by_landmarks(rgb, found, size_px=size_px)
                return np.asarray(np.round(face * 255), dtype=np.uint8)
        return None

    def _places(self, picture: NDArray[np.uint8]) -> NDArray[np.float32] | None:
        rgb = np.asarray(cv2.cvtColor(picture, cv2.COLOR_GRAY2RGB), dtype=np.uint8)
        faces = self._eye.read(rgb)
        return max(faces, key=lambda face: face.box.size_px).eyes_and_mouth if faces else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._eye.close()


def with_room(picture: NDArray[np.uint8], room: float) -> tuple[NDArray[np.uint8], int]:
    """Large enough for the landmarker, and how wide a margin was put around it.

    Args:
        room: the margin, as a share of the shorter side.
    """
    short = min(picture.shape[:2])
    if short < SMALLEST_READ_PX:
        by = min(SMALLEST_READ_PX / short, max(1.0, LARGEST_MADE_PX / max(picture.shape[:2])))
        picture = np.asarray(
            cv2.resize(picture, None, fx=by, fy=by, interpolation=cv2.INTER_CUBIC), dtype=np.uint8
        )
    margin = round(min(picture.shape[:2]) * room)
    framed = cv2.copyMakeBorder(picture, margin, margin, margin, margin, cv2.BORDER_REPLICATE)
    return np.asarray(framed, dtype=np.uint8), margin


def _detector(asset: Path) -> CenterFaceDetector:
    return CenterFaceDetector(asset, shrink=1.0, min_confidence=LEAST_CONFIDENCE)


def _look(
    pixels: NDArray[np.uint8], start: int, detector: CenterFaceDetector
) -> NDArray[np.float32]:
    return np.stack([_one(picture, detector) for picture in pixels[start : start + _AT_ONCE]])


def _one(picture: NDArray[np.uint8], detector: CenterFaceDetector) -> NDArray[np.float32]:
    large = cv2.resize(picture, (LOOKED_AT_PX, LOOKED_AT_PX), interpolation=cv2.INTER_CUBIC)
    rgb = np.asarray(cv2.cvtColor(large, cv2.COLOR_GRAY2RGB), dtype=np.uint8)
    faces = detector.detect(Frame(rgb, 0.0, 0))
    if not faces:
        return np.array([0.0, np.nan, np.nan, np.nan], dtype=np.float32)
    best = faces[0]
    x, y = best.box.center
    found = [x / LOOKED_AT_PX, y / LOOKED_AT_PX, best.box.height_px / LOOKED_AT_PX]
    return np.array([best.confidence, *found], dtype=np.float32)


UNKNOWN = (np.nan, np.nan, np.nan)


def read_poses(
    pixels: NDArray[np.uint8], asset: Path, *, tell: Callable[[int, int], None] = lambda _, __: None
) -> NDArray[np.float64]:
    """Yaw, pitch and roll of each face in degrees, float64 `(n, 3)`; NaN where none was found.

    Small pictures are enlarged for it, and looked at once more with room around them where nothing
    is found; of FER2013's it finds nine in ten.

    Args:
        pixels: uint8, shape `(n, size, size)`, grey.
        asset: path of `face_landmarker.task`.
        tell: hears how many of how many pictures are done; may raise to stop.
    """
    poses = np.full((len(pixels), 3), np.nan)
    with FaceLandmarker(asset, faces=1, follows=False) as eye:
        for at, picture in enumerate(pixels):
            poses[at] = _pose(eye, picture)
            tell(at + 1, len(pixels))
    return poses


def _pose(eye: FaceLandmarker, picture: NDArray[np.uint8]) -> tuple[float, float, float]:
    for room in (0.0, ROOM):
        large, _ = with_room(picture, room)
        rgb = np.asarray(cv2.cvtColor(large, cv2.COLOR_GRAY2RGB), dtype=np.uint8)
        for found in eye.read(rgb):
            return found.pose.angles
    return UNKNOWN
