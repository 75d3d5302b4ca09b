"""How late a message is, though the clocks of browser and server have different zeros."""

from __future__ import annotations

from collections import deque

_COMPARED = 5
"""Messages that are compared: a browser whose clock stood still, as it slept, counts as late for no
more than so many."""

_LONGEST_S = 300.0
"""Rows wait as long in a browser: more means a clock that stood still."""

_STEADY_S = 0.5


class MessageDelay:
    """Compares the newest messages of one browser: the quickest one counts as without delay.

    A message that is sent again says when it was made: without this, its rows would seem captured
    later by as many seconds as it waited.
    """

    def __init__(self) -> None:
        self._offsets: deque[float] = deque(maxlen=_COMPARED)

    def register(self, made_s: float, arrived_s: float) -> float:
        """Register a message; returns its delay in seconds, from 0 to 300.

        Args:
            made_s: by the browser's clock.
            arrived_s: by the monotonic clock of this process.
        """
        offset_s = arrived_s - made_s
        if self._offsets and offset_s - min(self._offsets) > _LONGEST_S:
            self._offsets.clear()
        self._offsets.append(offset_s)
        return offset_s - min(self._offsets)

    @property
    def is_steady(self) -> bool:
        """Whether the newest messages took about as long as one another, so that their delay is
        hardly that of a network that fails now and then.
        """
        is_full = len(self._offsets) == self._offsets.maxlen
        return is_full and max(self._offsets) - min(self._offsets) <= _STEADY_S
