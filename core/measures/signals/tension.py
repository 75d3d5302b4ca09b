"""Tension: brows lowered, lips pressed and rolled in, compared with the own calm face."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain import Timeline
from core.measures.calibration import Calibration, own_z
from core.measures.population import resting_of
from core.measures.windows import Windows, where_usable

WINDOW_S = 10.0

_BROW = ("browDownLeft", "browDownRight")
_PRESS = ("mouthPressLeft", "mouthPressRight")
_ROLL = ("mouthRollLower", "mouthRollUpper")


@dataclass(frozen=True, eq=False)
class TensionColumns:
    """See `core.measures.face_measures.TENSION`; each float64 `(n,)`."""

    tension: NDArray[np.float64]
    brow: NDArray[np.float64]
    press: NDArray[np.float64]
    roll: NDArray[np.float64]


def measure_tension(timeline: Timeline, calibration: Calibration | None) -> TensionColumns:
    """The tension of one face, with its parts."""
    windows = Windows.before_rows(timeline, WINDOW_S)
    brow, press, roll = (windows.mean(one) for one in _parts(timeline, calibration))
    return TensionColumns((brow + press + roll) / 3.0, brow, press, roll)


def tension_now(timeline: Timeline, calibration: Calibration | None) -> NDArray[np.float64]:
    """Tension in each row alone, float64 `(n,)`, in SD: for means over whole answers, whose first
    seconds have no window before them. NaN where the face was not usable.
    """
    return np.asarray(np.mean(_parts(timeline, calibration), axis=0))


def _parts(timeline: Timeline, calibration: Calibration | None) -> list[NDArray[np.float64]]:
    resting = resting_of(calibration)
    return [
        where_usable(timeline, own_z(timeline.blendshapes, names, resting).mean(axis=1))
        for names in (_BROW, _PRESS, _ROLL)
    ]
