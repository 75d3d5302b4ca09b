"""Runs read as they grow: a look costs what was written since the last one."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime
from pathlib import Path
from threading import Lock

from core.domain import Run, RunStatus
from core.runs import lease
from core.runs.folder import RunFolder, find
from core.runs.journal import read_lines
from core.runs.notes import read_notes
from core.runs.progress import DONE
from core.runs.status import status_of
from core.runs.tale import Tale
from core.storage.atomic import changed_ns

MOST_FOLLOWED = 16
MOST_LISTED = 1000
"""Of 60 epochs each they take some 40 MB. A list of more would be read from the disk each time."""


class Follower:
    """Reads one run; threads may share it.

    Args:
        runs_dir: of all runs.
        run_id: whose.
        figures: with losses, resources and samples; see `Tale`.
    """

    def __init__(self, runs_dir: Path, run_id: str, *, figures: bool = True) -> None:
        self._runs_dir = runs_dir
        self._run_id = run_id
        self._figures = figures
        self._lock = Lock()
        self._plan: tuple[int | None, str, datetime] | None = None
        self._begin_anew()

    def look(self, *, now: datetime) -> Run:
        """The run as it stands now.

        Raises:
            UnknownRun: it is gone, or its plan is damaged.
        """
        with self._lock:
            folder = find(self._runs_dir, self._run_id)
            kind, began_at = self._read_plan(folder)
            held = lease.is_held(folder.lease)
            self._read_on(folder.events)
            return self._run(folder, kind, began_at, self._status(folder, held=held, now=now))

    def _begin_anew(self) -> None:
        self._tale = Tale(figures=self._figures)
        self._cursor = 0
        self._journal: int | None = None

    def _read_plan(self, folder: RunFolder) -> tuple[str, datetime]:
        """Kind and beginning; a plan is written once, so it is read once."""
        written_ns = changed_ns(folder.plan)
        if self._plan is None or self._plan[0] != written_ns:
            kind, _, began_at = folder.read_plan()
            self._plan = written_ns, kind, began_at
            self._begin_anew()
        return self._plan[1:]

    def _read_on(self, events: Path) -> None:
        try:
            seen = events.stat()
        except FileNotFoundError:
            self._begin_anew()
            return
        if seen.st_ino != self._journal or seen.st_size < self._cursor:
            self._begin_anew()  # it was put in place of another
            self._journal = seen.st_ino
        if seen.st_size > self._cursor:
            lines, self._cursor = read_lines(events, since=self._cursor)
            self._tale.hear(lines)

    def _status(self, folder: RunFolder, *, held: bool, now: datetime) -> RunStatus:
        return status_of(
            folder,
            held=held,
            waits=self._tale.waiting is not None,
            finished=self._tale.finished,
            now=now,
        )

    def _run(self, folder: RunFolder, kind: str, began_at: datetime, status: RunStatus) -> Run:
        tale, notes = self._tale, read_notes(folder)
        return Run(
            id=folder.id,
            kind=kind,
            status=status,
            progress=DONE if status is RunStatus.COMPLETED else tale.progress,
            began_at=began_at,
            finished=tale.finished,
            epochs=tale.epochs,
            started_at=tale.started_at,
            behind=tale.waiting.behind if tale.waiting and status is RunStatus.QUEUED else "",
            batch=tale.batch,
            batch_losses=tale.batch_losses,
            resources=tale.resources,
            samples=tale.samples,
            said=tale.said,
            note=notes.note,
            tags=notes.tags,
        )


class RunMemory:
    """Followers of the runs looked at last; one for all tabs of a server.

    Args:
        followed: how many runs are remembered with their figures (some 0.3 MB each).
        listed: how many without; should be more than there are.
    """

    def __init__(self, *, followed: int = MOST_FOLLOWED, listed: int = MOST_LISTED) -> None:
        self._lock = Lock()
        self._most = {True: followed, False: listed}
        self._known: dict[bool, OrderedDict[Path, Follower]] = {
            True: OrderedDict(),
            False: OrderedDict(),
        }

    def follower(self, runs_dir: Path, run_id: str, *, figures: bool = True) -> Follower:
        """The one for this run; whoever was not asked for the longest is forgotten for it."""
        known, key = self._known[figures], runs_dir / run_id
        with self._lock:
            if key not in known:
                known[key] = Follower(runs_dir, run_id, figures=figures)
            known.move_to_end(key)
            while len(known) > self._most[figures]:
                known.popitem(last=False)
            return known[key]
