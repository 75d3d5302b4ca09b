"""Small measurements of a live stream; each remembers a bounded time only."""

from __future__ import annotations

from collections import deque

import numpy as np

WINDOW_S = 5.0
FASTEST_WINDOW_S = 60.0


class RateMeter:
    """How often something happened, a second, over the last five."""

    def __init__(self) -> None:
        self._times: deque[float] = deque()

    def tick(self, clock_s: float) -> None:
        """It happened now."""
        self._times.append(clock_s)
        while self._times and clock_s - self._times[0] > WINDOW_S:
            self._times.popleft()

    def per_second(self, clock_s: float) -> float:
        """Times a second; 0 when it stopped."""
        recent = [at for at in self._times if clock_s - at <= WINDOW_S]
        if len(recent) < 2 or recent[-1] <= recent[0]:
            return 0.0
        # A stream that stopped decays instead of showing its last rate for ever.
        return (len(recent) - 1) / max(recent[-1] - recent[0], clock_s - recent[0])


class AgeMeter:
    """How old results are when they can be read, in milliseconds, over the last five seconds.

    A frame carries its sender's time, whose zero is unknown. The frame that came fastest in the
    last minute is taken for one that waited nowhere; how much later than that one another frame
    comes is how long it waited. To that the time of the analysis is added.
    """

    def __init__(self) -> None:
        self._leads: deque[tuple[float, float]] = deque()
        self._ages: deque[tuple[float, float]] = deque()

    def arrived(self, clock_s: float, sent_s: float) -> float:
        """How many seconds this frame waited on its way; to be given to `finished`."""
        lead = clock_s - sent_s
        # A falling queue of minima: the first is the smallest of the last minute.
        while self._leads and self._leads[-1][1] >= lead:
            self._leads.pop()
        self._leads.append((clock_s, lead))
        while clock_s - self._leads[0][0] > FASTEST_WINDOW_S:
            self._leads.popleft()
        return lead - self._leads[0][1]

    def finished(self, clock_s: float, *, waited_s: float, worked_s: float) -> None:
        """The frame's result can be read now."""
        self._ages.append((clock_s, (waited_s + worked_s) * 1000))
        while clock_s - self._ages[0][0] > WINDOW_S:
            self._ages.popleft()

    def percentile_ms(self, share: float) -> float:
        """Age not exceeded by this percentage of results; 0 before the first."""
        return float(np.percentile([age for _, age in self._ages], share)) if self._ages else 0.0


class TimeMeter:
    """Watched and usable seconds since the beginning, as `measures.summarise` counts them."""

    LONGEST_S = 1.0

    def __init__(self) -> None:
        self.watched_s = 0.0
        self.usable_s = 0.0
        self._last: tuple[float, bool] | None = None

    def see(self, time_s: float, *, usable: bool) -> None:
        """The moment before lasted until this one."""
        if self._last is not None:
            lasted = min(time_s - self._last[0], self.LONGEST_S)
            self.watched_s += lasted
            self.usable_s += lasted if self._last[1] else 0.0
        self._last = (time_s, usable)
