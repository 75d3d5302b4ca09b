"""A session store that waits while the database refuses: a recording took longer to read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from core.domain import AnalysedFrame, LogMessage, Session
from core.domain.errors import StoreError, UnknownSession
from core.jobs import JobContext, RunCancelled
from core.sessions import SessionEntry, SessionStore

RETRY_AFTER_S = 1.0
GIVE_UP_AFTER = timedelta(minutes=10)

Answer = TypeVar("Answer")


class RetryingStore:
    """The same calls as of `SessionStore`; a refused one is repeated for ten minutes.

    Nothing piles up meanwhile: reading waits. The person who watches is told.

    Args:
        store: what is asked.
        place: of the run; its clock and `wait` pass the time.

    Every call raises:
        UnknownSession: at once.
        StoreError: the database refused all the time.
        RunCancelled: somebody asked to stop while it refused.
    """

    def __init__(self, store: SessionStore, place: JobContext) -> None:
        self._store = store
        self._place = place
        self._refused_since: datetime | None = None

    def begin(self, session: Session) -> None:
        """Write down a session before its first row."""
        self._patiently(lambda: self._store.begin(session))

    def append(self, session_id: str, moments: Sequence[AnalysedFrame]) -> None:
        """Store moments, all or none."""
        self._patiently(lambda: self._store.append(session_id, moments, now=self._place.clock()))

    def end(self, session_id: str, *, ended_at: datetime) -> None:
        """Mark a session as over."""
        self._patiently(lambda: self._store.end(session_id, ended_at=ended_at))

    def look(self, session_id: str) -> SessionEntry:
        """One session without its rows."""
        return self._patiently(lambda: self._store.look(session_id))

    def delete(self, session_id: str) -> None:
        """Remove a session and all its rows for good."""
        self._patiently(lambda: self._store.delete(session_id))

    def _patiently(self, ask: Callable[[], Answer]) -> Answer:
        while True:
            try:
                answer = ask()
            except UnknownSession:
                raise
            except StoreError as refusal:
                if self._is_refused_for_long(refusal):
                    raise
            else:
                self._refused_since = None
                return answer
            if self._place.stop_requested():
                raise RunCancelled
            self._place.wait(RETRY_AFTER_S)

    def _is_refused_for_long(self, refusal: StoreError) -> bool:
        now = self._place.clock()
        if self._refused_since is None:
            self._refused_since = now
            minutes = round(GIVE_UP_AFTER.total_seconds() / 60)
            words = f"{refusal} Retrying for up to {minutes} minutes."
            self._place.journal.append(LogMessage(words))
        return now - self._refused_since >= GIVE_UP_AFTER
