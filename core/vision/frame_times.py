"""Times of a file's frames, from timestamps that may be missing or restart."""

from __future__ import annotations

DEFAULT_STEP_S = 1 / 25
"""Interval of two frames without other information: a common rate of films and cameras."""

_MAX_STEP_S = 1.0
"""Longest plausible step: a timestamp within it after one that jumped back corrects the jump."""


class FrameTimes:
    """Seconds since the first frame; never decreasing.

    Files of cameras and broadcasts often hold several recordings: timestamps restart in the middle.
    Time continues there with the usual step.

    Args:
        step_s: interval of two frames, as the file states it; used until two frames were read.
    """

    def __init__(self, step_s: float = DEFAULT_STEP_S) -> None:
        self._step_s = step_s
        self._last_s: float | None = None
        self._timestamp_s = 0.0
        self._offset_s = 0.0
        self._before_jump: tuple[float, float] | None = None

    def next(self, timestamp_s: float | None) -> float:
        """Time of the next frame.

        Args:
            timestamp_s: the file's timestamp; None where it has none.
        """
        if self._last_s is None:
            self._last_s, self._timestamp_s = 0.0, timestamp_s or 0.0
            self._offset_s = -self._timestamp_s
            return 0.0
        if timestamp_s is None:
            timestamp_s = self._timestamp_s + self._step_s
        before_jump, self._before_jump = self._before_jump, None
        if before_jump is not None and 0 <= timestamp_s - before_jump[0] <= _MAX_STEP_S:
            self._offset_s = before_jump[1]
        elif timestamp_s < self._timestamp_s:
            self._before_jump = (self._timestamp_s, self._offset_s)
            self._offset_s = self._last_s + self._step_s - timestamp_s
        elif timestamp_s > self._timestamp_s:
            self._step_s = min(timestamp_s - self._timestamp_s, _MAX_STEP_S)
        self._timestamp_s = timestamp_s
        self._last_s = max(self._last_s, timestamp_s + self._offset_s)
        return self._last_s
