"""What is measured of a face, and its observation: the same for every way that faces are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.domain import (
    Box,
    EmotionScores,
    Face,
    FaceQuality,
    HeadPose,
    Observation,
    rounded_blendshapes,
)
from core.vision.contracts import FaceTracker
from core.vision.recognition.score_smoother import ScoreSmoother

_TRACKING_WIDTH_PX = 640.0


@dataclass(frozen=True, eq=False)
class FaceSignals:
    """What landmarks say of a face.

    Attributes:
        eyes_open: 0 (closed) to 1 (open), both eyes together.
        blendshapes: float32, shape `(52,)`, each in [0, 1], in the order of `BLENDSHAPES`.
        lip_gap: between the inner lips, as a fraction of the face's height; 0 or more.
    """

    eyes_open: float
    blendshapes: NDArray[np.float32]
    lip_gap: float


@dataclass(frozen=True, eq=False)
class MeasuredFace:
    """One numbered face of a frame, before its expression is recognised.

    Attributes:
        face: with its number, and where it is.
        track_id: the number.
        pose: None where it is unknown.
        quality: usable or not, and why.
        signals: None without landmarks.
    """

    face: Face
    track_id: int
    pose: HeadPose | None
    quality: FaceQuality
    signals: FaceSignals | None

    def observed(
        self,
        time_s: float,
        frame_index: int,
        scores: EmotionScores | None,
        smoother: ScoreSmoother,
    ) -> Observation:
        """The observation of this face, its scores smoothed.

        Args:
            time_s, frame_index: of the frame.
            scores: calibrated; None where the face is not usable.
            smoother: of the stream; updated.
        """
        steady = None if scores is None else smoother.update(self.track_id, time_s, scores)
        signals = self.signals
        return Observation(
            time_s=time_s,
            frame_index=frame_index,
            track_id=self.track_id,
            was_id=self.face.was_id,
            box=self.face.box,
            confidence=self.face.confidence,
            quality=self.quality,
            scores=scores,
            steady=steady,
            pose=self.pose,
            eyes_open=None if signals is None else signals.eyes_open,
            blendshapes=None if signals is None else rounded_blendshapes(signals.blendshapes),
            lip_gap=None if signals is None else signals.lip_gap,
        )


def numbered(
    tracker: FaceTracker,
    faces: Sequence[Face],
    time_s: float,
    *,
    width_px: float,
) -> list[Face]:
    """Faces with their numbers.

    The tracker gets boxes scaled to one frame width: WebRTC changes the resolution with the
    bandwidth.

    Args:
        tracker: of the stream; updated.
        time_s: of the frame.
        width_px: of the frame.
    """
    if width_px == _TRACKING_WIDTH_PX:
        return tracker.update(faces, time_s)
    scale = _TRACKING_WIDTH_PX / width_px
    same_width = [replace(face, box=_scaled(face.box, scale)) for face in faces]
    return [
        replace(face, track_id=other.track_id, was_id=other.was_id)
        for face, other in zip(faces, tracker.update(same_width, time_s), strict=True)
    ]


def _scaled(box: Box, by: float) -> Box:
    return Box(box.left * by, box.top * by, box.right * by, box.bottom * by)
