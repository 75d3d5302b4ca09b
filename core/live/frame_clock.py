"""The time of a frame, in seconds since the session's first frame."""

from __future__ import annotations

from collections import deque

FASTEST_WINDOW_S = 60.0

MAX_AHEAD_S = 1.0
"""A frame that is ahead of the fastest by more means a restarted clock."""

MAX_BEHIND_S = 5.0
"""So does one that is behind it by more: a live stream drops frames long before."""


class FrameClock:
    """Converts a sender's timestamps to the session's time, and measures the delay of frames.

    The zero of the timestamps is unknown, and it changes: a camera that is plugged in again
    restarts, one that was suspended may jump ahead or stand still. Known is when frames arrive. The
    fastest frame of the last minute counts as one without delay. Decreasing timestamps, and a frame
    much faster or slower than the fastest, mean a restarted clock; then local time bridges the gap.
    So the session's time never decreases.
    """

    def __init__(self) -> None:
        self.time_s = 0.0
        self._zero_s: float | None = None
        self._sent_s = 0.0
        self._clock_s = 0.0
        self._offsets: deque[tuple[float, float]] = deque()

    def frame_arrived(self, sent_s: float, clock_s: float) -> float:
        """Register a frame; afterwards `time_s` is its time.

        Args:
            sent_s: the sender's timestamp.
            clock_s: now, monotonic.
        Returns:
            Its delay in seconds, compared with the fastest frame.
        """
        if self._zero_s is None:
            self._zero_s = sent_s
        elif self._has_restarted(sent_s, clock_s):
            bridged_s = self.time_s + max(0.0, clock_s - self._clock_s)
            self._zero_s = sent_s - bridged_s
            self._offsets.clear()
        self.time_s = max(self.time_s, sent_s - self._zero_s)
        self._sent_s, self._clock_s = sent_s, clock_s
        return self._delay(clock_s - sent_s, clock_s)

    def skip(self, seconds: float) -> None:
        """Exclude a pause, in which no frame was registered."""
        if self._zero_s is not None:
            self._zero_s += seconds
            self._clock_s += seconds

    def _has_restarted(self, sent_s: float, clock_s: float) -> bool:
        if sent_s < self._sent_s:
            return True
        above_fastest_s = clock_s - sent_s - self._offsets[0][1]
        return not -MAX_AHEAD_S <= above_fastest_s <= MAX_BEHIND_S

    def _delay(self, offset_s: float, clock_s: float) -> float:
        # A monotonic queue: its first entry is the minimum of the last minute.
        while self._offsets and self._offsets[-1][1] >= offset_s:
            self._offsets.pop()
        self._offsets.append((clock_s, offset_s))
        while clock_s - self._offsets[0][0] > FASTEST_WINDOW_S:
            self._offsets.popleft()
        return offset_s - self._offsets[0][1]
