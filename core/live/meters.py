"""Small measurements of a live stream; each remembers a bounded time only."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np

from core.measures.durations import LONGEST_S

WINDOW_S = 5.0
_MOST = 1000  # entries: a bound that holds even should the clock stand still


class RateMeter:
    """How often something happened, a second, over the last five."""

    def __init__(self) -> None:
        self._times: deque[float] = deque(maxlen=_MOST)

    def tick(self, clock_s: float) -> None:
        """It happened now."""
        self._times.append(clock_s)
        while clock_s - self._times[0] > WINDOW_S:
            self._times.popleft()

    def per_second(self, clock_s: float) -> float:
        """Times a second; falls towards 0 once it stopped."""
        recent = [at for at in self._times if clock_s - at <= WINDOW_S]
        if len(recent) < 2 or recent[-1] <= recent[0]:
            return 0.0
        # Until now, not until the last time: a stream that stopped must not show its old rate.
        return (len(recent) - 1) / max(recent[-1] - recent[0], clock_s - recent[0])


class AgeMeter:
    """How old results were when the screen could read them, over the last five seconds.

    The age of a result: how much longer than the fastest frame its frame was on its way
    (`FrameClock`), and the time from its arrival in this process until the screen could read it.
    """

    def __init__(self) -> None:
        self._ages: deque[tuple[float, float]] = deque(maxlen=_MOST)

    def finished(self, clock_s: float, age_s: float) -> None:
        """A result can be read now."""
        self._ages.append((clock_s, age_s))
        while clock_s - self._ages[0][0] > WINDOW_S:
            self._ages.popleft()

    def ages_ms(self) -> tuple[float, ...]:
        """Every age, oldest result first."""
        return tuple(age_s * 1000 for _, age_s in self._ages)


def percentile(numbers: Sequence[float], share: float) -> float:
    """The number not exceeded by this percentage of them; 0 for none."""
    return float(np.percentile(numbers, share)) if numbers else 0.0


class TimeMeter:
    """Watched and usable seconds since the beginning, as `measures.summarise` counts them."""

    def __init__(self) -> None:
        self.watched_s = 0.0
        self.usable_s = 0.0
        self._last: tuple[float, bool] | None = None

    def see(self, time_s: float, *, usable: bool) -> None:
        """The moment before lasted until this one."""
        if self._last is not None:
            lasted = min(time_s - self._last[0], LONGEST_S)
            self.watched_s += lasted
            self.usable_s += lasted if self._last[1] else 0.0
        self._last = (time_s, usable)
