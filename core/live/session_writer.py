"""Writes samples to the store, off the camera's thread."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import islice
from threading import Condition, Thread
from typing import Protocol

from core.domain import AnalysedFrame, Event, Session
from core.domain.counted import counted
from core.domain.errors import StoreError, UnknownSession

FLUSH_EVERY_S = 0.5
"""Rows wait at most this long: with the write itself well under a second is ever at risk."""

RETRY_AFTER_S = 1.0
"""After a refusal."""

MOST_AT_ONCE = 300
"""Moments in one transaction: ten seconds at 30 a second. More would keep other threads waiting."""

MOST_UNSAVED = 30 * 60 * 10
"""Moments kept while the store refuses: ten minutes at 30 a second, some 30 MB."""

_TRIES_ALONE = 3
"""Before a moment that fails by itself, too, is dropped: it would hold up all behind it."""

_log = logging.getLogger(__name__)


class Store(Protocol):
    """What a recorder needs of the session store."""

    def begin(self, session: Session) -> None:
        """Write down a session before its first row."""
        ...

    def append(
        self,
        session_id: str,
        moments: Sequence[AnalysedFrame],
        *,
        now: datetime,
        events: Sequence[Event] = (),
    ) -> None:
        """Store moments and marks, all or none."""
        ...

    def end(self, session_id: str, *, ended_at: datetime) -> None:
        """Mark a session as over."""
        ...


class SessionWriter:
    """Stores one session from a thread of its own.

    A write usually takes a few milliseconds, but a locked database makes it wait for seconds: in
    the camera's thread that would freeze the picture. So `keep` only puts a moment into a list, and
    this thread writes the list twice a second. While that fails, for whatever reason, moments stay
    in the list and the write is repeated.

    Args:
        store: shared with others.
        session: begun at once.
        now: the time, aware, UTC.
    """

    def __init__(self, store: Store, session: Session, *, now: Callable[[], datetime]) -> None:
        self._store = store
        self._session = session
        self._now = now
        self._changed = Condition()
        self._unsaved: deque[AnalysedFrame] = deque()
        self._events: list[Event] = []  # marks not yet stored; people set them, by hand
        self._lost = 0
        self._at_once = MOST_AT_ONCE
        self._writing: list[AnalysedFrame] = []
        self._failed_alone = 0
        self._begun = False
        self._ends_at: datetime | None = None
        self._is_over = False
        self._refusal = ""
        self._thread = Thread(target=self._run, name=f"record {session.id}", daemon=True)
        self._thread.start()

    @property
    def unsaved(self) -> int:
        """Moments not yet in the store."""
        return len(self._unsaved)

    @property
    def is_over(self) -> bool:
        """Whether the session is ended in the store, and nothing is left to do."""
        return self._is_over

    @property
    def trouble(self) -> str:
        """What does not work, in sentences; empty while all is well."""
        words = [self._refusal] if self._refusal else []
        if self._lost:
            words.append(f"{counted(self._lost, 'sample')} dropped.")
        if not (self._is_over or self._thread.is_alive()):
            words.append("Recording stopped unexpectedly; see the server's log.")
        return " ".join(words)

    def keep(self, moment: AnalysedFrame) -> None:
        """Take a moment over; returns at once. Any thread."""
        with self._changed:
            if self._is_over:
                return
            if len(self._unsaved) >= MOST_UNSAVED:
                self._unsaved.popleft()
                self._lost += 1
            self._unsaved.append(moment)

    def note(self, event: Event) -> None:
        """Take a mark over; before `end`. Any thread."""
        with self._changed:
            self._events.append(event)

    def end(self, *, ended_at: datetime, wait_s: float) -> bool:
        """Write what is left and mark the session as over; idempotent.

        Args:
            wait_s: how long to wait for it; afterwards the thread goes on trying.
        Returns:
            Whether everything is stored.
        """
        with self._changed:
            self._ends_at = ended_at if self._ends_at is None else self._ends_at
            self._changed.notify()
        self._thread.join(wait_s)
        return self._is_over

    def _run(self) -> None:
        while not self._is_over:
            ends_at = self._wait()
            try:
                self._write_all()
                if ends_at is not None:
                    self._store.end(self._session.id, ended_at=ends_at)
            except UnknownSession:
                self._give_up()
            except StoreError as error:
                self._refused(error)
            # Broad on purpose: nothing above this thread can handle an error. Let out, any bug in
            # packing or storing one sample (ValueError, TypeError, a library's own) would end it:
            # later samples would pile up and the session would never be ended. The error is logged
            # with its traceback, shown on screen, and retried with fewer samples until the one
            # that cannot be stored is dropped (`_stumbled`).
            except Exception as error:  # noqa: BLE001
                self._stumbled(error)
            else:
                self._refusal = ""
                self._is_over = ends_at is not None

    def _wait(self) -> datetime | None:
        """Until there is something to do; when the session ended, if it did."""
        with self._changed:
            if self._refusal:
                self._changed.wait(RETRY_AFTER_S)
            elif self._ends_at is None:
                self._changed.wait(FLUSH_EVERY_S)
            return self._ends_at

    def _write_all(self) -> None:
        if not self._begun:
            self._store.begin(self._session)
            self._begun = True
        while True:
            with self._changed:
                at_once = self._at_once
                batch = self._writing = list(islice(self._unsaved, at_once))
                events = list(self._events)
            # An empty one too: it is the sign of life by which others know that nobody crashed.
            self._store.append(self._session.id, batch, now=self._now(), events=events)
            self._forget(batch)
            with self._changed:
                del self._events[: len(events)]
            self._at_once, self._writing, self._failed_alone = MOST_AT_ONCE, [], 0
            if len(batch) < at_once:
                return

    def _forget(self, stored: list[AnalysedFrame]) -> None:
        """Take stored moments off the list; some may have been dropped from it meanwhile."""
        known = {id(moment) for moment in stored}
        with self._changed:
            while self._unsaved and id(self._unsaved[0]) in known:
                self._unsaved.popleft()

    def _refused(self, error: StoreError) -> None:
        if str(error) != self._refusal:
            _log.warning("%s", error)
        self._refusal = str(error)

    def _stumbled(self, error: Exception) -> None:
        """A bug, perhaps over one of the moments: the next try is with half as many, until the one
        is found that cannot be stored, and those behind it can.
        """
        words = f"Rows could not be stored ({type(error).__name__}); retrying."
        if words != self._refusal:
            _log.error("session %s could not be stored", self._session.id, exc_info=error)
        self._refusal = words
        if len(self._writing) > 1:
            self._at_once = len(self._writing) // 2
        elif self._writing:
            self._failed_alone += 1
        if self._failed_alone >= _TRIES_ALONE:
            self._forget(self._writing)
            self._writing, self._failed_alone = [], 0
            self._lost += 1

    def _give_up(self) -> None:
        """Somebody deleted the session: that is respected, and said."""
        with self._changed:
            self._unsaved.clear()
        self._refusal = (
            "This session was deleted while it was recorded; no further data are stored."
        )
        self._is_over = True
