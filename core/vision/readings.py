"""Faces that were read elsewhere, as in a visitor's browser: from what was read to observations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain import (
    FER7,
    Box,
    EmotionScores,
    Face,
    HeadPose,
    LabelScheme,
    ModelCard,
    Observation,
)
from core.models import scores_from_outputs
from core.vision.faces.close_up import number_of
from core.vision.faces.inverted import UprightCheck
from core.vision.faces.landmarker import eyes_open_from
from core.vision.faces.quality import DetectedFace, quality_from
from core.vision.faces.tracker import CONFIRMED_HITS, OverlapTracker
from core.vision.measured_face import FaceSignals, MeasuredFace, numbered
from core.vision.recognition.score_smoother import ScoreSmoother


@dataclass(frozen=True, eq=False)
class FaceReading:
    """What a landmarker and a model gave for one face; nothing is derived yet.

    Attributes:
        box: tight around all landmarks, in pixels of the frame.
        confidence: the detector's, in [0, 1].
        pose: head pose.
        blendshapes: float32, shape `(52,)`, each in [0, 1], in the order of `BLENDSHAPES`; None
            where they are not shared.
        lip_gap: between the inner lips, as a fraction of the face's height; 0 or more.
        brightness: mean of the grey crop at `QUALITY_PX`, in [0, 1].
        sharpness: of the same crop, as `vision.faces.quality.sharpness` measures it.
        outputs: float32, shape `(k,)`, the model's raw outputs; None where it was not asked.
    """

    box: Box
    confidence: float
    pose: HeadPose
    blendshapes: NDArray[np.float32] | None
    lip_gap: float
    brightness: float
    sharpness: float
    outputs: NDArray[np.float32] | None


@dataclass(frozen=True, eq=False)
class FrameReading:
    """The faces that were read in one frame, perhaps none.

    Attributes:
        time_s: by the reader's clock, from any zero; ascending.
        frame_index: number of the frame in its source, ascending; frames between were not read.
        width_px: of the frame.
        latency_ms: how long reading took.
        faces: in any order.
        late_s: how long it was under way, beyond what is usual: it may be of a pause that is over.
    """

    time_s: float
    frame_index: int
    width_px: int
    latency_ms: float
    faces: tuple[FaceReading, ...]
    late_s: float = 0.0


class ReadingAnalyser:
    """Tracks, assesses quality, calibrates and smooths what was read elsewhere, by the functions of
    `FaceAnalyser`.

    Without pictures there is neither the detector of small faces nor a comparison of appearances:
    far faces are not found, and a face that was away for more than two seconds is somebody new.

    Not thread-safe: one for each stream.

    Args:
        card: of the model that was asked; it says how its outputs become scores. None where none
            is: then there are no scores.
    """

    def __init__(self, card: ModelCard | None) -> None:
        self._card = card
        self._tracker = OverlapTracker(min_hits=CONFIRMED_HITS)
        self._smoother = ScoreSmoother()
        self._upright_check = UprightCheck()

    @property
    def scheme(self) -> LabelScheme:
        """The labels of the scores it gives; those of FER2013 where it gives none."""
        return FER7 if self._card is None else self._card.scheme

    def reset(self) -> None:
        """Forget all faces, as at the start of a session."""
        self._tracker.reset()
        self._smoother.reset()
        self._upright_check.reset()

    def resume(self) -> None:
        """Resume after a pause: faces keep their numbers."""
        self._smoother.reset()

    def close(self) -> None:
        """There is nothing to free."""

    def analyse(self, reading: FrameReading, time_s: float, index: int) -> tuple[Observation, ...]:
        """Every face of a frame, ordered by track_id: tentative ones first.

        Args:
            time_s: seconds since the source began; must not decrease.
            index: number of the frame in its source.
        Raises:
            DamagedModel: the outputs do not match the model's card.
        """
        faces = [Face(one.box, one.confidence) for one in reading.faces]
        known = numbered(self._tracker, faces, time_s, width_px=reading.width_px)
        for face in known:
            if face.was_id is not None:
                self._upright_check.rename(face.was_id, number_of(face))
                self._smoother.rename(face.was_id, number_of(face))
        # A low-confidence detection that matches no track is no face.
        found = [
            (_measured(self._upright_check, face, read, time_s), read)
            for face, read in zip(known, reading.faces, strict=True)
            if face.track_id is not None
        ]
        scores = self._scores(found)
        self._smoother.forget_before(time_s)
        return tuple(
            one.observed(time_s, index, scores.get(one.track_id), self._smoother)
            for one, _ in sorted(found, key=lambda pair: pair[0].track_id)
        )

    def _scores(
        self, found: Sequence[tuple[MeasuredFace, FaceReading]]
    ) -> dict[int, EmotionScores]:
        """Number of each usable face that the model was asked about -> calibrated scores."""
        outputs = {
            one.track_id: read.outputs
            for one, read in found
            if one.quality.usable and read.outputs is not None
        }
        if not outputs or self._card is None:
            return {}
        rows = scores_from_outputs(np.stack(list(outputs.values())), self._card)
        return {
            number: EmotionScores(self.scheme, row.astype(np.float32))
            for number, row in zip(outputs, rows, strict=True)
        }


def _measured(check: UprightCheck, face: Face, read: FaceReading, time_s: float) -> MeasuredFace:
    pose, upright = check.resolve(face, read, time_s)
    quality = quality_from(
        DetectedFace(
            confidence=read.confidence,
            face_px=read.box.size_px,
            pose=pose,
            has_landmarks=upright is not None,
        ),
        brightness=read.brightness,
        sharpness=read.sharpness,
    )
    signals = None
    if upright is not None and read.blendshapes is not None:
        signals = FaceSignals(eyes_open_from(read.blendshapes), read.blendshapes, read.lip_gap)
    return MeasuredFace(face, number_of(face), pose, quality, signals)
