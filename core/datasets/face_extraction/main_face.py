"""The one face a clip is about, frame after frame, cut out the way models learn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from core.domain import QUALITY_PX, Face, FaceQuality, Frame, HeadPose, RejectReason
from core.storage.settings import Settings
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
    FoundFace,
    crop_by_box,
    crop_by_landmarks,
    judge_quality,
    read_cut_out,
)

# Pictures to learn from have FER2013's own size or more.
_LIMITS = replace(DEFAULT_LIMITS, size_px=float(QUALITY_PX))
_REMEMBERED_LOOKS = 2.5  # a face may be missed in two looks and is still the same
_LEAST_MEMORY_S = 2.0
_STAYS_ABOVE = 0.5  # somebody else takes over when they show twice the area


@dataclass(frozen=True, eq=False)
class CutFace:
    """One usable face.

    Attributes:
        pixels: uint8 `(size, size)`, grey.
        confidence: the detector's, in [0, 1]; 1 where the landmarker alone found the face.
        quality: usable, with the measurements behind it.
        pose: where the head points.
    """

    pixels: NDArray[np.uint8]
    confidence: float
    quality: FaceQuality
    pose: HeadPose


class MainFace:
    """Finds the main face of each frame: the largest, but whoever was it stays it for as long as
    nobody shows twice the area. A passer-by does not take over an interview.

    Not thread-safe; one for each job, `reset` between clips.

    Args:
        detector: finds faces of any size.
        landmarker: reads one cut-out face; also looks itself where the detector finds nobody.
        size_px: side of the pictures.
        every_s: seconds between two looks.
    """

    def __init__(
        self, detector: FaceDetector, landmarker: FaceLandmarker, *, size_px: int, every_s: float
    ) -> None:
        self._detector = detector
        self._landmarker = landmarker
        self._size_px = size_px
        self._tracker = OverlapTracker(
            keeps_for_s=max(_LEAST_MEMORY_S, _REMEMBERED_LOOKS * every_s)
        )
        self._number: int | None = None

    def reset(self) -> None:
        """Forget everybody, before another clip."""
        self._tracker.reset()
        self._number = None

    def look(self, frame: Frame) -> CutFace | RejectReason:
        """The main face of this frame, or why there is none to use."""
        faces = self._detector.detect(frame)
        if not faces:
            near = self._landmarker.read(frame.rgb)
            faces = [Face(landmarks.box, 1.0) for landmarks in near]
            if not faces:
                return RejectReason.NO_FACE
        face = self._main_of(self._tracker.update(faces, frame.time_s))
        return self._cut(frame, face)

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
            stays = face.box.area_px >= _STAYS_ABOVE * largest.box.area_px
            if face.track_id == self._number and stays:
                return face
        self._number = largest.track_id
        return largest

    def _cut(self, frame: Frame, face: Face) -> CutFace | RejectReason:
        landmarks = read_cut_out(self._landmarker, frame.rgb, face)
        if landmarks is None:
            crop = crop_by_box(frame.rgb, face.box, size_px=self._size_px)
        else:
            crop = crop_by_landmarks(frame.rgb, landmarks.eyes_and_mouth, size_px=self._size_px)
        pose = None if landmarks is None else landmarks.pose
        quality = judge_quality(
            crop,
            FoundFace(face.confidence, face.box.size_px, pose, marked=landmarks is not None),
            limits=_LIMITS,
        )
        if quality.reason is not None:
            return quality.reason
        if pose is None:
            return RejectReason.TURNED_AWAY
        pixels = np.rint(np.clip(crop, 0.0, 1.0) * 255).astype(np.uint8)
        return CutFace(pixels, face.confidence, quality, pose)


def open_main_face(settings: Settings, *, size_px: int, every_s: float) -> MainFace:
    """With the real eyes.

    Raises:
        AssetError: set-up is not complete.
    """
    return MainFace(
        CenterFaceDetector(path_of(settings.assets_dir, DETECTOR)),
        FaceLandmarker(path_of(settings.assets_dir, LANDMARKER), faces=1, follows=False),
        size_px=size_px,
        every_s=every_s,
    )
