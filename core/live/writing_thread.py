"""One thread that writes the sessions of a process."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from threading import Condition, Thread
from time import monotonic, sleep
from typing import Protocol

from core.domain.errors import StoreError
from core.live.session_store import Store
from core.sessions import Batch

FLUSH_EVERY_S = 0.5
"""Longest time that rows wait: with the write, well under a second can be lost."""

BROWSER_FLUSH_EVERY_S = 1.0
"""The same for rows of a browser, which sends once a second."""

MAX_TOGETHER = 150
"""Moments of several sessions per transaction, a second of thirty browsers: some milliseconds. More
would block other programs that write, and the answers to messages."""

_REST_S = 0.02
"""Between two transactions: messages are answered meanwhile."""

_LOCKED_S = 1.0
"""A write that takes longer waited for a lock: a hundred that each wait so would take minutes."""

_log = logging.getLogger(__name__)


class Writer(Protocol):
    """What is new of one session; the thread alone calls these."""

    due_s: float
    """When it should be written, monotonic."""

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to do."""
        ...

    def batch(self) -> Batch | None:
        """What can be written together with other sessions; None where more than that is due."""
        ...

    def stored(self, batch: Batch) -> None:
        """That batch is stored."""
        ...

    def refused(self, error: StoreError) -> None:
        """Nothing of it was stored."""
        ...

    def write(self) -> None:
        """Write everything that is due, alone."""
        ...

    def died(self) -> None:
        """The thread ended while it was written."""
        ...


class WritingThread:
    """Writes what is due of several sessions, in one transaction where that is possible. Shared.

    A hundred sessions with a thread and a transaction each wait for one another's locks, and take
    three times as long. The thread lives as long as a session does.

    Args:
        store: stores the rows.
        now: the time, aware, UTC.
    """

    def __init__(self, store: Store, *, now: Callable[[], datetime]) -> None:
        self.store = store
        self._now = now
        self._condition = Condition()
        self._writers: list[Writer] = []
        self._runs = False

    def add(self, writer: Writer) -> None:
        """Begin to write a session."""
        with self._condition:
            self._writers.append(writer)
            if not self._runs:
                self._runs = True
                Thread(target=self._run, name="record sessions", daemon=True).start()
            self._condition.notify()

    def wake(self, writer: Writer) -> None:
        """Write a session now."""
        with self._condition:
            writer.due_s = 0.0
            self._condition.notify()

    def _run(self) -> None:
        while due := self._wait():
            try:
                self._write(due)
            # A bug here must end none but the sessions that it concerns.
            except BaseException as error:  # noqa: BLE001
                _log.error("sessions are not recorded any more", exc_info=error)
                for one in due:
                    one.died()

    def _wait(self) -> list[Writer]:
        """Wait until sessions are due; returns them, and none when all are over."""
        with self._condition:
            while True:
                self._writers = [one for one in self._writers if not one.is_over]
                if not self._writers:
                    self._runs = False
                    return []
                wait_s = min(one.due_s for one in self._writers) - monotonic()
                if wait_s <= 0:
                    # Longest waiting first: after a refusal each has its turn.
                    return sorted(
                        (one for one in self._writers if one.due_s <= monotonic()),
                        key=lambda one: one.due_s,
                    )
                self._condition.wait(wait_s)

    def _write(self, due: Sequence[Writer]) -> None:
        pairs = [(one, one.batch()) for one in due] if len(due) > 1 else []
        together = [(one, batch) for one, batch in pairs if batch is not None]
        done = set()
        while together:
            count = _first_that_fit([batch for _, batch in together])
            done |= self._write_together(together[:count])
            together = together[count:]
            if together:
                sleep(_REST_S)
        for one in due:
            began_s = monotonic()
            if one not in done:
                self._write_alone(one)
            if monotonic() - began_s > _LOCKED_S:  # those after it are still due, and longest
                return

    def _write_together(self, pairs: Sequence[tuple[Writer, Batch]]) -> set[Writer]:
        """Write batches in one transaction; returns the sessions that are done for now."""
        try:
            refused = self.store.append_together([batch for _, batch in pairs], now=self._now())
        except StoreError as error:
            for one, _ in pairs:
                one.refused(error)
            return {one for one, _ in pairs}
        # Broad on purpose: one bad sample must not keep a hundred sessions from being stored. Each
        # is written alone then, where the error is reported and the sample is found.
        except Exception:  # noqa: BLE001
            return set()
        for one, batch in pairs:
            if batch.session_id in refused:
                one.refused(refused[batch.session_id])
            else:
                one.stored(batch)
        return {one for one, _ in pairs}

    def _write_alone(self, writer: Writer) -> None:
        try:
            writer.write()
        # What ends a thread, such as SystemExit, must not end the other sessions' recording.
        except BaseException as error:  # noqa: BLE001
            _log.error("a session is not recorded any more", exc_info=error)
            writer.died()


def _first_that_fit(batches: Sequence[Batch]) -> int:
    """How many of them fit into one transaction; at least 1."""
    moments = 0
    for count, one in enumerate(batches):
        moments += len(one.moments)
        if moments > MAX_TOGETHER and count:
            return count
    return len(batches)


def writing_thread_of(
    store: Store | WritingThread, *, now: Callable[[], datetime]
) -> WritingThread:
    """The thread itself, or one for this store alone."""
    return store if isinstance(store, WritingThread) else WritingThread(store, now=now)
