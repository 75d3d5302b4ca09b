"""Sessions that a crash cut off: ended, and remembered so that somebody is told."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from threading import Lock

from core.domain.errors import UnknownSession
from core.sessions.entry import SessionEntry
from core.sessions.store import SessionStore

LOOKS_EVERY = timedelta(seconds=10)
_MOST = 5


class Recovery:
    """Ends sessions whose writer vanished, again and again.

    A clock alone does not tell that: a laptop that slept, or another server whose clock is wrong,
    makes a living writer look silent for minutes. So a writer counts as gone only where two looks,
    ten seconds apart, find the same last sign of life, and it is old: whoever lives gives one every
    second. Looking once, at the start, would also miss the session of a server that was restarted
    at once. May be shared by any number of threads.

    Args:
        store: where to look.
    """

    def __init__(self, store: SessionStore) -> None:
        self._store = store
        self._lock = Lock()
        self._looked_at: datetime | None = None
        self._silent: dict[str, datetime] = {}  # their last sign of life, as of the look before
        self._found: deque[SessionEntry] = deque(maxlen=_MOST)

    def look(self, now: datetime) -> tuple[SessionEntry, ...]:
        """The newest sessions with at least one row that were cut off, oldest first.

        Those that were deleted, or that their writer took back, are not told of any more.

        Raises:
            StoreError: the database cannot be read or written.
        """
        with self._lock:
            if self._looked_at is None or now - self._looked_at >= LOOKS_EVERY:
                self._found.extend(entry for entry in self._end_silent(now) if entry.rows)
                self._looked_at = now
                there = [one for one in self._found if self._is_cut_off(one)]
                self._found = deque(there, maxlen=_MOST)
            return tuple(self._found)

    def _end_silent(self, now: datetime) -> list[SessionEntry]:
        """End those that were as silent at the look before; oldest first."""
        silent = self._store.interrupted(now=now)
        before = self._silent
        self._silent = {one.session.id: one.last_write_at for one in silent}
        ended = [
            self._store.end_interrupted(one)
            for one in reversed(silent)
            if before.get(one.session.id) == one.last_write_at
        ]
        return [one for one in ended if one is not None]

    def _is_cut_off(self, ended: SessionEntry) -> bool:
        """Whether it still is as it was ended here."""
        try:
            entry = self._store.look(ended.session.id)
        except UnknownSession:  # deleted meanwhile
            return False
        return entry.session.ended_at == ended.session.ended_at
