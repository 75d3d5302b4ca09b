"""When each frame of a file was shown, from time stamps that may be missing or begin anew."""

from __future__ import annotations

USUAL_STEP_S = 1 / 25
"""Between two frames where nothing says otherwise: a film's and a camera's common rate."""

_SLIP_S = 1.0
"""A stamp so close behind the one before a jump back shows that one stamp alone was wrong."""


class FrameTimes:
    """Seconds since the first frame; they never go back, and never stand still without a reason.

    Recordings of cameras and broadcasts are often several recordings one after the other in one
    file: time stamps then begin anew in the middle. Time goes on there by the usual step.

    Args:
        step_s: between two frames, where the file says one; until two frames tell.
    """

    def __init__(self, step_s: float = USUAL_STEP_S) -> None:
        self._step_s = step_s
        self._last_s: float | None = None
        self._stamp_s = 0.0
        self._offset_s = 0.0
        self._before_jump: tuple[float, float] | None = None

    def next(self, stamp_s: float | None) -> float:
        """Time of the next frame.

        Args:
            stamp_s: as the file has it; None where it has none.
        """
        if self._last_s is None:
            self._last_s, self._stamp_s = 0.0, stamp_s or 0.0
            self._offset_s = -self._stamp_s
            return 0.0
        if stamp_s is None:
            stamp_s = self._stamp_s + self._step_s
        before_jump, self._before_jump = self._before_jump, None
        if before_jump is not None and 0 <= stamp_s - before_jump[0] <= _SLIP_S:
            self._offset_s = before_jump[1]
        elif stamp_s < self._stamp_s:
            self._before_jump = (self._stamp_s, self._offset_s)
            self._offset_s = self._last_s + self._step_s - stamp_s
        elif stamp_s > self._stamp_s:
            self._step_s = min(stamp_s - self._stamp_s, _SLIP_S)
        self._stamp_s = stamp_s
        self._last_s = max(self._last_s, stamp_s + self._offset_s)
        return self._last_s
