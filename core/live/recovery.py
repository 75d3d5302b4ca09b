"""Sessions that a crash cut off: ended, and remembered so that somebody is told."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from threading import Lock

from core.errors import UnknownSession
from core.sessions import SessionEntry, SessionStore

LOOKS_EVERY = timedelta(seconds=10)
_MOST = 5


class Recovery:
    """Ends sessions whose writer vanished, again and again.

    A writer counts as gone only after a while of silence, as another server may share the database:
    looking once, at the start, would miss the session of a server that was restarted at once. May
    be shared by any number of threads.

    Args:
        store: where to look.
    """

    def __init__(self, store: SessionStore) -> None:
        self._store = store
        self._lock = Lock()
        self._looked_at: datetime | None = None
        self._found: deque[SessionEntry] = deque(maxlen=_MOST)

    def look(self, now: datetime) -> tuple[SessionEntry, ...]:
        """The newest sessions with at least one row that were cut off, oldest first.

        Those that were deleted are not told of any more.

        Raises:
            StoreError: the database cannot be read or written.
        """
        with self._lock:
            if self._looked_at is None or now - self._looked_at >= LOOKS_EVERY:
                found = self._store.recover(now=now)
                self._looked_at = now
                self._found.extend(entry for entry in reversed(found) if entry.rows)
                there = [one for one in self._found if self._is_there(one.session.id)]
                self._found = deque(there, maxlen=_MOST)
            return tuple(self._found)

    def _is_there(self, session_id: str) -> bool:
        try:
            self._store.look(session_id)
        except UnknownSession:  # deleted meanwhile
            return False
        return True
