"""Reading runs from outside: status, list, console, events. It writes nothing."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from threading import Lock

from core.domain import Finished, Run, RunEvent, RunStatus
from core.domain.errors import UnknownRun
from core.jobs.progress import DONE
from core.jobs.run_folder import lease
from core.jobs.run_folder.folder import RunFolder, every, find
from core.jobs.run_folder.journal import read_events, read_lines
from core.jobs.run_folder.notes import read_notes
from core.jobs.run_state import RunState
from core.storage.atomic import modified_ns

STARTUP_TIMEOUT_S = 30.0  # a cold import of TensorFlow took 10 s
_NS = 1e9


def status_of(
    folder: RunFolder,
    *,
    held: bool,
    waits: bool,
    finished: Finished | None,
    now: datetime,
) -> RunStatus:
    """The status of a run.

    Args:
        held: whether a worker holds the lease; checked before the journal is read, or a worker
            that ended in between would seem to have vanished without a `Finished` event.
        waits: whether the worker's last event is `Waiting`.
        finished: the last event of a worker that ended.
    """
    if held:
        if folder.cancel.exists():
            return RunStatus.CANCELLING
        return RunStatus.QUEUED if waits else RunStatus.RUNNING
    if is_starting(folder, now=now):
        return RunStatus.STARTING
    if finished is not None:
        return finished.outcome
    return RunStatus.LOST


def is_starting(folder: RunFolder, *, now: datetime) -> bool:
    """Whether a worker was just started, and has written no event since."""
    written_ns = modified_ns(folder.events)
    no_event_yet = written_ns is None or written_ns < folder.launched_ns
    return no_event_yet and was_just_launched(folder, now=now)


def was_just_launched(folder: RunFolder, *, now: datetime) -> bool:
    """Whether a worker was started so recently that it may still be importing."""
    return now.timestamp() - folder.launched_ns / _NS < STARTUP_TIMEOUT_S


def is_alive(folder: RunFolder, *, now: datetime) -> bool:
    """Whether the run is running, queued or starting."""
    return lease.is_held(folder.lease) or is_starting(folder, now=now)


def read_run(runs_dir: Path, run_id: str, *, now: datetime, cache: RunCache | None = None) -> Run:
    """A run with its current status.

    Args:
        cache: of earlier reads; then only what was written since is read.
    Raises:
        UnknownRun: there is none of that name, or its plan is damaged.
    """
    cache = RunCache(followed=1) if cache is None else cache
    return cache.reader(runs_dir, run_id).read(now=now)


def all_runs(runs_dir: Path, *, now: datetime, cache: RunCache | None = None) -> list[Run]:
    """Every run, newest first; folders that are no runs are left out.

    Without the figures inside epochs (`batch_losses`, `resources`, `samples`): `read_run` has them.

    Args:
        cache: see `read_run`.
    """
    cache = RunCache(listed=1) if cache is None else cache
    found = []
    for folder in every(runs_dir):
        with suppress(UnknownRun):
            found.append(cache.reader(runs_dir, folder.id, figures=False).read(now=now))
    return sorted(found, key=lambda run: (run.began_at, run.id), reverse=True)


def newest_active(
    runs_dir: Path, kinds: Collection[str], *, now: datetime, cache: RunCache | None = None
) -> Run | None:
    """The newest run of these kinds that is not over; None if there is none.

    Journals of runs that nobody holds and nobody just launched are not read: pages call this on
    every rerun, and the number of old runs only grows.

    Args:
        cache: see `read_run`.
    """
    found = []
    for folder in every(runs_dir):
        if was_just_launched(folder, now=now) or lease.is_held(folder.lease):
            with suppress(UnknownRun):
                found.append(read_run(runs_dir, folder.id, now=now, cache=cache))
    under_way = [run for run in found if run.kind in kinds and not run.status.is_over]
    return max(under_way, key=lambda run: (run.began_at, run.id), default=None)


def follow(runs_dir: Path, run_id: str, *, since: int = 0) -> tuple[list[RunEvent], int]:
    """Events written after a cursor, and the next cursor (see `read_events`).

    Raises:
        UnknownRun: there is none of that name.
    """
    return read_events(find(runs_dir, run_id).events, since=since)


def console_tail(runs_dir: Path, run_id: str, *, lines: int = 40) -> str:
    """The end of what the worker printed; empty if it printed nothing.

    Raises:
        UnknownRun: there is none of that name.
    """
    console = find(runs_dir, run_id).console
    if not console.exists():
        return ""
    with console.open("rb") as file:
        file.seek(max(0, console.stat().st_size - 400 * lines))
        return "\n".join(file.read().decode(errors="replace").splitlines()[-lines:])


MOST_FOLLOWED = 16
MOST_LISTED = 1000
"""With 60 epochs each they take some 40 MB. A longer list is read from the disk each time."""


class RunReader:
    """Reads one run incrementally; thread-safe.

    Args:
        runs_dir: of all runs.
        run_id: whose.
        figures: with losses, resources and samples; see `RunState`.
    """

    def __init__(self, runs_dir: Path, run_id: str, *, figures: bool = True) -> None:
        self._runs_dir = runs_dir
        self._run_id = run_id
        self._figures = figures
        self._lock = Lock()
        self._plan: tuple[int | None, str, datetime] | None = None
        self._reset()

    def read(self, *, now: datetime) -> Run:
        """The run now.

        Raises:
            UnknownRun: it is gone, or its plan is damaged.
        """
        with self._lock:
            folder = find(self._runs_dir, self._run_id)
            kind, began_at = self._read_plan(folder)
            held = lease.is_held(folder.lease)
            self._read_new_lines(folder.events)
            return self._run(folder, kind, began_at, self._status(folder, held=held, now=now))

    def _reset(self) -> None:
        self._state = RunState(figures=self._figures)
        self._cursor = 0
        self._inode: int | None = None

    def _read_plan(self, folder: RunFolder) -> tuple[str, datetime]:
        """Kind and start time; a plan is read again only when its file changed."""
        written_ns = modified_ns(folder.plan)
        if self._plan is None or self._plan[0] != written_ns:
            kind, _, began_at = folder.read_plan()
            self._plan = written_ns, kind, began_at
            self._reset()
        return self._plan[1:]

    def _read_new_lines(self, events: Path) -> None:
        try:
            seen = events.stat()
        except FileNotFoundError:
            self._reset()
            return
        if seen.st_ino != self._inode or seen.st_size < self._cursor:
            self._reset()  # the file was replaced
            self._inode = seen.st_ino
        if seen.st_size > self._cursor:
            lines, self._cursor = read_lines(events, since=self._cursor)
            self._state.update(lines)

    def _status(self, folder: RunFolder, *, held: bool, now: datetime) -> RunStatus:
        return status_of(
            folder,
            held=held,
            waits=self._state.waiting is not None,
            finished=self._state.finished,
            now=now,
        )

    def _run(self, folder: RunFolder, kind: str, began_at: datetime, status: RunStatus) -> Run:
        state, notes = self._state, read_notes(folder)
        return Run(
            id=folder.id,
            kind=kind,
            status=status,
            progress=DONE if status is RunStatus.COMPLETED else state.progress,
            began_at=began_at,
            finished=state.finished,
            epochs=state.epochs,
            started_at=state.started_at,
            behind=state.waiting.behind if state.waiting and status is RunStatus.QUEUED else "",
            batch=state.batch,
            batch_losses=state.batch_losses,
            resources=state.resources,
            samples=state.samples,
            messages=state.messages,
            warnings=state.warnings,
            note=notes.note,
            tags=notes.tags,
        )


class RunCache:
    """Readers of the runs read last (LRU); one for all tabs of a server.

    Args:
        followed: how many runs are cached with their figures (some 0.3 MB each).
        listed: how many without; should be more than there are.
    """

    def __init__(self, *, followed: int = MOST_FOLLOWED, listed: int = MOST_LISTED) -> None:
        self._lock = Lock()
        self._most = {True: followed, False: listed}
        self._known: dict[bool, OrderedDict[Path, RunReader]] = {
            True: OrderedDict(),
            False: OrderedDict(),
        }

    def reader(self, runs_dir: Path, run_id: str, *, figures: bool = True) -> RunReader:
        """The reader of this run; the least recently used one makes room for it."""
        known, key = self._known[figures], runs_dir / run_id
        with self._lock:
            if key not in known:
                known[key] = RunReader(runs_dir, run_id, figures=figures)
            known.move_to_end(key)
            while len(known) > self._most[figures]:
                known.popitem(last=False)
            return known[key]
