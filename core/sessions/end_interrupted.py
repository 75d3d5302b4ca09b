"""Finds and ends interrupted sessions, and keeps a list of them for notices.

After how long without a heartbeat a session counts as interrupted: `heartbeat_timeouts`.
"""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from threading import Lock

from core.domain.errors import UnknownSession
from core.sessions.store import SessionStore
from core.sessions.stored_session import SessionEntry

CHECK_INTERVAL = timedelta(seconds=10)
_MAX_FOUND = 5


class Recovery:
    """Ends interrupted sessions; to be called repeatedly.

    The age of a heartbeat is not enough: after a laptop was suspended, or with the wrong clock of
    another server, it looks minutes old. So a writer counts as crashed only where two checks, ten
    seconds apart, find the same old heartbeat: a running writer sends one every second. A single
    check at the start would also miss the session of a server that was restarted at once. May be
    shared by threads.

    Args:
        store: the session store.
    """

    def __init__(self, store: SessionStore) -> None:
        self._store = store
        self._lock = Lock()
        self._checked_at: datetime | None = None
        self._candidates: dict[str, datetime] = {}  # session id -> heartbeat at the check before
        self._found: deque[SessionEntry] = deque(maxlen=_MAX_FOUND)

    def check(self, now: datetime) -> tuple[SessionEntry, ...]:
        """The newest interrupted sessions with at least one row, oldest first.

        Sessions that were deleted or reopened since are not among them.

        Raises:
            StoreError: the database cannot be read or written.
        """
        with self._lock:
            # Absolute: a clock that was set back would end no session until it has caught up.
            if self._checked_at is None or abs(now - self._checked_at) >= CHECK_INTERVAL:
                self._found.extend(entry for entry in self._end_unchanged(now) if entry.rows)
                self._checked_at = now
                still_ended = [one for one in self._found if self._is_still_ended(one)]
                self._found = deque(still_ended, maxlen=_MAX_FOUND)
            return tuple(self._found)

    def _end_unchanged(self, now: datetime) -> list[SessionEntry]:
        """End those whose heartbeat is the same as at the check before; oldest first."""
        candidates = self._store.interrupted(now=now)
        before = self._candidates
        self._candidates = {one.session.id: one.last_write_at for one in candidates}
        ended = [
            self._store.end_interrupted(one)
            for one in reversed(candidates)
            if before.get(one.session.id) == one.last_write_at
        ]
        return [one for one in ended if one is not None]

    def _is_still_ended(self, ended: SessionEntry) -> bool:
        """Whether a session is still as it was ended here."""
        try:
            entry = self._store.entry(ended.session.id)
        except UnknownSession:  # deleted meanwhile
            return False
        return entry.session.ended_at == ended.session.ended_at
