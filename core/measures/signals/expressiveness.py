"""Expressiveness: how much a face moves above its own rest, in windows of ten seconds.

The activity of a second is the mean over the counted blendshapes of `max(0, shape - own median) /
own range`; while the mouth speaks, of brows and eyes alone. Each second is reserved, balanced or
expressive, by thirds of the person's own last ten minutes ("own baseline"); in the first minute by
thirds of our norm ("not calibrated"). A window tells how its seconds are shared by the levels.
Everything follows from stored rows, and from those before a moment only: live and afterwards the
same numbers come out.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain import EXPRESSIVENESS3, FacialMovement, Timeline
from core.measures.durations import seconds_of_rows
from core.measures.signals.expressiveness_norm import (
    COUNTED,
    COUNTED_AT,
    IS_UPPER,
    Baseline,
    baseline_from,
    norm,
)

VERSION = "1"
WINDOW_S = 10
ENOUGH_S = 6
"""Usable seconds in a window; with fewer it says nothing."""

HISTORY_S = 600
"""A face is compared with its own last ten minutes."""

OWN_AFTER_S = 60
"""Usable seconds of its own before it is; until then with the norm."""

HALF_S = 0.5
"""A second counts as usable when at least so much of it is."""

SPEAKS_S = 3
SPEAKS_SPREAD = 0.05
"""The mouth speaks when the standard deviation of `jawOpen` over three seconds is at least this: it
is 0.001 in a still picture with a camera's noise, and up to 0.03 in smiles that come and go."""

JAW = COUNTED.index("jawOpen")
_REFRESH_S = WINDOW_S  # thirds of ten minutes hardly move within ten seconds

FORGOTTEN_AFTER_S = HISTORY_S + WINDOW_S
"""By then the baseline is made anew from a history without the face."""


@dataclass(frozen=True, eq=False)
class Second:
    """One second of one face.

    Attributes:
        usable_s: how much of it could be judged.
        shapes: float64 `(32,)`, means of the counted shapes over that time.
        jaw_squared: mean square of `jawOpen`.
    """

    usable_s: float
    shapes: NDArray[np.float64]
    jaw_squared: float


NO_SECOND = Second(0.0, np.full(len(COUNTED), np.nan), np.nan)
"""A second in which the face was not seen."""


class ExpressivenessMeter:
    """One face, second by second.

    Args:
        from_s: second of the session in which it was first seen.
    """

    def __init__(self, from_s: int) -> None:
        self._norm = norm().baseline
        self._seconds: deque[Second] = deque(maxlen=FORGOTTEN_AFTER_S)
        self._speaks: deque[bool] = deque(maxlen=FORGOTTEN_AFTER_S)
        self._now_s = self._last_usable_s = from_s
        self._baseline: Baseline = self._norm

    @property
    def is_forgotten(self) -> bool:
        """Whether nothing is left of the face: a new meter would say the same."""
        return self._now_s - self._last_usable_s > FORGOTTEN_AFTER_S

    def close(self, second: Second) -> None:
        """Add the next second."""
        self._seconds.append(second)
        self._speaks.append(_speaks([*self._seconds][-SPEAKS_S:]))
        if second.usable_s >= HALF_S:
            self._last_usable_s = self._now_s
        self._now_s += 1
        if self._now_s % _REFRESH_S == 0:
            self._baseline = self._own_baseline() or self._norm

    def reading(self) -> FacialMovement | None:
        """Of the last ten seconds; None where fewer than six of them could be judged."""
        window = [*self._seconds][-WINDOW_S:]
        usable = np.array([one.usable_s >= HALF_S for one in window], dtype=np.bool_)
        if usable.sum() < ENOUGH_S:
            return None
        shapes = np.stack([one.shapes for one in window])[usable]
        speaks = np.array([*self._speaks][-WINDOW_S:], dtype=np.bool_)[usable]
        return _reading(self._baseline, shapes, speaks)

    def _own_baseline(self) -> Baseline | None:
        history = [*zip(self._seconds, self._speaks, strict=True)][-HISTORY_S:]
        known = [(one, speaks) for one, speaks in history if one.usable_s >= HALF_S]
        if len(known) < OWN_AFTER_S:
            return None
        shapes = np.stack([one.shapes for one, _ in known])
        return baseline_from(shapes, shapes, np.array([speaks for _, speaks in known]))


@dataclass(frozen=True, eq=False)
class ExpressivenessColumns:
    """One number a row of a face, from the ten seconds before the row's own second.

    Attributes:
        mean: float64 `(n,)`, activity; NaN where too little was seen.
        shares: float64 `(n, 3)`, of the seconds at each level of `EXPRESSIVENESS3`; NaN likewise.
        is_own: bool `(n,)`, whether compared with the face's own history.
    """

    mean: NDArray[np.float64]
    shares: NDArray[np.float64]
    is_own: NDArray[np.bool_]

    @property
    def levels(self) -> NDArray[np.str_]:
        """Str `(n,)`: the level that most of the seconds had, the first of equals; or empty."""
        names = np.array([*EXPRESSIVENESS3.labels, ""])
        most = np.nan_to_num(self.shares).argmax(axis=1)
        return np.asarray(names[np.where(np.isnan(self.mean), len(EXPRESSIVENESS3), most)])


def expressiveness(timeline: Timeline) -> ExpressivenessColumns:
    """Of every row of a whole session; one that is cut knows nothing of the time before."""
    rows = len(timeline)
    found = ExpressivenessColumns(
        mean=np.full(rows, np.nan),
        shares=np.full((rows, len(EXPRESSIVENESS3)), np.nan),
        is_own=np.zeros(rows, dtype=np.bool_),
    )
    seconds = np.floor(timeline.time_s).astype(np.int64)
    lasts_s = seconds_of_rows(timeline)
    for face_id in timeline.face_ids:
        own = np.flatnonzero(timeline.face_id == face_id)
        at = int(seconds[own[0]])
        meter = ExpressivenessMeter(at)
        closed = _seconds_of(timeline, own, lasts_s)
        starts = np.flatnonzero(np.append(True, np.diff(seconds[own]) > 0))
        for start, end in zip(starts, [*starts[1:], len(own)], strict=True):
            for second in range(at, int(seconds[own[start]])):
                meter.close(closed.get(second, NO_SECOND))
            at = int(seconds[own[start]])
            _fill(found, own[start:end], meter.reading())
    return found


def second_of(usable_s: float, shapes: NDArray[np.float64], jaw_squares: float) -> Second:
    """A second from sums over its usable rows.

    Args:
        usable_s: for how long they stand, together.
        shapes: float64 `(32,)`, sum of weight times shape.
        jaw_squares: sum of weight times the square of `jawOpen`.
    """
    if usable_s <= 0:
        return NO_SECOND
    return Second(usable_s, shapes / usable_s, jaw_squares / usable_s)


def _seconds_of(
    timeline: Timeline, own: NDArray[np.intp], lasts_s: NDArray[np.float64]
) -> dict[int, Second]:
    """The seconds in which a face was usable."""
    shapes = timeline.blendshapes[own][:, COUNTED_AT].astype(np.float64)
    counts = timeline.usable[own] & ~np.isnan(shapes[:, 0])
    shapes, weights = shapes[counts], lasts_s[own][counts]
    names, places = np.unique(
        np.floor(timeline.time_s[own][counts]).astype(np.int64), return_inverse=True
    )
    columns = [np.bincount(places, weights * column, len(names)) for column in shapes.T]
    sums = np.stack(columns, axis=1)
    squares = np.bincount(places, weights * shapes[:, JAW] ** 2, len(names))
    totals = np.bincount(places, weights, len(names))
    return {
        int(name): second_of(float(totals[k]), sums[k], float(squares[k]))
        for k, name in enumerate(names)
    }


def _fill(
    found: ExpressivenessColumns, rows: NDArray[np.intp], reading: FacialMovement | None
) -> None:
    if reading is not None:
        found.mean[rows] = reading.mean
        found.shares[rows] = reading.shares
        found.is_own[rows] = reading.is_own


def _speaks(seconds: list[Second]) -> bool:
    known = [one for one in seconds if one.usable_s >= HALF_S]
    if not known:
        return False
    weights = np.array([one.usable_s for one in known])
    mean = np.average([one.shapes[JAW] for one in known], weights=weights)
    square = np.average([one.jaw_squared for one in known], weights=weights)
    return bool(square - mean**2 >= SPEAKS_SPREAD**2)


def _reading(
    baseline: Baseline, shapes: NDArray[np.float64], speaks: NDArray[np.bool_]
) -> FacialMovement:
    above = baseline.above(shapes)
    upper = above[:, IS_UPPER].mean(axis=1)
    activity = np.where(speaks, upper, above.mean(axis=1))
    levels = np.where(speaks, baseline.upper_cuts.levels(upper), baseline.cuts.levels(activity))
    shares = np.bincount(levels, minlength=len(EXPRESSIVENESS3)) / len(levels)
    lower = above[~speaks][:, ~IS_UPPER]
    return FacialMovement(
        mean=float(activity.mean()),
        sd=float(activity.std()),
        upper=float(upper.mean()),
        lower=float(lower.mean()) if len(lower) else None,
        shares=(float(shares[0]), float(shares[1]), float(shares[2])),
        is_own=baseline.is_own,
    )
