"""Whether the mouth moves. Not whether somebody speaks: no sound is heard."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain import Timeline
from core.measures.calibration import Calibration
from core.measures.windows import Windows, where_usable

WINDOW_S = 3.0
MOVING_AT = 0.01
"""Of the face's height."""

TIMES_REST = 3.0
"""Movement is this many times the own deviation at rest, where that is known."""


@dataclass(frozen=True, eq=False)
class MouthColumns:
    """See `core.measures.face_measures.MOUTH`; each float64 `(n,)`."""

    is_moving: NDArray[np.float64]
    sd: NDArray[np.float64]


def measure_mouth(timeline: Timeline, calibration: Calibration | None) -> MouthColumns:
    """The movement of one mouth."""
    at_rest = None if calibration is None else calibration.lip_gap_sd
    threshold = MOVING_AT if at_rest is None else max(MOVING_AT, TIMES_REST * at_rest)
    sd = Windows.before_rows(timeline, WINDOW_S).sd(where_usable(timeline, timeline.lip_gap))
    return MouthColumns(np.where(np.isnan(sd), np.nan, sd >= threshold), sd)
