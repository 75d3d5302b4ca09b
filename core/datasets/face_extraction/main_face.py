"""Extraction of a clip's main face from its frames, cropped as for training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from core.domain import QUALITY_PX, Face, FaceQuality, Frame, HeadPose, RejectReason
from core.settings import Settings
from core.vision import (
    DETECTOR,
    LANDMARKER,
    CenterFaceDetector,
    FaceDetector,
    FaceLandmarker,
    OverlapTracker,
    path_of,
)
from core.vision.faces import (
    DEFAULT_LIMITS,
    DetectedFace,
    assess_quality,
    crop_by_box,
    crop_by_landmarks,
    read_cropped,
)

# Training pictures have at least FER2013's size.
_LIMITS = replace(DEFAULT_LIMITS, size_px=float(QUALITY_PX))
_TRACKED_INTERVALS = 2.5  # sampling intervals: a face may be missed in two frames
_MIN_TRACKED_S = 2.0
_STAYS_ABOVE_SHARE = 0.5  # of the largest face's area; below it, the largest face takes over


@dataclass(frozen=True, eq=False)
class ExtractedFace:
    """One usable face.

    Attributes:
        pixels: uint8 `(size, size)`, grey.
        confidence: the detector's, in [0, 1]; 1 where the landmarker alone found the face.
        quality: measures of a usable face.
        pose: of the head.
    """

    pixels: NDArray[np.uint8]
    confidence: float
    quality: FaceQuality
    pose: HeadPose


class MainFace:
    """Extracts the main face of each frame: the largest one, with hysteresis.

    The main face stays the same until another one has twice its area, so that a passer-by does not
    take over an interview. Not thread-safe; one per job, `reset` between clips.

    Args:
        detector: finds faces of any size.
        landmarker: finds landmarks in a cropped face, and in the frame where the detector finds no
            face.
        size_px: side of the pictures.
        every_s: seconds between two sampled frames.
    """

    def __init__(
        self, detector: FaceDetector, landmarker: FaceLandmarker, *, size_px: int, every_s: float
    ) -> None:
        self._detector = detector
        self._landmarker = landmarker
        self._size_px = size_px
        self._tracker = OverlapTracker(max_gap_s=max(_MIN_TRACKED_S, _TRACKED_INTERVALS * every_s))
        self._number: int | None = None

    def reset(self) -> None:
        """Forget all tracked faces, before the next clip."""
        self._tracker.reset()
        self._number = None

    def extract(self, frame: Frame) -> ExtractedFace | RejectReason:
        """The main face of a frame, or the reason why it is not usable."""
        faces = self._detector.detect(frame)
        if not faces:
            landmarked = self._landmarker.read(frame.rgb)
            faces = [Face(landmarks.box, 1.0) for landmarks in landmarked]
            if not faces:
                return RejectReason.NO_FACE
        face = self._main_of(self._tracker.update(faces, frame.time_s))
        return self._extract(frame, face)

    def close(self) -> None:
        """Free native memory; idempotent."""
        self._landmarker.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _main_of(self, faces: Sequence[Face]) -> Face:
        largest = max(faces, key=lambda face: face.box.area_px)
        for face in faces:
            is_large_enough = face.box.area_px >= _STAYS_ABOVE_SHARE * largest.box.area_px
            if face.track_id == self._number and is_large_enough:
                return face
        self._number = largest.track_id
        return largest

    def _extract(self, frame: Frame, face: Face) -> ExtractedFace | RejectReason:
        landmarks = read_cropped(self._landmarker, frame.rgb, face)
        if landmarks is None:
            crop = crop_by_box(frame.rgb, face.box, size_px=self._size_px)
        else:
            crop = crop_by_landmarks(frame.rgb, landmarks.eyes_and_mouth, size_px=self._size_px)
        pose = None if landmarks is None else landmarks.pose
        quality = assess_quality(
            crop,
            DetectedFace(
                face.confidence, face.box.size_px, pose, has_landmarks=landmarks is not None
            ),
            limits=_LIMITS,
        )
        if quality.reason is not None:
            return quality.reason
        if pose is None:
            return RejectReason.TURNED_AWAY
        pixels = np.rint(np.clip(crop, 0.0, 1.0) * 255).astype(np.uint8)
        return ExtractedFace(pixels, face.confidence, quality, pose)


def open_main_face(settings: Settings, *, size_px: int, every_s: float) -> MainFace:
    """A `MainFace` with the installed face models.

    Raises:
        AssetError: a model is not installed.
    """
    return MainFace(
        CenterFaceDetector(path_of(settings.assets_dir, DETECTOR)),
        FaceLandmarker(path_of(settings.assets_dir, LANDMARKER), faces=1, follows=False),
        size_px=size_px,
        every_s=every_s,
    )
