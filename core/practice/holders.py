"""Which tab a practice goes on in: one at a time, so that nothing is stored twice."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from weakref import ref

from core.live import LiveSession
from core.practice.running import RunningPractice


@dataclass(frozen=True)
class _Holder:
    running: ref[RunningPractice]
    live: ref[LiveSession]

    def is_of(self, running: RunningPractice) -> bool:
        return self.running() is running

    @property
    def records(self) -> bool:
        live = self.live()
        if live is None or self.running() is None:
            return False
        return not live.closed and live.session_id is not None


class PracticeHolders:
    """The tabs of a server that practices go on in. Thread-safe.

    A tab that is closed closes its live session, and one whose page was left forgets the practice:
    either lets it go.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._by_practice: dict[str, _Holder] = {}

    def keep(self, running: RunningPractice, live: LiveSession) -> bool:
        """Hold a practice in this tab.

        Returns:
            False where it goes on in another one.
        """
        with self._lock:
            holder = self._by_practice.get(running.practice.id)
            if holder is not None and not holder.is_of(running) and holder.records:
                return False
            self._by_practice[running.practice.id] = _Holder(ref(running), ref(live))
            return True

    def let_go(self, running: RunningPractice) -> None:
        """Hold it no longer, if this tab does."""
        with self._lock:
            holder = self._by_practice.get(running.practice.id)
            if holder is not None and holder.is_of(running):
                del self._by_practice[running.practice.id]

    def is_held(self, practice_id: str) -> bool:
        """Whether it goes on in a tab."""
        with self._lock:
            holder = self._by_practice.get(practice_id)
            return holder is not None and holder.records
