"""Eyes: how far the lids are closed, and PERCLOS, the share of time with closed eyes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain import BLENDSHAPES, Timeline
from core.measures.calibration import Calibration
from core.measures.population import eyes_of
from core.measures.windows import Windows

WINDOW_S = 60.0
CLOSED_AT = 0.8
"""Lids at least 80 % closed count as closed (P80: Wierwille et al. 1994)."""

LOOKS_DOWN_AT = 0.6
"""Eyes that look down further than this look closed to the landmarker."""

_LOOK_DOWN = [BLENDSHAPES.index("eyeLookDownLeft"), BLENDSHAPES.index("eyeLookDownRight")]


@dataclass(frozen=True, eq=False)
class EyesColumns:
    """See `core.measures.face_measures.EYES`; each float64 `(n,)`."""

    perclos: NDArray[np.float64]
    closure: NDArray[np.float64]
    is_open: NDArray[np.float64]


def measure_eyes(timeline: Timeline, calibration: Calibration | None) -> EyesColumns:
    """The eyes of one face. Rows without blendshapes have no direction of gaze: all count."""
    closure = lids_closed(timeline.eyes_open, timeline.blendshapes, timeline.usable, calibration)
    is_open = open_eyes(closure)
    return EyesColumns(
        perclos=Windows.before_rows(timeline, WINDOW_S).mean(1.0 - is_open),
        closure=closure,
        is_open=is_open,
    )


def lids_closed(
    eyes_open: NDArray[np.float64],
    blendshapes: NDArray[np.float32],
    usable: NDArray[np.bool_],
    calibration: Calibration | None,
) -> NDArray[np.float64]:
    """How far the lids are closed in each row, float64 `(n,)`, 0 to 1; NaN where the face is not
    usable, or looks down. The columns are those of a `Timeline`.
    """
    eyes = eyes_of(calibration)
    raw = np.clip((eyes.open - eyes_open) / (eyes.open - eyes.closed), 0.0, 1.0)
    looks_down = blendshapes[:, _LOOK_DOWN].mean(axis=1) > LOOKS_DOWN_AT
    return np.where(usable & ~looks_down, raw, np.nan)


def open_eyes(closure: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 where the eyes are open, 0 where not, NaN where `lids_closed` is."""
    return np.where(np.isnan(closure), np.nan, closure < CLOSED_AT)
