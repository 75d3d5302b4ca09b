"""From the pictures of a room camera to counts of heads, one picture a second."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event, Lock

from core.classroom.room_camera.counting import Head, HeadCounter
from core.classroom.room_camera.seats import SeatGrid
from core.domain import RgbPicture
from core.domain.classroom import RoomSecond

WINDOW_S = 10
"""What is shown is of the last seconds of this number."""

_MOST_WAITING = 600  # counts that the store did not take yet: ten minutes

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class RoomView:
    """What a room camera counted lately.

    Attributes:
        grid: regions of the picture that `seconds` were counted in.
        seconds: of the last `WINDOW_S`, earliest first.
        age_s: since the newest picture that was counted; None before the first.
        failed: whether pictures come that cannot be analysed.
    """

    grid: SeatGrid
    seconds: tuple[RoomSecond, ...]
    age_s: float | None
    failed: bool


class RoomWatch:
    """Counts heads in the pictures of one camera. Nothing of a picture outlives its count, and
    nobody is followed from one picture to the next.

    `process_frame` is called on the camera's thread, everything else on others.

    Args:
        find: the heads of a picture; called for one a second.
        counter: counts them.
        second_now: seconds of the class, now.
    """

    def __init__(
        self,
        find: Callable[[RgbPicture], Sequence[Head]],
        counter: HeadCounter,
        *,
        second_now: Callable[[], float],
    ) -> None:
        self._find = find
        self._counter = counter
        self._second_now = second_now
        self._lock = Lock()
        self._last_second = -1
        self._recent: deque[RoomSecond] = deque(maxlen=WINDOW_S)
        self._waiting: deque[RoomSecond] = deque(maxlen=_MOST_WAITING)
        self._failed = False
        self._over = Event()

    def process_frame(self, rgb: RgbPicture, _sent_s: float, *, skipped: int = 0) -> None:  # noqa: ARG002
        """Count the heads of a picture, if its second has no count yet. Never raises: an error
        would end the stream.
        """
        second = int(self._second_now())
        with self._lock:
            if self._over.is_set() or second <= self._last_second:
                return
            self._last_second = second
        try:
            heads = self._find(rgb)
        # Broad on purpose: nobody above can handle it.
        except Exception as error:  # noqa: BLE001
            if not self._failed:
                _log.error("a picture of a room camera cannot be analysed", exc_info=error)
            self._failed = True
            return
        with self._lock:
            self._failed = False
            if self._over.is_set():
                return
            counted = self._counter.count(second, heads)
            self._recent.append(counted)
            self._waiting.append(counted)

    def divide(self, grid: SeatGrid) -> None:
        """Count in other regions, from the next second on."""
        with self._lock:
            self._counter.divide(grid)
            self._recent.clear()

    def take(self) -> tuple[RoomSecond, ...]:
        """What is to be stored; it is asked for once."""
        with self._lock:
            taken = tuple(self._waiting)
            self._waiting.clear()
        return taken

    def give_back(self, seconds: Sequence[RoomSecond]) -> None:
        """Keep what could not be stored until it is asked for again."""
        with self._lock:
            self._waiting.extendleft(reversed(seconds))

    def end(self) -> None:
        """Count no more: the class was closed, or nothing may be counted."""
        self._over.set()

    @property
    def is_over(self) -> bool:
        """Whether it counts no more."""
        return self._over.is_set()

    def view(self) -> RoomView:
        """What was counted lately."""
        now = self._second_now()
        with self._lock:
            recent = tuple(one for one in self._recent if now - one.second <= WINDOW_S + 1)
            age_s = None if not self._recent else now - self._recent[-1].second
            return RoomView(self._counter.grid, recent, age_s, self._failed)
