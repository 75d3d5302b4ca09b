"""The concentration index of Sharma et al. (preprint, arXiv 1909.12913), for comparison only.

Emotion weight times gaze weight, over 4.5, with the authors' weights. They read the direction of
the gaze; here the head's direction stands for it. Contradictory thresholds are in use: none is
applied.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain import FER7, Timeline
from core.measures.calibration import Calibration
from core.measures.signals.eyes import measure_eyes
from core.measures.signals.facing import measure_facing
from core.measures.windows import where_usable

Floats = NDArray[np.float64]

EMOTION_WEIGHTS = {
    "neutral": 0.9,
    "happy": 0.6,
    "surprise": 0.6,
    "sad": 0.3,
    "fear": 0.3,
    "angry": 0.25,
    "disgust": 0.2,
}
GAZE_CENTRE, GAZE_ELSEWHERE, GAZE_HALF_OPEN, GAZE_CLOSED = 5.0, 2.0, 1.5, 0.0
LARGEST_PRODUCT = 4.5

HALF_OPEN_FROM, CLOSED_FROM = 0.5, 0.8
"""Closure of the lids; the authors' limits are those of another measure of the eyes."""


@dataclass(frozen=True, eq=False)
class ConcentrationColumns:
    """The index of each row and its factors; each float64 `(n,)`.

    NaN where a face was not usable, its eyes or pose were not measured, or the model does not
    recognise the seven expressions.

    Attributes:
        index: 0 to 100.
        emotion_weight: of the expression with the highest score.
        gaze_weight: of head and lids.
    """

    index: Floats
    emotion_weight: Floats
    gaze_weight: Floats


def measure_concentration(
    timeline: Timeline, calibration: Calibration | None
) -> ConcentrationColumns:
    """The published concentration index of one face.

    Args:
        timeline: the rows of one face, with the model's own scores.
        calibration: of the person; None for 25 degrees and the eyes of still faces.
    """
    emotion = _emotion_weights(timeline)
    closure = measure_eyes(timeline, calibration).closure
    ahead = measure_facing(timeline, calibration).now
    gaze = np.where(ahead > 0, GAZE_CENTRE, GAZE_ELSEWHERE)
    gaze = np.where(closure >= HALF_OPEN_FROM, GAZE_HALF_OPEN, gaze)
    gaze = np.where(closure >= CLOSED_FROM, GAZE_CLOSED, gaze)
    gaze = where_usable(timeline, np.where(np.isnan(closure) | np.isnan(ahead), np.nan, gaze))
    return ConcentrationColumns(100.0 * emotion * gaze / LARGEST_PRODUCT, emotion, gaze)


def _emotion_weights(timeline: Timeline) -> Floats:
    is_known = timeline.usable & ~np.isnan(timeline.steady).any(axis=1)
    if timeline.scheme.labels != FER7.labels or not is_known.any():
        return np.full(len(timeline), np.nan)
    weights = np.array([EMOTION_WEIGHTS[label] for label in FER7.labels])
    top = np.nan_to_num(timeline.steady, nan=0.0).argmax(axis=1)
    return np.where(is_known, weights[top], np.nan)
