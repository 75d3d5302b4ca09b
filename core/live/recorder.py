"""Moments to the store, off the camera's thread."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from datetime import datetime
from threading import Condition, Thread
from typing import Protocol

from core.errors import StoreError
from core.vocabulary import Moment, Session

FLUSH_EVERY_S = 0.5
"""Rows wait at most this long: with the write itself well under a second is ever at risk."""

MOST_UNSAVED = 30 * 60 * 10
"""Moments kept while the store refuses: ten minutes at 30 a second, some 30 MB."""

_log = logging.getLogger(__name__)


class Store(Protocol):
    """What a recorder needs of the session store."""

    def begin(self, session: Session) -> None:
        """Write down a session before its first row."""
        ...

    def append(self, session_id: str, moments: list[Moment], *, now: datetime) -> None:
        """Store moments, all or none."""
        ...

    def end(self, session_id: str, *, ended_at: datetime) -> None:
        """Mark a session as over."""
        ...


class Recorder:
    """Stores one session from a thread of its own.

    A write usually takes a few milliseconds, but a locked database makes it wait for seconds: in
    the camera's thread that would freeze the picture. So `keep` only puts a moment into a list, and
    this thread writes the list twice a second, in one transaction. While the store refuses, moments
    stay in the list and the write is repeated.

    Args:
        store: shared with others.
        session: begun with the first write.
        now: the time, aware, UTC.
    """

    def __init__(self, store: Store, session: Session, *, now: Callable[[], datetime]) -> None:
        self._store = store
        self._session = session
        self._now = now
        self._changed = Condition()
        self._unsaved: deque[Moment] = deque()
        self._lost = 0
        self._begun = False
        self._ends_at: datetime | None = None
        self._trouble = ""
        self._thread = Thread(target=self._run, name=f"record {session.id}", daemon=True)
        self._thread.start()

    @property
    def unsaved(self) -> int:
        """Moments not yet in the store."""
        return len(self._unsaved)

    @property
    def trouble(self) -> str:
        """Why the store refuses, in a sentence; empty while all is well."""
        lost = f" {self._lost:,} moments had to be dropped." if self._lost else ""
        return f"{self._trouble}{lost}".strip()

    def keep(self, moment: Moment) -> None:
        """Take a moment over; returns at once. Any thread."""
        with self._changed:
            if len(self._unsaved) >= MOST_UNSAVED:
                self._unsaved.popleft()
                self._lost += 1
            self._unsaved.append(moment)

    def close(self, *, ended_at: datetime, wait_s: float = 10.0) -> bool:
        """Write what is left and mark the session as over; idempotent.

        Args:
            wait_s: how long to wait for the store.
        Returns:
            Whether everything is stored; otherwise the thread goes on trying.
        """
        with self._changed:
            self._ends_at = ended_at if self._ends_at is None else self._ends_at
            self._changed.notify()
        self._thread.join(wait_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while True:
            with self._changed:
                if self._ends_at is None or self._trouble:
                    self._changed.wait(FLUSH_EVERY_S)
                ends_at, batch = self._ends_at, list(self._unsaved)
            if self._write(batch, ends_at) and ends_at is not None:
                return

    def _write(self, batch: list[Moment], ends_at: datetime | None) -> bool:
        try:
            if not self._begun and (batch or ends_at is None):
                self._store.begin(self._session)
                self._begun = True
            if self._begun:
                self._store.append(self._session.id, batch, now=self._now())
                self._forget(batch)
                if ends_at is not None:
                    self._store.end(self._session.id, ended_at=ends_at)
        except StoreError as error:
            if str(error) != self._trouble:
                _log.warning("%s", error)
            self._trouble = str(error)
            return False
        self._trouble = ""
        return True

    def _forget(self, stored: list[Moment]) -> None:
        """Take stored moments off the list; some may have been dropped from it meanwhile."""
        known = {id(moment) for moment in stored}
        with self._changed:
            while self._unsaved and id(self._unsaved[0]) in known:
                self._unsaved.popleft()
