"""A session store that retries while the database refuses: analysing again takes long."""

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

Result = TypeVar("Result")


class RetryingStore:
    """The calls of `SessionStore`; a refused one is repeated for ten minutes.

    Nothing queues up meanwhile: reading waits. The run reports it.

    Args:
        store: the store itself.
        context: of the run, with its clock and `wait`.

    Every call raises:
        UnknownSession: at once.
        StoreError: the database refused for ten minutes.
        RunCancelled: the run was cancelled meanwhile.
    """

    def __init__(self, store: SessionStore, context: JobContext) -> None:
        self._store = store
        self._context = context
        self._refused_since: datetime | None = None

    def begin(self, session: Session) -> None:
        """Create a session, before its first row."""
        self._retry(lambda: self._store.begin(session))

    def append(self, session_id: str, moments: Sequence[AnalysedFrame]) -> None:
        """Store moments, all or none."""
        self._retry(lambda: self._store.append(session_id, moments, now=self._context.clock()))

    def end(self, session_id: str, *, ended_at: datetime) -> None:
        """Mark a session as ended."""
        self._retry(lambda: self._store.end(session_id, ended_at=ended_at))

    def entry(self, session_id: str) -> SessionEntry:
        """One session without its rows."""
        return self._retry(lambda: self._store.entry(session_id))

    def delete(self, session_id: str) -> None:
        """Delete a session and all its rows."""
        self._retry(lambda: self._store.delete(session_id))

    def _retry(self, call: Callable[[], Result]) -> Result:
        while True:
            try:
                result = call()
            except UnknownSession:
                raise
            except StoreError as refusal:
                if self._has_timed_out(refusal):
                    raise
            else:
                self._refused_since = None
                return result
            if self._context.stop_requested():
                raise RunCancelled
            self._context.wait(RETRY_AFTER_S)

    def _has_timed_out(self, refusal: StoreError) -> bool:
        now = self._context.clock()
        if self._refused_since is None:
            self._refused_since = now
            minutes = round(GIVE_UP_AFTER.total_seconds() / 60)
            message = f"{refusal} Retrying for up to {minutes} minutes."
            self._context.journal.append(LogMessage(message))
        return now - self._refused_since >= GIVE_UP_AFTER
