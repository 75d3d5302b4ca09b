"""When a frame was sent, in seconds since the session's first frame."""

from __future__ import annotations

from collections import deque

FASTEST_WINDOW_S = 60.0

TOO_FAST_S = 1.0
"""A frame this much faster than the fastest was sent by another clock."""

TOO_LATE_S = 5.0
"""So was one this much slower: a live stream gives up on frames long before."""


class FrameClock:
    """Turns a sender's times into the session's time, and says how long frames were on their way.

    Where a sender's zero lies is unknown, and it moves: a camera plugged in again counts anew, one
    that slept may jump ahead or stand still. What is known is when frames arrive here. The one that
    came fastest in the last minute is taken for one that waited nowhere. Time that goes back, and a
    frame much faster or slower than the fastest, mean a new zero; then the time that passed here
    bridges the gap. So the session's time never goes back.
    """

    def __init__(self) -> None:
        self.time_s = 0.0
        self._zero_s: float | None = None
        self._sent_s = 0.0
        self._clock_s = 0.0
        self._leads: deque[tuple[float, float]] = deque()

    def arrived(self, sent_s: float, clock_s: float) -> float:
        """A frame came in; afterwards `time_s` is its time.

        Args:
            sent_s: the sender's time of it.
            clock_s: now, monotonic.
        Returns:
            Seconds that it waited on its way.
        """
        if self._zero_s is None:
            self._zero_s = sent_s
        elif self._is_another_clock(sent_s, clock_s):
            bridged_s = self.time_s + max(0.0, clock_s - self._clock_s)
            self._zero_s = sent_s - bridged_s
            self._leads.clear()
        self.time_s = max(self.time_s, sent_s - self._zero_s)
        self._sent_s, self._clock_s = sent_s, clock_s
        return self._waited(clock_s - sent_s, clock_s)

    def leave_out(self, seconds: float) -> None:
        """Go on as if this time, in which no frame was told of, had not passed: a pause."""
        if self._zero_s is not None:
            self._zero_s += seconds
            self._clock_s += seconds

    def _is_another_clock(self, sent_s: float, clock_s: float) -> bool:
        if sent_s < self._sent_s:
            return True
        above_fastest_s = clock_s - sent_s - self._leads[0][1]
        return not -TOO_FAST_S <= above_fastest_s <= TOO_LATE_S

    def _waited(self, lead_s: float, clock_s: float) -> float:
        # A rising queue of minima: its first is the smallest of the last minute.
        while self._leads and self._leads[-1][1] >= lead_s:
            self._leads.pop()
        self._leads.append((clock_s, lead_s))
        while clock_s - self._leads[0][0] > FASTEST_WINDOW_S:
            self._leads.popleft()
        return lead_s - self._leads[0][1]
