"""Writes what all learners of this process share, twice a second."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from threading import Lock
from time import monotonic, sleep

from core.classroom.ingest.every_second import EverySecond
from core.classroom.store.learners import set_states
from core.classroom.store.seconds import append_seconds_together
from core.domain.classroom import ClassSeconds, LearnerState, joined_seconds
from core.domain.errors import StoreError
from core.sessions import SessionStore

MAX_UNSAVED = 300 * 600
"""Rows kept while the database refuses: ten minutes of 300 learners, some 30 MB."""

EVERY_S = 0.5
"""Where both this and a board's looks came once a second, of 300 learners one second in twenty was
older than 2.6 s when it was first shown."""

_CLOSING_STEP_S = 0.05

_log = logging.getLogger(__name__)


class SecondsWriter:
    """Stores seconds of all classes in one transaction each time, by one thread. Thread-safe.

    While the database refuses, what comes is kept, up to `MAX_UNSAVED` rows, and the write is
    repeated; from then on `is_full` says that no more should be taken.

    Args:
        store: of classes.
        now: the time, aware, UTC.
        every_s: how often it writes.
    """

    def __init__(
        self, store: SessionStore, *, now: Callable[[], datetime], every_s: float = EVERY_S
    ) -> None:
        self._store = store
        self._now = now
        self._lock = Lock()
        self._writes = Lock()  # held while something is written
        self._unsaved: dict[str, list[ClassSeconds]] = {}
        self._states: dict[str, LearnerState] = {}
        self._trouble = ""
        self._thread = EverySecond(self._write, name="class seconds", every_s=every_s)

    @property
    def unsaved(self) -> int:
        """Rows that are not stored yet."""
        with self._lock:
            return sum(len(part) for parts in self._unsaved.values() for part in parts)

    @property
    def is_full(self) -> bool:
        """Whether no more should be taken until the database takes what is there."""
        return bool(self._trouble) and self.unsaved >= MAX_UNSAVED

    @property
    def trouble(self) -> str:
        """Why rows wait, in a sentence; empty while they are stored."""
        return self._trouble

    def add(self, classroom_id: str, seconds: ClassSeconds) -> None:
        """Store rows of a class soon; returns at once."""
        if not len(seconds):
            return
        with self._lock:
            self._unsaved.setdefault(classroom_id, []).append(seconds)
        self._thread.begin()

    def set_state(self, learner_id: str, state: LearnerState) -> None:
        """Store soon what a learner's device does, and that it was heard of now."""
        with self._lock:
            self._states[learner_id] = state
        self._thread.begin()

    def close(self, *, wait_s: float) -> None:
        """Write what is there, for at most so long; it may be used afterwards."""
        give_up_s = monotonic() + wait_s
        while self._write() and monotonic() < give_up_s:
            sleep(_CLOSING_STEP_S)

    def _write(self) -> bool:
        """Write everything; returns whether something is left."""
        with self._writes:
            try:
                self._write_seconds()
                self._write_states()
                self._trouble = ""
            except StoreError as error:
                self._trouble = str(error)
        with self._lock:
            return bool(self._unsaved or self._states)

    def _write_seconds(self) -> None:
        with self._lock:
            taken = {name: tuple(parts) for name, parts in self._unsaved.items()}
        batches = {name: joined_seconds(parts, _scores(parts)) for name, parts in taken.items()}
        if not batches:
            return
        try:
            append_seconds_together(self._store, batches)
        except StoreError:
            raise
        # Broad on purpose: one bad row must not keep all other classes' from being stored.
        except Exception as error:  # noqa: BLE001
            _log.error("seconds of several classes cannot be stored together", exc_info=error)
            self._write_each(batches)
        with self._lock:
            for name, parts in taken.items():
                self._drop(name, len(parts))

    def _write_each(self, batches: dict[str, ClassSeconds]) -> None:
        for name, seconds in batches.items():
            try:
                append_seconds_together(self._store, {name: seconds})
            except StoreError:
                raise
            except Exception as error:  # noqa: BLE001
                _log.error("seconds of the class %s are lost", name, exc_info=error)

    def _drop(self, classroom_id: str, count: int) -> None:
        """Forget the oldest parts of a class; the lock is held."""
        del self._unsaved[classroom_id][:count]
        if not self._unsaved[classroom_id]:
            del self._unsaved[classroom_id]

    def _write_states(self) -> None:
        with self._lock:
            states = dict(self._states)
        if states:
            set_states(self._store, states, now=self._now())
        with self._lock:
            for learner_id, state in states.items():
                if self._states.get(learner_id) is state:
                    del self._states[learner_id]


def _scores(parts: tuple[ClassSeconds, ...]) -> int:
    """How many scores the rows of a class have."""
    return max(int(part.scores.shape[1]) for part in parts)
