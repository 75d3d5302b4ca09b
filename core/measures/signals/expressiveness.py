"""Expressiveness: how much a face moves above its resting baseline, in windows of ten seconds.

The activity of a second is the mean over the counted blendshapes of `max(0, shape - own median) /
own range`; while the person speaks, of brows and eyes alone. Each second is reserved, balanced or
expressive, by terciles of the person's own last ten minutes ("own baseline"); in the first minute
by terciles of our norm ("not calibrated"). A window has the share of its seconds at each level.
Everything is causal and derived from stored rows: live and afterwards the numbers are the same.
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
"""Minimum of usable seconds in a window."""

HISTORY_S = 600
"""The baseline is computed over the face's own last ten minutes."""

OWN_AFTER_S = 60
"""Minimum of usable seconds for a baseline of its own; until then the norm is used."""

MIN_USABLE_S = 0.5
"""A second counts as usable when at least this much of it is."""

SPEAKS_S = 3
SPEAKS_SPREAD = 0.05
"""A person speaks when the standard deviation of `jawOpen` over three seconds is at least this: it
is 0.001 in a still picture with camera noise, and up to 0.03 in smiles that come and go."""

JAW = COUNTED.index("jawOpen")
_REFRESH_S = WINDOW_S  # terciles of ten minutes hardly change within ten seconds

EXPIRES_AFTER_S = HISTORY_S + WINDOW_S
"""By then the history contains nothing of the face any more."""


@dataclass(frozen=True, eq=False)
class Second:
    """One second of one face.

    Attributes:
        usable_s: how much of it was usable.
        shapes: float64 `(32,)`, means of the counted shapes over that time.
        jaw_squared: mean square of `jawOpen`.
    """

    usable_s: float
    shapes: NDArray[np.float64]
    jaw_squared: float


NO_SECOND = Second(0.0, np.full(len(COUNTED), np.nan), np.nan)
"""A second without the face."""


class ExpressivenessMeter:
    """Measures one face, second by second.

    Args:
        from_s: second of the session in which it was first seen.
    """

    def __init__(self, from_s: int) -> None:
        self._norm = norm().baseline
        self._seconds: deque[Second] = deque(maxlen=EXPIRES_AFTER_S)
        self._speaks: deque[bool] = deque(maxlen=EXPIRES_AFTER_S)
        self._now_s = self._last_usable_s = from_s
        self._baseline: Baseline = self._norm

    @property
    def is_expired(self) -> bool:
        """Whether its history is empty: a new meter would give the same results."""
        return self._now_s - self._last_usable_s > EXPIRES_AFTER_S

    def add(self, second: Second) -> None:
        """Add the next second."""
        self._seconds.append(second)
        self._speaks.append(_speaks([*self._seconds][-SPEAKS_S:]))
        if second.usable_s >= MIN_USABLE_S:
            self._last_usable_s = self._now_s
        self._now_s += 1
        if self._now_s % _REFRESH_S == 0:
            self._baseline = self._own_baseline() or self._norm

    def reading(self) -> FacialMovement | None:
        """Movement in the last ten seconds; None where fewer than six of them are usable."""
        window = [*self._seconds][-WINDOW_S:]
        usable = np.array([one.usable_s >= MIN_USABLE_S for one in window], dtype=np.bool_)
        if usable.sum() < ENOUGH_S:
            return None
        shapes = np.stack([one.shapes for one in window])[usable]
        speaks = np.array([*self._speaks][-WINDOW_S:], dtype=np.bool_)[usable]
        return _reading(self._baseline, shapes, speaks)

    def _own_baseline(self) -> Baseline | None:
        history = [*zip(self._seconds, self._speaks, strict=True)][-HISTORY_S:]
        known = [(one, speaks) for one, speaks in history if one.usable_s >= MIN_USABLE_S]
        if len(known) < OWN_AFTER_S:
            return None
        shapes = np.stack([one.shapes for one, _ in known])
        return baseline_from(shapes, shapes, np.array([speaks for _, speaks in known]))


@dataclass(frozen=True, eq=False)
class ExpressivenessColumns:
    """One value per row, from the ten seconds before the row's own second.

    Attributes:
        mean: float64 `(n,)`, activity; NaN where too little was usable.
        shares: float64 `(n, 3)`, of the seconds at each level of `EXPRESSIVENESS3`; NaN likewise.
        is_own: bool `(n,)`, whether compared with the face's own history.
    """

    mean: NDArray[np.float64]
    shares: NDArray[np.float64]
    is_own: NDArray[np.bool_]

    @property
    def levels(self) -> NDArray[np.str_]:
        """Str `(n,)`: the most frequent level of the seconds, the first of ties; or empty."""
        names = np.array([*EXPRESSIVENESS3.labels, ""])
        most = np.nan_to_num(self.shares).argmax(axis=1)
        return np.asarray(names[np.where(np.isnan(self.mean), len(EXPRESSIVENESS3), most)])


def expressiveness(timeline: Timeline) -> ExpressivenessColumns:
    """Expressiveness of every row of a whole session; an excerpt lacks the history before it."""
    rows = len(timeline)
    found = ExpressivenessColumns(
        mean=np.full(rows, np.nan),
        shares=np.full((rows, len(EXPRESSIVENESS3)), np.nan),
        is_own=np.zeros(rows, dtype=np.bool_),
    )
    seconds = np.floor(timeline.time_s).astype(np.int64)
    durations_s = seconds_of_rows(timeline)
    for face_id in timeline.face_ids:
        own = np.flatnonzero(timeline.face_id == face_id)
        at = int(seconds[own[0]])
        meter = ExpressivenessMeter(at)
        seconds_of_face = _seconds_of(timeline, own, durations_s)
        starts = np.flatnonzero(np.append(True, np.diff(seconds[own]) > 0))
        for start, end in zip(starts, [*starts[1:], len(own)], strict=True):
            for second in range(at, int(seconds[own[start]])):
                meter.add(seconds_of_face.get(second, NO_SECOND))
            at = int(seconds[own[start]])
            _fill(found, own[start:end], meter.reading())
    return found


def second_of(usable_s: float, shapes: NDArray[np.float64], jaw_squares: float) -> Second:
    """A `Second` from sums over its usable rows.

    Args:
        usable_s: total duration of the rows.
        shapes: float64 `(32,)`, sum of duration times shape.
        jaw_squares: sum of duration times the square of `jawOpen`.
    """
    if usable_s <= 0:
        return NO_SECOND
    return Second(usable_s, shapes / usable_s, jaw_squares / usable_s)


def _seconds_of(
    timeline: Timeline, own: NDArray[np.intp], durations_s: NDArray[np.float64]
) -> dict[int, Second]:
    """The seconds in which a face was usable."""
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
        found.mean[rows] = reading.mean
        found.shares[rows] = reading.shares
        found.is_own[rows] = reading.is_own


def _speaks(seconds: list[Second]) -> bool:
    known = [one for one in seconds if one.usable_s >= MIN_USABLE_S]
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
