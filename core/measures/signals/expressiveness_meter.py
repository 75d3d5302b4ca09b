"""Measures the expressiveness of one face second by second, live and afterwards alike."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from core.domain import EXPRESSIVENESS3, FacialMovement
from core.measures.signals.expressiveness_norm import (
    COUNTED,
    IS_UPPER,
    Baseline,
    baseline_from,
    norm,
)

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

_Value = TypeVar("_Value")

JAW = COUNTED.index("jawOpen")
_UPPER_SHAPES = int(IS_UPPER.sum())
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


@dataclass(frozen=True)
class Activity:
    """How much a face moved in one usable second: of all counted shapes, or of the upper ones alone
    while the person spoke; `lower` is None then. `percentile` is None without enough of them."""

    mean: float
    upper: float
    lower: float | None
    level: int
    percentile: float | None


class ExpressivenessMeter:
    """Measures one face, second by second.

    Args:
        from_s: second of the session in which it was first seen.
        at_rest: float64 `(32,)`, the own calibrated face at rest; None where it is not known.
    """

    def __init__(self, from_s: int, at_rest: NDArray[np.float64] | None = None) -> None:
        self._history = _History()
        self._seconds: deque[Second] = deque(maxlen=WINDOW_S)
        self._speaks: deque[bool] = deque(maxlen=WINDOW_S)
        self._now_s = self._last_usable_s = from_s
        self.compare_with(at_rest)

    def compare_with(self, at_rest: NDArray[np.float64] | None) -> None:
        """Compare with a newly calibrated face at rest; with the history from the next ten on."""
        self._at_rest, self._norm = at_rest, norm().baseline
        if at_rest is not None:
            self._norm = replace(self._norm, medians=at_rest, is_own=True)
        self._use(self._norm)

    @property
    def is_expired(self) -> bool:
        """Whether its history is empty: a new meter would give the same results."""
        return self._now_s - self._last_usable_s > EXPIRES_AFTER_S

    def add(self, second: Second) -> None:
        """Add the next second."""
        self._seconds.append(second)
        self._speaks.append(mouth_speaks(_latest(self._seconds, SPEAKS_S)))
        self._history.add(second, speaks=self._speaks[-1])
        if second.usable_s >= MIN_USABLE_S:
            self._last_usable_s = self._now_s
        self._now_s += 1
        if self._now_s % _REFRESH_S == 0:
            self._use(self._own_baseline() or self._norm)
        else:
            self._window.append(activity_of_second(self._baseline, second, self._speaks[-1]))

    def _use(self, baseline: Baseline) -> None:
        """Compare the last seconds, and the next, with this baseline."""
        latest = zip(self._seconds, self._speaks, strict=True)
        self._baseline = baseline
        self._window: deque[Activity | None] = deque(
            (activity_of_second(baseline, second, speaks) for second, speaks in latest),
            maxlen=WINDOW_S,
        )

    def reading(self) -> FacialMovement | None:
        """Movement in the last ten seconds; None where fewer than six of them are usable."""
        usable = [one for one in self._window if one is not None]
        if len(usable) < ENOUGH_S:
            return None
        return _reading(usable, is_own=self._baseline.is_own)

    def _own_baseline(self) -> Baseline | None:
        shapes, speaks, newest = self._history.usable()
        if len(shapes) < OWN_AFTER_S:
            return None
        at_rest = shapes if self._at_rest is None else self._at_rest[None]
        return baseline_from(at_rest, shapes, speaks, newest=newest)


class _History:
    """The last ten minutes as columns: a list of them would be made into columns every ten seconds,
    which took most of the time of a long session.
    """

    def __init__(self) -> None:
        self._count = 0
        self._shapes = np.empty((2 * HISTORY_S, len(COUNTED)))
        self._is_usable = np.empty(2 * HISTORY_S, dtype=np.bool_)
        self._speaks = np.empty(2 * HISTORY_S, dtype=np.bool_)

    def add(self, second: Second, *, speaks: bool) -> None:
        """Add the next second."""
        if self._count == 2 * HISTORY_S:  # the older half is not looked at any more
            for column in (self._shapes, self._is_usable, self._speaks):
                column[:HISTORY_S] = column[HISTORY_S:]
            self._count = HISTORY_S
        at = self._count
        self._shapes[at] = second.shapes
        self._is_usable[at] = second.usable_s >= MIN_USABLE_S
        self._speaks[at] = speaks
        self._count += 1

    def usable(self) -> tuple[NDArray[np.float64], NDArray[np.bool_], int]:
        """Shapes `(n, 32)` and speech `(n,)` of the usable seconds, and how many of them are in the
        last window.
        """
        last = slice(max(0, self._count - HISTORY_S), self._count)
        usable = self._is_usable[last]
        newest = int(usable[-WINDOW_S:].sum())
        return self._shapes[last][usable], self._speaks[last][usable], newest


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


def _latest(values: deque[_Value], count: int) -> list[_Value]:
    """The last ones, without copying the others."""
    return list(islice(values, max(0, len(values) - count), None))


def mouth_speaks(seconds: list[Second]) -> bool:
    """Whether the jaw moved enough for speech in these seconds (`SPEAKS_SPREAD`)."""
    known = [one for one in seconds if one.usable_s >= MIN_USABLE_S]
    if not known:
        return False
    usable_s = sum(one.usable_s for one in known)
    mean = sum(one.usable_s * float(one.shapes[JAW]) for one in known) / usable_s
    square = sum(one.usable_s * one.jaw_squared for one in known) / usable_s
    return square - mean**2 >= SPEAKS_SPREAD**2


def activity_of_second(baseline: Baseline, second: Second, speaks: bool) -> Activity | None:
    """How much a face moved in one second; None where it was not usable."""
    if second.usable_s < MIN_USABLE_S:
        return None
    above = baseline.above(second.shapes)
    of_upper = float(above[IS_UPPER].sum())
    upper = of_upper / _UPPER_SHAPES
    total = float(above.sum())
    mean = upper if speaks else total / len(above)
    cuts, earlier = baseline.upper_cuts if speaks else baseline.cuts, baseline.earlier
    return Activity(
        mean=mean,
        upper=upper,
        lower=None if speaks else (total - of_upper) / (len(above) - _UPPER_SHAPES),
        level=cuts.level(mean),
        percentile=None if earlier is None else earlier.percentile(mean, speaks=speaks),
    )


def _reading(usable: list[Activity], *, is_own: bool) -> FacialMovement:
    mean = _mean([one.mean for one in usable])
    lower = [one.lower for one in usable if one.lower is not None]
    levels = [one.level for one in usable]
    percentiles = [one.percentile for one in usable if one.percentile is not None]
    shares = [levels.count(level) / len(levels) for level in range(len(EXPRESSIVENESS3))]
    return FacialMovement(
        mean=mean,
        sd=math.sqrt(_mean([(one.mean - mean) ** 2 for one in usable])),
        upper=_mean([one.upper for one in usable]),
        lower=max(0.0, _mean(lower)) if lower else None,
        shares=(shares[0], shares[1], shares[2]),
        is_own=is_own,
        percentile=_mean(percentiles) if len(percentiles) >= ENOUGH_S else None,
    )


def _mean(numbers: list[float]) -> float:
    return math.fsum(numbers) / len(numbers)
