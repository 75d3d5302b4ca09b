"""Analyses a frame. No thread, no clock, no file: time comes with the frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.domain import (
    QUALITY_PX,
    Face,
    Frame,
    Interpolation,
    LabelScheme,
    ModelInput,
    Observation,
)
from core.vision.contracts import EmotionRecognizer, FaceDetector, FaceTracker
from core.vision.faces.appearance import appearance_of
from core.vision.faces.close_up import FarFaceLandmarks, number_of
from core.vision.faces.crop import FaceCrop, crop_by_box, crop_by_landmarks
from core.vision.faces.inverted import UprightCheck
from core.vision.faces.landmarker import FaceLandmarker, FaceLandmarks
from core.vision.faces.quality import DetectedFace, assess_quality
from core.vision.faces.schedule import DEFAULT_SCHEDULE, Schedule
from core.vision.faces.tracker import HIGH_CONFIDENCE
from core.vision.measured_face import FaceSignals, MeasuredFace, numbered
from core.vision.recognition.score_smoother import ScoreSmoother

_APPEARANCE_S = 0.2  # a tenth of the tracker's `max_gap_s`
_MIN_LANDMARKS_PX = 16.0  # the landmarker finds nothing in smaller faces


@dataclass(frozen=True)
class FaceModels:
    """The detector and the landmarkers.

    Attributes:
        near: follows large faces from frame to frame.
        close_up: reads one cropped face, without following it.
        detector: finds small and many faces.
    """

    near: FaceLandmarker
    close_up: FaceLandmarker
    detector: FaceDetector


@dataclass(frozen=True, eq=False)
class _CroppedFace:
    """One face of this frame, and its picture for the model."""

    measured: MeasuredFace
    crop: NDArray[np.float32]


class FaceAnalyser:
    """Detects, tracks, crops, assesses quality, recognises in one batch, smooths.

    Near faces are read in every frame by a landmarker that follows them. Far or many faces are
    found by the detector; while there are any it runs on every frame, else once a second, and their
    landmarks are read in turns. The result depends on frames and their times only, so the same
    frames give the same observations, live or from a file.

    Not thread-safe: one for each stream. The recogniser may be shared.

    Args:
        models: landmarkers and detector; closed with the analyser.
        recognizer: recognises expressions.
        tracker: numbers the faces.
        smoother: smooths the scores.
        schedule: how often the slower models run.
    """

    def __init__(
        self,
        models: FaceModels,
        recognizer: EmotionRecognizer,
        *,
        tracker: FaceTracker,
        smoother: ScoreSmoother,
        schedule: Schedule = DEFAULT_SCHEDULE,
    ) -> None:
        self._models = models
        self._recognizer = recognizer
        self._tracker = tracker
        self._smoother = smoother
        self._schedule = schedule
        self._far_landmarks = FarFaceLandmarks(models.close_up, schedule)
        self._upright_check = UprightCheck()
        self._crop = FaceCrop(recognizer.input)
        # Most models read the picture whose quality is assessed: then it is cropped once.
        quality_input = replace(recognizer.input, interpolation=Interpolation.CUBIC)
        self._shares_quality_crop = quality_input == ModelInput(QUALITY_PX)
        self.reset()

    @property
    def scheme(self) -> LabelScheme:
        """The labels of the scores it gives."""
        return self._recognizer.scheme

    def reset(self) -> None:
        """Forget all faces, as at the start of a session."""
        self._tracker.reset()
        self._smoother.reset()
        self._far_landmarks.reset()
        self._upright_check.reset()
        self._last_s: float | None = None
        self._detected_s: float | None = None
        self._appearance_s: float | None = None
        self._appearance_count = 0
        self._has_far_faces = False

    def resume(self) -> None:
        """Resume after a pause: faces keep their numbers, and are read again."""
        self._smoother.reset()
        self._far_landmarks.reset()
        self._detected_s = None

    def close(self) -> None:
        """Free native memory; idempotent."""
        self._models.near.close()
        self._models.close_up.close()

    def near_faces(self, frame: Frame) -> list[FaceLandmarks]:
        """The first step of `analyse`, for callers that overlap it with the others: it depends on
        none of them. Call it once for each frame, in order, on one thread.
        """
        return self._models.near.read(frame.rgb, frame.time_s)

    def analyse(
        self, frame: Frame, near: Sequence[FaceLandmarks] | None = None
    ) -> tuple[Observation, ...]:
        """Every face of this frame, ordered by track_id: tentative ones first.

        Args:
            near: what `near_faces` gave for this frame; None calls it.
        Raises:
            ValueError: the frame is older than the one before.
        """
        if self._last_s is not None and frame.time_s < self._last_s:
            raise ValueError(
                f"time went back from {self._last_s:.3f} s to {frame.time_s:.3f} s; "
                "reset the analyser between sources"
            )
        self._last_s = frame.time_s
        if near is None:
            near = self.near_faces(frame)
        found = self._detect(frame, any_near=bool(near))
        faces = [Face(landmarks.box, 1.0) for landmarks in near]
        far = [face for face in found or () if not _is_among(face, faces)]
        tracked = self._number([*faces, *far], frame)
        for face in tracked:
            self._rename(face)
        near_landmarks = {
            number_of(face): landmarks
            for face, landmarks in zip(tracked[: len(near)], near, strict=True)
        }
        self._check_upright(frame, near_landmarks, found)
        # A low-confidence detection that matches no track is no face.
        far = [face for face in tracked[len(near) :] if face.track_id is not None]
        if found is not None:
            self._has_far_faces = bool(far)
        known = self._far_face_landmarks(frame, far) | near_landmarks
        measured = [
            self._measure(frame, face, known[number_of(face)])
            for face in [*tracked[: len(near)], *far]
        ]
        return self._observations(frame, sorted(measured, key=lambda one: one.measured.track_id))

    def _number(self, faces: Sequence[Face], frame: Frame) -> list[Face]:
        """Faces with their numbers."""
        with_appearance = [
            replace(face, appearance=appearance)
            for face, appearance in zip(faces, self._appearances(faces, frame), strict=True)
        ]
        return numbered(self._tracker, with_appearance, frame.time_s, width_px=frame.width_px)

    def _rename(self, face: Face) -> None:
        """Move what is stored of a tentative face to its confirmed number."""
        if face.was_id is not None:
            self._far_landmarks.rename(face.was_id, number_of(face))
            self._upright_check.rename(face.was_id, number_of(face))
            self._smoother.rename(face.was_id, number_of(face))

    def _appearances(self, faces: Sequence[Face], frame: Frame) -> list[NDArray[np.float32] | None]:
        """Appearances a few times a second, and whenever the number of faces changes."""
        is_due = self._appearance_s is None or frame.time_s - self._appearance_s >= _APPEARANCE_S
        if not is_due and len(faces) == self._appearance_count:
            return [None] * len(faces)
        self._appearance_s, self._appearance_count = frame.time_s, len(faces)
        return [appearance_of(frame.rgb, face.box) for face in faces]

    def _detect(self, frame: Frame, *, any_near: bool) -> list[Face] | None:
        """All faces that the detector finds; None while it is not due."""
        if self._detected_s is not None and not self._has_far_faces:
            pause_s = (
                self._schedule.detect_every_s if any_near else self._schedule.detect_alone_every_s
            )
            # Six frames of 1/30 s are slightly less than 0.2 s in binary.
            if frame.time_s - self._detected_s < pause_s - 1e-6:
                return None
        self._detected_s = frame.time_s
        return self._models.detector.detect(frame)

    def _check_upright(
        self, frame: Frame, near: dict[int, FaceLandmarks], found: Sequence[Face] | None
    ) -> None:
        """Compare near faces with the detector's points: when it ran, and for new faces."""
        if found is None and self._upright_check.is_due(near):
            found = self._models.detector.detect(frame)
        if found is not None:
            self._upright_check.compare(near, found)
        else:
            self._upright_check.forget_absent(near)

    def _far_face_landmarks(
        self, frame: Frame, faces: Sequence[Face]
    ) -> dict[int, FaceLandmarks | None]:
        """Landmarks of the far faces; None for one that is turned away or too small."""
        # Also of faces too small to be usable: their pose can still be read.
        large_enough = [face for face in faces if face.box.size_px >= _MIN_LANDMARKS_PX]
        missing: dict[int, FaceLandmarks | None] = dict.fromkeys(map(number_of, faces))
        return missing | self._far_landmarks.read(frame, large_enough)

    def _measure(self, frame: Frame, face: Face, landmarks: FaceLandmarks | None) -> _CroppedFace:
        pose, landmarks = self._upright_check.resolve(face, landmarks, frame.time_s)
        eyes_and_mouth = None if landmarks is None else landmarks.eyes_and_mouth
        if eyes_and_mouth is None:
            grey = crop_by_box(frame.rgb, face.box, size_px=QUALITY_PX)
        else:
            grey = crop_by_landmarks(frame.rgb, eyes_and_mouth, size_px=QUALITY_PX)
        crop = grey[..., None]
        # Quality is assessed without the model's own interpolation.
        if not self._shares_quality_crop or self._crop.enlarges(face.box, eyes_and_mouth):
            crop = self._crop.apply(frame.rgb, face.box, eyes_and_mouth)
        quality = assess_quality(
            grey,
            DetectedFace(
                # Landmarks that fit raise the confidence of a detection.
                confidence=max(face.confidence, 0.0 if landmarks is None else HIGH_CONFIDENCE),
                face_px=face.box.size_px,
                pose=pose,
                has_landmarks=landmarks is not None,
            ),
        )
        signals = None
        if landmarks is not None:
            signals = FaceSignals(landmarks.eyes_open, landmarks.blendshapes, landmarks.lip_gap)
        return _CroppedFace(MeasuredFace(face, number_of(face), pose, quality, signals), crop)

    def _observations(self, frame: Frame, faces: Sequence[_CroppedFace]) -> tuple[Observation, ...]:
        usable = [one for one in faces if one.measured.quality.usable]
        crops = [one.crop for one in usable]
        recognised = self._recognizer.recognize(np.stack(crops)) if crops else []
        numbers = (one.measured.track_id for one in usable)
        scores = dict(zip(numbers, recognised, strict=True))
        self._smoother.forget_before(frame.time_s)
        return tuple(
            one.measured.observed(
                frame.time_s, frame.index, scores.get(one.measured.track_id), self._smoother
            )
            for one in faces
        )


def _is_among(face: Face, near: Sequence[Face]) -> bool:
    """Whether a face is among the near ones: the models' boxes differ by chin and forehead."""
    x, y = face.box.center
    return any(
        other.box.overlap(face.box) > 0.2
        or (other.box.left < x < other.box.right and other.box.top < y < other.box.bottom)
        for other in near
    )
