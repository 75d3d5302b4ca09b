"""When a board speaks up: dips below the class's own last ten minutes, and flags of many."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby, takewhile
from operator import itemgetter
from statistics import median

import numpy as np
from numpy.typing import NDArray

from core.domain.classroom import Flag, FlagKind

Floats = NDArray[np.float64]

USUAL_S = 600.0
"""A window is compared with the median of so many seconds before it."""

LEAST_USUAL_S = 120.0
"""With fewer shown seconds before it there is nothing to compare with."""

HOLD_S = 30.0
"""A dip begins, and ends, once it lasted so long."""

BEGINS_BELOW, ENDS_ABOVE = 0.10, 0.05
"""A dip begins at least so far below the usual, and ends less far below it; of the whole scale.
Between the two nothing changes, so that an alert does not flicker."""

MANY_FLAGS, FEW_FLAGS = 5, 3
"""So many learners press one flag within a minute: an alert; it ends with fewer than the latter."""

FLAG_WINDOW_S = 60.0

ALERTING_FLAGS = (
    FlagKind.LOST,
    FlagKind.TOO_FAST,
    FlagKind.AGAIN,
    FlagKind.HAND,
    FlagKind.QUESTION,
)
"""Not `FINE`: there is nothing to do."""

_ROUNDING = 1e-9


class AlertKind(StrEnum):
    """What an alert is of."""

    DIP = "dip"
    FLAGS = "flags"


@dataclass(frozen=True)
class Dip:
    """A stretch in which a figure lay below the class's own last ten minutes.

    Attributes:
        begins_s: start of its first window.
        ends_s: end of its last window; None while it goes on.
        usual: median of the ten minutes before it, in the figure's unit.
        lowest: of its windows.
    """

    begins_s: float
    ends_s: float | None
    usual: float
    lowest: float


@dataclass(frozen=True)
class Alert:
    """Something that holds now.

    Attributes:
        kind: of it.
        figure: name of the figure that dipped; empty for flags.
        flag: which one; None for a dip.
        since_s: seconds of the class.
        usual, value: of a dip: median of the ten minutes before, and the newest value; else None.
        learners: of flags: how many pressed it within the last minute; else 0.
    """

    kind: AlertKind
    figure: str
    flag: FlagKind | None
    since_s: float
    usual: float | None = None
    value: float | None = None
    learners: int = 0


def dips_of(start_s: Floats, value: Floats, high: Floats, *, scale: float) -> tuple[Dip, ...]:
    """When a figure dipped below the class's own last ten minutes.

    A window is low where its whole 95 % interval lies below the median of the shown windows of the
    ten minutes before, by at least `BEGINS_BELOW`: so neither few learners nor chance make a dip.
    While a dip lasts the median is that of its begin, for at most ten minutes: what lasted longer
    is usual by then. Where nothing is shown, the seconds of neither begin nor end go on; where that
    is so for `HOLD_S`, a dip ends with the last window that was shown.

    Args:
        start_s: float64 `(w,)`, of windows of one length, ascending without holes.
        value: float64 `(w,)`; NaN where not shown.
        high: float64 `(w,)`, upper end of each interval.
        scale: the highest value possible.
    """
    if len(start_s) == 0:
        return ()
    length_s = float(start_s[1] - start_s[0]) if len(start_s) > 1 else HOLD_S
    watch = _DipWatch(length_s, scale)
    for at in range(len(start_s)):
        watch.see(float(start_s[at]), float(value[at]), float(high[at]))
    return watch.all


class _DipWatch:
    """Follows one figure from window to window."""

    def __init__(self, length_s: float, scale: float) -> None:
        self._length_s, self._scale = length_s, scale
        self._shown: deque[tuple[float, float]] = deque()
        self._run: list[tuple[float, float]] = []  # windows that would begin, or end, a dip
        self._over: list[Dip] = []
        self._now: Dip | None = None

    @property
    def all(self) -> tuple[Dip, ...]:
        return (*self._over, *(() if self._now is None else (self._now,)))

    def see(self, start_s: float, value: float, high: float) -> None:
        while self._shown and self._shown[0][0] < start_s - USUAL_S:
            self._shown.popleft()
        ends_s = start_s + self._length_s
        if np.isnan(value):
            self._run = []
            if self._now is not None:
                shown_until_s = self._shown[-1][0] + self._length_s
                if ends_s - shown_until_s >= HOLD_S:
                    self._end(self._now, shown_until_s)
            return
        if self._now is None:
            self._look_for_begin(start_s, value, high)
        else:
            self._look_for_end(self._now, start_s, value)
        self._shown.append((start_s, value))

    def _look_for_begin(self, start_s: float, value: float, high: float) -> None:
        before = [one for at_s, one in self._shown if not self._run or at_s < self._run[0][0]]
        usual = median(before) if before else 0.0  # NumPy takes seven times as long for sixty
        enough = len(before) * self._length_s >= LEAST_USUAL_S
        low = usual - BEGINS_BELOW * self._scale
        if not enough or high >= usual or value > low + _ROUNDING:
            self._run = []
            return
        self._run.append((start_s, value))
        if len(self._run) * self._length_s >= HOLD_S:
            lowest = min(one for _, one in self._run)
            self._now = Dip(self._run[0][0], None, usual, lowest)
            self._run = []

    def _look_for_end(self, dip: Dip, start_s: float, value: float) -> None:
        is_back = value > dip.usual - ENDS_ABOVE * self._scale + _ROUNDING
        self._run = [*self._run, (start_s, value)] if is_back else []
        if len(self._run) * self._length_s >= HOLD_S:
            self._end(dip, self._run[0][0])
        elif start_s + self._length_s - dip.begins_s >= USUAL_S:
            self._end(replace(dip, lowest=min(dip.lowest, value)), start_s + self._length_s)
        else:
            self._now = replace(dip, lowest=min(dip.lowest, value))

    def _end(self, dip: Dip, ends_s: float) -> None:
        self._over.append(replace(dip, ends_s=ends_s))
        self._now, self._run = None, []


def flag_alerts(flags: Sequence[Flag], at_s: float) -> tuple[Alert, ...]:
    """Flags that many learners press now; each learner counts once.

    Args:
        flags: of a class, in any order.
        at_s: seconds of the class.
    """
    found = []
    for kind in ALERTING_FLAGS:
        presses = [(one.time_s, one.learner) for one in flags if one.kind is kind]
        since_s, learners = _pressing([one for one in presses if one[0] <= at_s], at_s)
        if since_s is not None:
            found.append(Alert(AlertKind.FLAGS, "", kind, since_s, learners=learners))
    return tuple(sorted(found, key=lambda one: one.since_s))


def _pressing(presses: Sequence[tuple[float, int]], at_s: float) -> tuple[float | None, int]:
    """Since when the alert holds, None if it does not; and learners of the last minute."""
    ends = [(time_s + FLAG_WINDOW_S, -1, learner) for time_s, learner in presses]
    steps = sorted([*ends, *((time_s, 1, learner) for time_s, learner in presses)])
    pressed: Counter[int] = Counter()
    since, learners = None, 0
    for moment, together in groupby(takewhile(lambda one: one[0] <= at_s, steps), itemgetter(0)):
        for _, change, learner in together:
            before, after = pressed[learner], pressed[learner] + change
            pressed[learner] = after
            learners += (after > 0) - (before > 0)
        if since is None and learners >= MANY_FLAGS:
            since = moment
        elif learners < FEW_FLAGS:
            since = None
    return since, learners
