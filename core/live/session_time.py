"""The time of a session at a moment of the process's clock: pauses do not count."""

from __future__ import annotations

from collections import deque
from math import inf
from threading import Lock

_MAX_PAUSES = 1000  # the newest of a session; older ones than levels and frames wait


class SessionTime:
    """Says at which second of a session something happened that is no frame, as a level of the
    microphone. Thread-safe.

    The newest frame says what the session's time was when it was captured; before and after it time
    went on as the clock did, without the pauses.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._newest: tuple[float, float] | None = None
        self._pauses: deque[tuple[float, float]] = deque(maxlen=_MAX_PAUSES)
        self._paused_at_s: float | None = None

    def register(self, captured_s: float, time_s: float) -> None:
        """Register a frame.

        Args:
            captured_s: when it was captured, by the monotonic clock of this process, its delay
                subtracted.
            time_s: session time.
        """
        with self._lock:
            self._newest = (captured_s, time_s)

    def pause(self, clock_s: float) -> None:
        """The session's time stands still from now on."""
        with self._lock:
            self._paused_at_s = clock_s

    def resume(self, clock_s: float) -> None:
        """It goes on."""
        with self._lock:
            if self._paused_at_s is not None:
                self._pauses.append((self._paused_at_s, clock_s))
                self._paused_at_s = None

    def at(self, clock_s: float) -> float | None:
        """The session's time; below 0 before its begin. None within a pause, and while there was no
        frame yet.

        Args:
            clock_s: monotonic, of this process.
        """
        with self._lock:
            if self._newest is None or self._is_paused_at(clock_s):
                return None
            captured_s, time_s = self._newest
            between = sorted((captured_s, clock_s))
            passed_s = between[1] - between[0] - self._paused_within(*between)
            return time_s + (passed_s if clock_s >= captured_s else -passed_s)

    def _is_paused_at(self, clock_s: float) -> bool:
        return any(begins_s <= clock_s < ends_s for begins_s, ends_s in self._all_pauses())

    def _paused_within(self, begins_s: float, ends_s: float) -> float:
        within = (min(ends_s, last) - max(begins_s, first) for first, last in self._all_pauses())
        return sum(max(0.0, one) for one in within)

    def _all_pauses(self) -> list[tuple[float, float]]:
        running = [] if self._paused_at_s is None else [(self._paused_at_s, inf)]
        return [*self._pauses, *running]
