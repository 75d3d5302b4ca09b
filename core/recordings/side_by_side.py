"""Reads the files of a run in order, several side by side where the processor has idle cores."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from functools import partial
from math import inf
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Protocol

from core.domain import LogMessage, PartDone, Session
from core.domain.errors import MediaError
from core.domain.progress import ProgressCallback
from core.jobs import REPORT_EVERY_S, JobContext, RunCancelled
from core.recordings.run_sessions import run_sessions

_CORES_EACH = 2  # of one file: following faces fills one, everything else most of another
_MOST_AT_ONCE = 4  # Python's lock is held for a quarter of a frame's time


class FileReader(Protocol):
    """Analyses files into sessions."""

    def begin(self, file: Path) -> Session:
        """Create the session of a file."""
        ...

    def read(self, file: Path, session: Session, on_progress: ProgressCallback) -> None:
        """Analyse a file into its session; on any thread, also several at once."""
        ...


def files_at_once() -> int:
    """How many files to read side by side on this machine: 1 to 4."""
    if hasattr(os, "sched_getaffinity"):
        cores = len(os.sched_getaffinity(0))
    else:
        cores = os.cpu_count() or 1
    return max(1, min(cores // _CORES_EACH, _MOST_AT_ONCE))


def read_files(
    files: Sequence[Path], reader: FileReader, context: JobContext, *, at_once: int
) -> None:
    """Every file; sessions begin in the order of the files, and unreadable ones are skipped.

    Args:
        at_once: how many are read side by side.
    Raises:
        MediaError: no file could be read, now or before.
        RunCancelled: the run was cancelled.
        whatever else reading a file raises; it stops the others too.
    """
    reading = _Reading(files, reader, context)
    with ThreadPoolExecutor(at_once, thread_name_prefix="recording") as pool:
        try:
            at_work = set[Future[None]]()
            for number in range(len(files)):
                at_work = _with_a_place(at_work, at_once)
                at_work.add(pool.submit(reading.read, number, reading.begin(number)))
            _with_a_place(at_work, 1)
        except BaseException as error:
            reading.progress.stop(error)
            raise
    _expect_not_cancelled(context)
    errors = reading.errors
    if errors and not run_sessions(context.folder):
        raise errors[min(errors)]


def _with_a_place(at_work: set[Future[None]], at_once: int) -> set[Future[None]]:
    """Wait until fewer than `at_once` are at work; returns those, and raises what one raised."""
    while len(at_work) >= at_once:
        over, at_work = wait(at_work, return_when=FIRST_COMPLETED)
        for one in over:
            one.result()
    return at_work


def _expect_not_cancelled(context: JobContext) -> None:
    if context.stop_requested():
        raise RunCancelled


class _Reading:
    """The files of a run, by number; what ends one ends the others.

    Args:
        files, reader, context: see `read_files`.
    """

    def __init__(self, files: Sequence[Path], reader: FileReader, context: JobContext) -> None:
        self._files = files
        self._reader = reader
        self._context = context
        self.progress = _Progress(files, context)
        self.errors: dict[int, MediaError] = {}

    def begin(self, number: int) -> Session:
        """Begin a file's session, on the thread that hands the files out: in their order."""
        _expect_not_cancelled(self._context)
        self.progress.begin(number)
        return self._reader.begin(self._files[number])

    def read(self, number: int, session: Session) -> None:
        """Read a file, on any thread."""
        try:
            self._reader.read(self._files[number], session, partial(self.progress.report, number))
        except MediaError as error:
            self.errors[number] = error
            if len(self._files) > 1:
                self._context.journal.append(LogMessage(str(error), is_warning=True))
        except BaseException as error:
            self.progress.stop(error)
            raise
        self.progress.finish(number)


class _Progress:
    """Progress of all files together, at most twice a second; it also stops them.

    Args:
        files: of the run.
        context: where it runs.
    """

    def __init__(self, files: Sequence[Path], context: JobContext) -> None:
        self._files = files
        self._context = context
        self._fractions = [0.0] * len(files)
        self._lock = Lock()
        self._reported_at = -inf
        self._error: BaseException | None = None

    def begin(self, number: int) -> None:
        """A file is begun."""
        with self._lock:
            self._append(number)

    def report(self, number: int, done: int, total: int) -> None:
        """So many steps of a file are done; raises what stops it."""
        if self._error is not None:
            raise self._error
        _expect_not_cancelled(self._context)
        with self._lock:
            self._fractions[number] = min(1.0, done / max(1, total))
            if monotonic() - self._reported_at >= REPORT_EVERY_S:
                self._append(number)

    def finish(self, number: int) -> None:
        """A file is over."""
        with self._lock:
            self._fractions[number] = 1.0

    def stop(self, error: BaseException) -> None:
        """Make every file that is being read raise this."""
        self._error = error

    def _append(self, number: int) -> None:
        """As if one came after the other: so many whole files, and a fraction of the next."""
        whole = min(int(sum(self._fractions)), len(self._files) - 1)
        fraction = min(1.0, sum(self._fractions) - whole)
        event = PartDone(whole + 1, len(self._files), self._files[number].name, fraction)
        self._context.journal.append(event)
        self._reported_at = monotonic()
