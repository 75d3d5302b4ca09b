"""Expressiveness: how much a face moves above its resting baseline, in windows of ten seconds.

The activity of a second is the mean over the counted blendshapes of `max(0, shape - own median) /
own range`; while the person speaks, of brows and eyes alone. Each second is reserved, balanced or
expressive, by terciles of the person's own last ten minutes ("own baseline"); in the first minute
by terciles of our norm ("not calibrated"). Its percentile is the share of those own earlier
seconds that are below it. The median is that of the calibration where there is
one. A window has the share of its seconds at each level. Everything is causal and derived from
stored rows: live and afterwards the numbers are the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from core.domain import EXPRESSIVENESS3, FacialMovement, Timeline
from core.measures.calibration import Calibration
from core.measures.durations import seconds_of_rows
from core.measures.signals.expressiveness_meter import (
    JAW,
    NO_SECOND,
    ExpressivenessMeter,
    Second,
    second_of,
)
from core.measures.signals.expressiveness_norm import COUNTED, COUNTED_AT

NOBODY: Mapping[int, Calibration] = MappingProxyType({})


def at_rest_of(calibration: Calibration | None) -> NDArray[np.float64] | None:
    """The counted shapes of a calibrated face at rest, float64 `(32,)`; None without them."""
    if calibration is None or not calibration.rest:
        return None
    medians = {shape.name: shape.median for shape in calibration.rest}
    return np.array([medians[name] for name in COUNTED])


@dataclass(frozen=True, eq=False)
class ExpressivenessColumns:
    """One value per row, from the ten seconds before the row's own second.

    Attributes:
        mean, sd: float64 `(n,)`, activity and its standard deviation; NaN where too little was
            usable.
        upper: of brows and eyes alone; NaN likewise.
        lower: of jaw and mouth in seconds without speech; NaN also where there is none.
        shares: float64 `(n, 3)`, of the seconds at each level of `EXPRESSIVENESS3`; NaN likewise.
        percentile: where the seconds stand among the face's own earlier ones, in [0, 1]; NaN also
            until enough of them are known.
        is_own: bool `(n,)`, whether compared with the face's own rest or history.
    """

    mean: NDArray[np.float64]
    sd: NDArray[np.float64]
    upper: NDArray[np.float64]
    lower: NDArray[np.float64]
    shares: NDArray[np.float64]
    percentile: NDArray[np.float64]
    is_own: NDArray[np.bool_]

    @property
    def active(self) -> NDArray[np.float64]:
        """Float64 `(n,)`: share of the seconds that are not reserved; NaN likewise."""
        return np.asarray(1.0 - self.shares[:, 0])

    @property
    def levels(self) -> NDArray[np.str_]:
        """Str `(n,)`: the most frequent level of the seconds, the first of ties; or empty."""
        names = np.array([*EXPRESSIVENESS3.labels, ""])
        most = np.nan_to_num(self.shares).argmax(axis=1)
        return np.asarray(names[np.where(np.isnan(self.mean), len(EXPRESSIVENESS3), most)])


def measure_expressiveness(
    timeline: Timeline, calibration: Calibration | None
) -> ExpressivenessColumns:
    """The expressiveness of one face, from its first row on."""
    of_everybody = {} if calibration is None else dict.fromkeys(timeline.face_ids, calibration)
    return expressiveness(timeline, of_everybody)


def expressiveness(
    timeline: Timeline, calibrations: Mapping[int, Calibration] = NOBODY
) -> ExpressivenessColumns:
    """Expressiveness of every row of a whole session; an excerpt lacks the history before it.

    Args:
        timeline: rows of all faces.
        calibrations: by numbers of faces.
    """
    rows = len(timeline)
    found = ExpressivenessColumns(
        mean=np.full(rows, np.nan),
        sd=np.full(rows, np.nan),
        upper=np.full(rows, np.nan),
        lower=np.full(rows, np.nan),
        shares=np.full((rows, len(EXPRESSIVENESS3)), np.nan),
        percentile=np.full(rows, np.nan),
        is_own=np.zeros(rows, dtype=np.bool_),
    )
    seconds = np.floor(timeline.time_s).astype(np.int64)
    durations_s = seconds_of_rows(timeline)
    for face_id in timeline.face_ids:
        own = np.flatnonzero(timeline.face_id == face_id)
        at = int(seconds[own[0]])
        meter = ExpressivenessMeter(at, at_rest_of(calibrations.get(face_id)))
        seconds_of_face = seconds_of(timeline, own, durations_s)
        starts = np.flatnonzero(np.append(True, np.diff(seconds[own]) > 0))
        for start, end in zip(starts, [*starts[1:], len(own)], strict=True):
            for second in range(at, int(seconds[own[start]])):
                meter.add(seconds_of_face.get(second, NO_SECOND))
            at = int(seconds[own[start]])
            _fill(found, own[start:end], meter.reading())
    return found


def seconds_of(
    timeline: Timeline, own: NDArray[np.intp], durations_s: NDArray[np.float64]
) -> dict[int, Second]:
    """The seconds in which a face was usable.

    Args:
        own: its rows.
        durations_s: float64 `(n,)`, of all rows.
    """
    shapes = timeline.blendshapes[own][:, COUNTED_AT].astype(np.float64)
    counts = timeline.usable[own] & ~np.isnan(shapes[:, 0])
    shapes, weights = shapes[counts], durations_s[own][counts]
    names, indices = np.unique(
        np.floor(timeline.time_s[own][counts]).astype(np.int64), return_inverse=True
    )
    columns = [np.bincount(indices, weights * column, len(names)) for column in shapes.T]
    sums = np.stack(columns, axis=1)
    squares = np.bincount(indices, weights * shapes[:, JAW] ** 2, len(names))
    totals = np.bincount(indices, weights, len(names))
    return {
        int(name): second_of(float(totals[k]), sums[k], float(squares[k]))
        for k, name in enumerate(names)
    }


def _fill(
    found: ExpressivenessColumns, rows: NDArray[np.intp], reading: FacialMovement | None
) -> None:
    if reading is not None:
        found.mean[rows], found.sd[rows] = reading.mean, reading.sd
        found.upper[rows] = reading.upper
        found.lower[rows] = np.nan if reading.lower is None else reading.lower
        found.shares[rows] = reading.shares
        found.percentile[rows] = np.nan if reading.percentile is None else reading.percentile
        found.is_own[rows] = reading.is_own
