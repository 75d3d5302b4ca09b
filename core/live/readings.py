"""What the live page shows of a face's measures: the newest values and the trend of a minute."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain import NO_FACE_ID, Timeline
from core.domain.counted import percent
from core.live.recent_rows import MeasuredRows
from core.measures import (
    ENOUGH_OF_WINDOW,
    MAX_GAP_S,
    MEASURES,
    NOT_CALIBRATED,
    OWN_BASELINE,
    Calibration,
    Measure,
    Part,
    with_absences,
)

SHOWN_LIVE: Mapping[str, float] = {
    "facing": 1.0,
    "eyes": 0.5,
    "expressiveness": 0.5,
    "tension": 3.0,
}
"""Ids of the measures that the live page shows -> what their trend's axis reaches at least."""

EXPRESSIVENESS_ID = "expressiveness"
"""Measured while the session runs: it rests on more minutes than are kept here."""

TREND_S = 60
"""Length of a trend in seconds: one value for each second, and the newest."""

NOT_MEASURED = "not measured"

Floats = NDArray[np.float64]

_AS_PERCENT = frozenset({"fraction", "ranges"})


@dataclass(frozen=True, eq=False)
class MeasureReading:
    """One measure of one face now.

    Attributes:
        measure: with its definition and its limits.
        value: of its first part; None where it is not measured now.
        trend: float64 `(TREND_S + 1,)`, of the last minute, oldest first; NaN where not measured.
        basis: what it is compared with, where that has to be said: "not calibrated", or "own
            baseline"; empty otherwise.
    """

    measure: Measure
    value: float | None
    trend: NDArray[np.float64]
    basis: str

    @property
    def part(self) -> Part:
        """The number that is shown."""
        return self.measure.parts[0]

    @property
    def text(self) -> str:
        """The value as text, with its unit."""
        if self.value is None:
            return NOT_MEASURED
        if self.part.unit in _AS_PERCENT:
            return percent(self.value)
        return f"{self.value:.1f} {self.part.unit}".rstrip()

    @property
    def caption(self) -> str:
        """What the number is, what it needs where it is not measured, and on what it rests."""
        return ", ".join(filter(None, (self.part.meaning, self._needs, self.basis)))

    @property
    def _needs(self) -> str:
        if self.value is not None or self.measure.window_s is None:
            return ""
        return f"needs {ENOUGH_OF_WINDOW * self.measure.window_s:.0f} s of a usable face"

    @property
    def help(self) -> str:
        """Its definition, and what it cannot tell."""
        return f"{self.measure.definition} {self.measure.limits}"

    @property
    def scale(self) -> tuple[float, float]:
        """Ends of the trend's axis: 0 and a usual value, or what the trend reaches beyond."""
        known = self.trend[~np.isnan(self.trend)]
        return float(min((0.0, *known))), float(max((SHOWN_LIVE[self.measure.id], *known)))


def read_measures(
    rows: MeasuredRows, face_id: int, now_s: float, calibration: Calibration | None = None
) -> tuple[MeasureReading, ...]:
    """The measures of one face that the live page shows.

    Args:
        rows: of all faces.
        now_s: session time; what ended more than `MAX_GAP_S` before it is not measured now.
        calibration: the person's own values; None where there are none.
    """
    face = with_absences(rows.timeline, face_id)
    own = rows.timeline.face_id == face_id
    movement = (rows.timeline.time_s[own], rows.activity[own])
    has_baseline = bool(rows.has_baseline[own][-1:].any())
    readings = []
    for name in SHOWN_LIVE:
        measure = MEASURES[name]
        is_movement = name == EXPRESSIVENESS_ID
        times_s, values = movement if is_movement else _computed(measure, face, calibration)
        basis = "" if measure.is_calibrated(calibration) else NOT_CALIBRATED
        if basis and is_movement and has_baseline:
            basis = OWN_BASELINE
        readings.append(_reading(measure, _at(now_s, times_s, values), basis))
    return tuple(readings)


def _reading(measure: Measure, trend: Floats, basis: str) -> MeasureReading:
    newest = float(trend[-1])
    return MeasureReading(measure, None if np.isnan(newest) else newest, trend, basis)


def _computed(
    measure: Measure, face: Timeline, calibration: Calibration | None
) -> tuple[Floats, Floats]:
    """Times of the face's rows, and the measure's first part in each."""
    own = face.face_id != NO_FACE_ID
    if measure.compute is None or not own.any():
        return np.zeros(0), np.zeros(0)
    columns = measure.compute(face, calibration)
    return face.time_s[own], np.asarray(getattr(columns, measure.parts[0].name))[own]


def _at(now_s: float, times_s: Floats, values: Floats) -> Floats:
    """The value at each second of the trend; NaN where none began within `MAX_GAP_S` before."""
    grid_s = now_s - np.arange(TREND_S, -1, -1, dtype=np.float64)
    found = np.full(len(grid_s), np.nan)
    if len(times_s):
        row = np.searchsorted(times_s, grid_s, side="right") - 1
        holds = (row >= 0) & (grid_s - times_s[row] <= MAX_GAP_S)
        found[holds] = values[row[holds]]
    return found
