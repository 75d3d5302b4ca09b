"""Writes the samples of a session to the store, in the thread that writes."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import islice
from threading import Condition
from threading import Event as Signal
from time import monotonic

from core.domain import AnalysedFrame, Event, Session
from core.domain.counted import counted
from core.domain.errors import StoreError, UnknownSession
from core.live.session_store import Store
from core.live.writing_thread import FLUSH_EVERY_S, WritingThread, writing_thread_of
from core.sessions import Batch, MeasuredCalibration

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
    """Stores one session, in a thread that may write others too.

    A write usually takes a few milliseconds, but with a locked database it waits for seconds: in
    the camera's thread that would freeze the picture. So `add` only queues a moment, and the thread
    writes the queue twice a second. While that fails, moments stay in the queue and the write is
    repeated.

    Args:
        store: shared with others; with a thread of its own, unless it is a `WritingThread`.
        session: created at once.
        now, flush_every_s: the time, aware, UTC; and the longest time that rows wait.
    """

    def __init__(
        self,
        store: Store | WritingThread,
        session: Session,
        *,
        now: Callable[[], datetime],
        flush_every_s: float = FLUSH_EVERY_S,
    ) -> None:
        self._writing_thread = writing_thread_of(store, now=now)
        self._store = self._writing_thread.store
        self._flush_every_s = flush_every_s
        self._session = session
        self._now = now
        self._condition = Condition()
        self._unsaved: deque[AnalysedFrame] = deque()
        self._events: list[Event] = []  # marks not yet stored
        self._calibrations: dict[int, MeasuredCalibration] = {}  # by face, not yet stored
        self._calibration_failures = 0
        self._lost = {"sample": 0, "mark": 0, "calibration": 0}
        self._batch_size = MAX_BATCH
        self._writing: list[AnalysedFrame] = []
        self._single_failures = self._event_failures = 0
        self._writes_events_alone = self._is_writing_event = self._is_writing_calibration = False
        self._created = False
        self._ends_at: datetime | None = None
        self._is_over = self._has_died = False
        self._settled = Signal()
        self._problem = ""
        self.due_s = 0.0
        self._writing_thread.add(self)

    @property
    def unsaved(self) -> int:
        """Moments not yet in the store."""
        return len(self._unsaved)

    @property
    def is_over(self) -> bool:
        """Whether the session is ended in the store, or cannot be: nothing is left to do."""
        return self._is_over or self._has_died

    @property
    def trouble(self) -> str:
        """Errors, in sentences; empty without any."""
        sentences = [self._problem] if self._problem else []
        lost = [(count, what) for what, count in self._lost.items() if count]
        sentences += [f"{counted(count, what)} dropped." for count, what in lost]
        if self._has_died:
            sentences.append("Recording stopped unexpectedly; see the server's log.")
        return " ".join(sentences)

    def add(self, moment: AnalysedFrame) -> None:
        """Queue a moment; returns at once. Any thread."""
        with self._condition:
            if self._is_over:
                return
            if len(self._unsaved) >= MAX_UNSAVED:
                self._unsaved.popleft()
                self._lost["sample"] += 1
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
        self._writing_thread.wake(self)
        self._settled.wait(wait_s)
        return self._is_over

    def batch(self) -> Batch | None:
        """What can be written together with other sessions; None where more than that is due, as at
        the beginning and the end, and after a refusal.
        """
        with self._condition:
            is_special = self._problem or self._ends_at is not None or self._calibrations
            if not self._created or is_special or len(self._unsaved) > MAX_BATCH:
                return None
            return Batch(self._session.id, list(self._unsaved), list(self._events))

    def stored(self, batch: Batch) -> None:
        """That batch is stored."""
        self._forget(batch.moments)
        with self._condition:
            del self._events[: len(batch.events)]
        self._settle()

    def refused(self, error: StoreError) -> None:
        """Nothing of it was stored."""
        if isinstance(error, UnknownSession):
            self._stop_deleted()
        elif str(error) != self._problem:
            _log.warning("%s", error)
            self._problem = str(error)
        self._settle()

    def died(self) -> None:
        """The thread ended while it was written."""
        self._has_died = True
        self._settle()

    def write(self) -> None:
        """Write everything that is due, alone."""
        ends_at = self._ends_at
        try:
            self._write_all()
            if ends_at is not None:
                self._store.end(self._session.id, ended_at=ends_at)
        except StoreError as error:
            self.refused(error)
        # Broad on purpose: any bug in packing or storing one sample (ValueError, TypeError, a
        # library's own) would end the recording. It is logged with its traceback, shown on screen,
        # and retried with fewer samples until that one is dropped.
        except Exception as error:  # noqa: BLE001
            self._handle_error(error)
        else:
            self._problem = ""
            self._is_over = ends_at is not None
        self._settle()

    def _settle(self) -> None:
        """Set when it is written next; sessions of one pace are due together."""
        now_s, pace_s = monotonic(), self._flush_every_s
        with self._condition:
            if self._problem:
                self.due_s = now_s + RETRY_AFTER_S
            elif self._ends_at is None:
                self.due_s = (now_s // pace_s + 1) * pace_s
        if self.is_over:
            self._settled.set()

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

    def _forget(self, stored: Sequence[AnalysedFrame]) -> None:
        """Remove stored moments from the queue; some may have been dropped meanwhile."""
        known = {id(moment) for moment in stored}
        with self._condition:
            while self._unsaved and id(self._unsaved[0]) in known:
                self._unsaved.popleft()

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
            self._lost["sample"] += 1

    def _handle_event_failure(self) -> None:
        self._is_writing_event = False
        self._event_failures += 1
        if self._event_failures >= _MAX_SINGLE_FAILURES:
            self._forget_event()
            self._lost["mark"] += 1

    def _handle_calibration_failure(self) -> None:
        self._is_writing_calibration = False
        self._calibration_failures += 1
        if self._calibration_failures >= _MAX_SINGLE_FAILURES:
            self._forget_calibration(*self._first_calibration())
            self._lost["calibration"] += 1

    def _stop_deleted(self) -> None:
        """Stop after the session was deleted, and report it."""
        with self._condition:
            self._unsaved.clear()
        self._problem = (
            "This session was deleted while it was recorded; no further data are stored."
        )
        self._is_over = True
