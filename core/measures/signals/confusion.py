"""Confusion candidates: brows lowered or lids tightened for two seconds while facing the screen.

A marker for the person to confirm or reject: bright light, effort and habit look the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain import Timeline
from core.measures.calibration import Calibration, own_z
from core.measures.population import resting_of
from core.measures.signals.facing import measure_facing
from core.measures.windows import Windows, where_usable

Floats = NDArray[np.float64]

WINDOW_S = 2.0
ABOVE_SPREADS = 3.0
"""Own spreads above the own median: the face at rest itself is rarely over three."""

LEAST_FACING = 0.9
"""Share of the window: a pose that is wrong for a frame does not end a candidate."""

BROWS = ("browDownLeft", "browDownRight")
LIDS = ("eyeSquintLeft", "eyeSquintRight")


@dataclass(frozen=True, eq=False)
class ConfusionColumns:
    """Candidates in the two seconds before each row; each float64 `(n,)`.

    NaN where under 60 % of the window was usable, or the face at rest is not known.

    Attributes:
        is_candidate: 1 where brows or lids are over `ABOVE_SPREADS` while facing, 0 where not.
        brow: lowering of the brows, in own spreads above the own median.
        lid: tightening of the lids, likewise.
        facing: share of the window facing the screen.
    """

    is_candidate: Floats
    brow: Floats
    lid: Floats
    facing: Floats


def measure_confusion(timeline: Timeline, calibration: Calibration | None) -> ConfusionColumns:
    """Confusion candidates of one face.

    Args:
        timeline: the rows of one face.
        calibration: of the person; without a face at rest nothing is measured.
    """
    if calibration is None or not calibration.rest:
        nothing = np.full(len(timeline), np.nan)
        return ConfusionColumns(nothing, nothing, nothing, nothing)
    windows = Windows.before_rows(timeline, WINDOW_S)
    z = own_z(timeline.blendshapes, (*BROWS, *LIDS), resting_of(calibration))
    brow, lid = (
        windows.mean(where_usable(timeline, both.mean(axis=1))) for both in (z[:, :2], z[:, 2:])
    )
    ahead = windows.mean(where_usable(timeline, measure_facing(timeline, calibration).now))
    is_known = np.isfinite(brow) & np.isfinite(lid) & np.isfinite(ahead)
    is_candidate = (np.maximum(brow, lid) >= ABOVE_SPREADS) & (ahead >= LEAST_FACING)
    columns = (is_candidate.astype(np.float64), brow, lid, ahead)
    return ConfusionColumns(*(np.where(is_known, one, np.nan) for one in columns))
