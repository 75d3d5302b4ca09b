"""Writes samples to the store from a thread of its own."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from datetime import datetime
from itertools import islice
from threading import Condition, Thread

from core.domain import AnalysedFrame, Event, Session
from core.domain.counted import counted
from core.domain.errors import StoreError, UnknownSession
from core.live.session_store import Store
from core.sessions import MeasuredCalibration

FLUSH_EVERY_S = 0.5
"""Longest time that rows wait: with the write, well under a second can be lost."""

BROWSER_FLUSH_EVERY_S = 3.0
"""The same for rows of a browser, of which a server takes a hundred: a write costs it a millisecond
whatever its length, and a browser sends once a second."""

RETRY_AFTER_S = 1.0
"""Pause after a failed write."""

MAX_BATCH = 300
"""Moments per transaction: ten seconds at 30 FPS. More would block other threads."""

MAX_UNSAVED = 30 * 60 * 10
"""Moments kept while writes fail: ten minutes at 30 FPS, some 30 MB."""

_MAX_SINGLE_FAILURES = 3
"""Failures of a moment or a mark written alone before it is dropped, as it blocks all behind it."""

_log = logging.getLogger(__name__)


class SessionWriter:
    """Stores one session from a thread of its own.

    A write usually takes a few milliseconds, but with a locked database it waits for seconds: in
    the camera's thread that would freeze the picture. So `add` only queues a moment, and this
    thread writes the queue twice a second. While that fails, moments stay in the queue and the
    write is repeated.

    Args:
        store: shared with others.
        session: created at once.
        now: the time, aware, UTC.
        flush_every_s: longest time that rows wait.
    """

    def __init__(
        self,
        store: Store,
        session: Session,
        *,
        now: Callable[[], datetime],
        flush_every_s: float = FLUSH_EVERY_S,
    ) -> None:
        self._store = store
        self._flush_every_s = flush_every_s
        self._session = session
        self._now = now
        self._condition = Condition()
        self._unsaved: deque[AnalysedFrame] = deque()
        self._events: list[Event] = []  # marks not yet stored
        self._calibrations: dict[int, MeasuredCalibration] = {}  # by face, not yet stored
        self._calibration_failures = 0
        self._lost = self._lost_events = self._lost_calibrations = 0
        self._batch_size = MAX_BATCH
        self._writing: list[AnalysedFrame] = []
        self._single_failures = self._event_failures = 0
        self._writes_events_alone = self._is_writing_event = self._is_writing_calibration = False
        self._created = False
        self._ends_at: datetime | None = None
        self._is_over = False
        self._problem = ""
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
        """Errors, in sentences; empty without any."""
        sentences = [self._problem] if self._problem else []
        if self._lost:
            sentences.append(f"{counted(self._lost, 'sample')} dropped.")
        if self._lost_events:
            sentences.append(f"{counted(self._lost_events, 'mark')} dropped.")
        if self._lost_calibrations:
            sentences.append(f"{counted(self._lost_calibrations, 'calibration')} dropped.")
        if not (self._is_over or self._thread.is_alive()):
            sentences.append("Recording stopped unexpectedly; see the server's log.")
        return " ".join(sentences)

    def add(self, moment: AnalysedFrame) -> None:
        """Queue a moment; returns at once. Any thread."""
        with self._condition:
            if self._is_over:
                return
            if len(self._unsaved) >= MAX_UNSAVED:
                self._unsaved.popleft()
                self._lost += 1
            self._unsaved.append(moment)

    def add_event(self, event: Event) -> None:
        """Queue a mark; before `end`. Any thread."""
        with self._condition:
            self._events.append(event)

    def set_calibration(self, face_id: int, measured: MeasuredCalibration) -> None:
        """Queue a face's calibration, in place of an earlier one; before `end`. Any thread."""
        with self._condition:
            self._calibrations[face_id] = measured

    def end(self, *, ended_at: datetime, wait_s: float) -> bool:
        """Write the rest of the queue and mark the session as ended; idempotent.

        Args:
            wait_s: how long to wait for it; the thread continues afterwards.
        Returns:
            Whether everything is stored.
        """
        with self._condition:
            self._ends_at = ended_at if self._ends_at is None else self._ends_at
            self._condition.notify()
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
                self._stop_deleted()
            except StoreError as error:
                self._handle_refusal(error)
            # Broad on purpose: nothing above this thread can handle an error. Raised, any bug in
            # packing or storing one sample (ValueError, TypeError, a library's own) would end it:
            # later samples would pile up and the session would never be ended. The error is logged
            # with its traceback, shown on screen, and retried with fewer samples until the one
            # that cannot be stored is dropped (`_handle_error`).
            except Exception as error:  # noqa: BLE001
                self._handle_error(error)
            else:
                self._problem = ""
                self._is_over = ends_at is not None

    def _wait(self) -> datetime | None:
        """Wait until the next write is due; returns when the session ended, if it did."""
        with self._condition:
            if self._problem:
                self._condition.wait(RETRY_AFTER_S)
            elif self._ends_at is None:
                self._condition.wait(self._flush_every_s)
            return self._ends_at

    def _write_all(self) -> None:
        self._is_writing_calibration = False
        if not self._created:
            self._store.begin(self._session)
            self._created = True
        while True:
            with self._condition:
                batch_size = self._batch_size
                batch = self._writing = list(islice(self._unsaved, batch_size))
                events = [] if self._writes_events_alone else list(self._events)
            # An empty one too: it is the heartbeat by which others know that this process lives.
            self._store.append(self._session.id, batch, now=self._now(), events=events)
            self._forget(batch)
            with self._condition:
                del self._events[: len(events)]
            self._batch_size, self._writing, self._single_failures = MAX_BATCH, [], 0
            if len(batch) < batch_size:
                break
        if self._writes_events_alone:
            self._write_events()
        self._write_calibrations()

    def _write_events(self) -> None:
        """Write marks one by one, after a bug: one that cannot be stored then blocks no moment."""
        while self._events:
            self._is_writing_event = True
            self._store.append(self._session.id, [], now=self._now(), events=self._events[:1])
            self._forget_event()
        self._writes_events_alone = False

    def _write_calibrations(self) -> None:
        """Store calibrations one by one, and last: one that cannot be stored then blocks no row."""
        while self._calibrations:
            face_id, measured = self._first_calibration()
            self._is_writing_calibration = True
            self._store.set_calibration(self._session.id, face_id, measured)
            self._forget_calibration(face_id, measured)

    def _first_calibration(self) -> tuple[int, MeasuredCalibration]:
        with self._condition:
            return next(iter(self._calibrations.items()))

    def _forget_calibration(self, face_id: int, measured: MeasuredCalibration) -> None:
        """Remove it from the queue, unless there is a newer one by now."""
        with self._condition:
            if self._calibrations[face_id] is measured:
                del self._calibrations[face_id]
        self._is_writing_calibration, self._calibration_failures = False, 0

    def _forget_event(self) -> None:
        with self._condition:
            del self._events[:1]
        self._is_writing_event, self._event_failures = False, 0

    def _forget(self, stored: list[AnalysedFrame]) -> None:
        """Remove stored moments from the queue; some may have been dropped meanwhile."""
        known = {id(moment) for moment in stored}
        with self._condition:
            while self._unsaved and id(self._unsaved[0]) in known:
                self._unsaved.popleft()

    def _handle_refusal(self, error: StoreError) -> None:
        if str(error) != self._problem:
            _log.warning("%s", error)
        self._problem = str(error)

    def _handle_error(self, error: Exception) -> None:
        """After a bug, perhaps with one moment or mark: the next write has half as many moments and
        no marks, until the one that cannot be stored is found and dropped.
        """
        problem = f"Rows could not be stored ({type(error).__name__}); retrying."
        if problem != self._problem:
            _log.error("session %s could not be stored", self._session.id, exc_info=error)
        self._problem = problem
        self._writes_events_alone = True
        if self._is_writing_calibration:
            self._handle_calibration_failure()
        elif self._is_writing_event:
            self._handle_event_failure()
        elif len(self._writing) > 1:
            self._batch_size = len(self._writing) // 2
        elif self._writing:
            self._single_failures += 1
        if self._single_failures >= _MAX_SINGLE_FAILURES:
            self._forget(self._writing)
            self._writing, self._single_failures = [], 0
            self._lost += 1

    def _handle_event_failure(self) -> None:
        self._is_writing_event = False
        self._event_failures += 1
        if self._event_failures >= _MAX_SINGLE_FAILURES:
            self._forget_event()
            self._lost_events += 1

    def _handle_calibration_failure(self) -> None:
        self._is_writing_calibration = False
        self._calibration_failures += 1
        if self._calibration_failures >= _MAX_SINGLE_FAILURES:
            self._forget_calibration(*self._first_calibration())
            self._lost_calibrations += 1

    def _stop_deleted(self) -> None:
        """Stop after the session was deleted, and report it."""
        with self._condition:
            self._unsaved.clear()
        self._problem = (
            "This session was deleted while it was recorded; no further data are stored."
        )
        self._is_over = True
