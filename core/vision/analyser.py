"""From a frame to everybody in it. No thread, no clock, no file: time comes with the frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.domain import (
    QUALITY_PX,
    Box,
    EmotionScores,
    Face,
    FaceQuality,
    Frame,
    HeadPose,
    Interpolation,
    LabelScheme,
    ModelInput,
    Observation,
    rounded_blendshapes,
)
from core.vision.contracts import EmotionRecognizer, FaceDetector, FaceTracker
from core.vision.faces.appearance import appearance_of
from core.vision.faces.close_up import CloseUps, number_of
from core.vision.faces.crop import FaceCrop, crop_by_box, crop_by_landmarks
from core.vision.faces.inverted import UprightCheck
from core.vision.faces.landmarker import FaceLandmarker, FaceLandmarks
from core.vision.faces.quality import FoundFace, judge_quality
from core.vision.faces.schedule import DEFAULT_SCHEDULE, Schedule
from core.vision.faces.tracker import SURE
from core.vision.recognition.score_smoother import ScoreSmoother

_TRACKED_WIDTH_PX = 640.0
_COLOURS_S = 0.2  # a tenth of what the place alone is trusted for
_LOOKED_AT_CLOSELY_PX = 16.0  # smaller faces show the landmarker nothing


@dataclass(frozen=True)
class FaceModels:
    """The three that look.

    Attributes:
        near: follows large faces from frame to frame.
        close_up: reads one cut-out face afresh.
        scout: finds small and many faces.
    """

    near: FaceLandmarker
    close_up: FaceLandmarker
    scout: FaceDetector


@dataclass(frozen=True, eq=False)
class _Judged:
    """One face of this frame, before its expression is known."""

    face: Face
    track_id: int
    landmarks: FaceLandmarks | None
    pose: HeadPose | None
    crop: NDArray[np.float32]
    quality: FaceQuality


class FaceAnalyser:
    """Detect, track, cut out, judge quality, recognise in one batch, smooth.

    Near faces are read in every frame by a landmarker that follows them. Small or many faces are
    found by a second detector; while there are any it looks at every frame, else once a second, and
    the landmarks of its faces are read in turns. What is done depends on frames and their times
    only, so the same frames give the same observations, live or from a file.

    Not thread-safe: one for each stream. The recogniser may be shared.

    Args:
        eyes: landmarkers and detector; closed with the analyser.
        recognizer: judges expressions.
        tracker: gives faces their numbers.
        smoother: steadies the scores.
        schedule: how often the slower eyes look.
    """

    def __init__(
        self,
        eyes: FaceModels,
        recognizer: EmotionRecognizer,
        *,
        tracker: FaceTracker,
        smoother: ScoreSmoother,
        schedule: Schedule = DEFAULT_SCHEDULE,
    ) -> None:
        self._eyes = eyes
        self._recognizer = recognizer
        self._tracker = tracker
        self._smoother = smoother
        self._schedule = schedule
        self._close_ups = CloseUps(eyes.close_up, schedule)
        self._upright = UprightCheck()
        self._cut_out = FaceCrop(recognizer.input)
        # Most models read the very picture whose quality is judged: then it is cut out once.
        wanted = replace(recognizer.input, interpolation=Interpolation.CUBIC)
        self._reads_the_same = wanted == ModelInput(QUALITY_PX)
        self.reset()

    @property
    def scheme(self) -> LabelScheme:
        """The labels of the scores it gives."""
        return self._recognizer.scheme

    def reset(self) -> None:
        """Forget everyone, as at the start of a session."""
        self._tracker.reset()
        self._smoother.reset()
        self._close_ups.reset()
        self._upright.reset()
        self._last_s: float | None = None
        self._scouted_s: float | None = None
        self._coloured_s: float | None = None
        self._coloured = 0
        self._scouts_faces = False

    def resume(self) -> None:
        """Go on after a pause: everybody keeps their number, and is looked at afresh."""
        self._smoother.reset()
        self._close_ups.reset()
        self._scouted_s = None

    def close(self) -> None:
        """Free native memory; idempotent."""
        self._eyes.near.close()
        self._eyes.close_up.close()

    def analyse(self, frame: Frame) -> tuple[Observation, ...]:
        """Everybody seen in this frame, ordered by track_id: tentative ones first.

        Raises:
            ValueError: the frame is older than the one before.
        """
        if self._last_s is not None and frame.time_s < self._last_s:
            raise ValueError(
                f"time went back from {self._last_s:.3f} s to {frame.time_s:.3f} s; "
                "reset the analyser between sources"
            )
        self._last_s = frame.time_s
        near = self._eyes.near.read(frame.rgb, frame.time_s)
        found = self._scout(frame, any_near=bool(near))
        faces = [Face(landmarks.box, 1.0) for landmarks in near]
        far = [face for face in found or () if not _is_among(face, faces)]
        tracked = self._number([*faces, *far], frame)
        for face in tracked:
            self._keep_memories_of(face)
        marked = {
            number_of(face): landmarks
            for face, landmarks in zip(tracked[: len(near)], near, strict=True)
        }
        self._expect_upright(frame, marked, found)
        # What the detector is not sure of, and is nobody known, is no face.
        far = [face for face in tracked[len(near) :] if face.track_id is not None]
        if found is not None:
            self._scouts_faces = bool(far)
        known = self._look_closely(frame, far) | marked
        judged = [
            self._judge(frame, face, known[number_of(face)])
            for face in [*tracked[: len(near)], *far]
        ]
        return self._observations(frame, sorted(judged, key=lambda one: one.track_id))

    def _number(self, faces: Sequence[Face], frame: Frame) -> list[Face]:
        """Faces with their numbers. The tracker sees them as in a frame of one width: a camera that
        changes its resolution, as WebRTC does with the bandwidth, moves nobody.
        """
        scale = _TRACKED_WIDTH_PX / frame.width_px
        same_width = [
            replace(face, box=_scaled(face.box, scale), appearance=look)
            for face, look in zip(faces, self._appearances(faces, frame), strict=True)
        ]
        numbered = self._tracker.update(same_width, frame.time_s)
        return [
            replace(face, track_id=other.track_id, was_id=other.was_id)
            for face, other in zip(faces, numbered, strict=True)
        ]

    def _keep_memories_of(self, face: Face) -> None:
        """A face that is tentative no more is the one that was seen before."""
        if face.was_id is not None:
            self._close_ups.rename(face.was_id, number_of(face))
            self._upright.rename(face.was_id, number_of(face))
            self._smoother.rename(face.was_id, number_of(face))

    def _appearances(self, faces: Sequence[Face], frame: Frame) -> list[NDArray[np.float32] | None]:
        """Everybody's colours a few times a second, and whenever somebody came or went."""
        rested = self._coloured_s is None or frame.time_s - self._coloured_s >= _COLOURS_S
        if not rested and len(faces) == self._coloured:
            return [None] * len(faces)
        self._coloured_s, self._coloured = frame.time_s, len(faces)
        return [appearance_of(frame.rgb, face.box) for face in faces]

    def _scout(self, frame: Frame, *, any_near: bool) -> list[Face] | None:
        """All faces that the second detector finds; None while it is not its turn."""
        if self._scouted_s is not None and not self._scouts_faces:
            pause_s = self._schedule.scout_s if any_near else self._schedule.alone_s
            # Six frames of 1/30 s are a hair less than 0.2 s in binary.
            if frame.time_s - self._scouted_s < pause_s - 1e-6:
                return None
        self._scouted_s = frame.time_s
        return self._eyes.scout.detect(frame)

    def _expect_upright(
        self, frame: Frame, near: dict[int, FaceLandmarks], found: Sequence[Face] | None
    ) -> None:
        """Compare near faces with the detector's points: when it looked, and for newcomers."""
        if found is None and self._upright.is_due(near):
            found = self._eyes.scout.detect(frame)
        if found is not None:
            self._upright.compare(near, found)
        else:
            self._upright.forget_others(near)

    def _look_closely(self, frame: Frame, faces: Sequence[Face]) -> dict[int, FaceLandmarks | None]:
        """Landmarks of the scout's faces; None for one that is turned away or too small."""
        # Also of those too small to be judged: where they face can still be told.
        worth = [face for face in faces if face.box.size_px >= _LOOKED_AT_CLOSELY_PX]
        nothing: dict[int, FaceLandmarks | None] = dict.fromkeys(map(number_of, faces))
        return nothing | self._close_ups.look(frame, worth)

    def _judge(self, frame: Frame, face: Face, landmarks: FaceLandmarks | None) -> _Judged:
        pose, landmarks = self._upright.settle(face, landmarks, frame.time_s)
        places = None if landmarks is None else landmarks.eyes_and_mouth
        if places is None:
            grey = crop_by_box(frame.rgb, face.box, size_px=QUALITY_PX)
        else:
            grey = crop_by_landmarks(frame.rgb, places, size_px=QUALITY_PX)
        crop = grey[..., None]
        # Quality is judged without a model's own manner of enlarging.
        if not self._reads_the_same or self._cut_out.enlarges(face.box, places):
            crop = self._cut_out.cut(frame.rgb, face.box, places)
        quality = judge_quality(
            grey,
            FoundFace(
                # Landmarks that fit make a face sure that the detector is not sure of.
                confidence=face.confidence if landmarks is None else max(SURE, face.confidence),
                face_px=face.box.size_px,
                pose=pose,
                marked=landmarks is not None,
            ),
        )
        return _Judged(face, number_of(face), landmarks, pose, crop, quality)

    def _observations(self, frame: Frame, judged: Sequence[_Judged]) -> tuple[Observation, ...]:
        usable = [one for one in judged if one.quality.usable]
        crops = [one.crop for one in usable]
        answers = self._recognizer.recognize(np.stack(crops)) if crops else []
        scores = dict(zip((one.track_id for one in usable), answers, strict=True))
        self._smoother.forget_before(frame.time_s)
        return tuple(self._observation(frame, one, scores.get(one.track_id)) for one in judged)

    def _observation(self, frame: Frame, one: _Judged, scores: EmotionScores | None) -> Observation:
        steady = None
        if scores is not None:
            steady = self._smoother.update(one.track_id, frame.time_s, scores)
        marks = one.landmarks
        return Observation(
            time_s=frame.time_s,
            frame_index=frame.index,
            track_id=one.track_id,
            was_id=one.face.was_id,
            box=one.face.box,
            confidence=one.face.confidence,
            quality=one.quality,
            scores=scores,
            steady=steady,
            pose=one.pose,
            eyes_open=None if marks is None else marks.eyes_open,
            blendshapes=None if marks is None else rounded_blendshapes(marks.blendshapes),
            lip_gap=None if marks is None else marks.lip_gap,
        )


def _scaled(box: Box, by: float) -> Box:
    return Box(box.left * by, box.top * by, box.right * by, box.bottom * by)


def _is_among(face: Face, near: Sequence[Face]) -> bool:
    """Whether the near eye has this face already: boxes of the two differ by chin and forehead."""
    x, y = face.box.center
    return any(
        other.box.overlap(face.box) > 0.2
        or (other.box.left < x < other.box.right and other.box.top < y < other.box.bottom)
        for other in near
    )
