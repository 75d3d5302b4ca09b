"""Looking at runs from outside. Nothing here writes."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from core.domain import Run, RunEvent
from core.domain.errors import UnknownRun
from core.runs import lease
from core.runs.folder import every, find
from core.runs.follower import RunMemory
from core.runs.journal import read_events
from core.runs.status import was_just_launched


def look(runs_dir: Path, run_id: str, *, now: datetime, memory: RunMemory | None = None) -> Run:
    """A run as it stands now.

    Args:
        memory: of earlier looks; then only what was written since is read.
    Raises:
        UnknownRun: there is none of that name, or its plan is damaged.
    """
    memory = RunMemory(followed=1) if memory is None else memory
    return memory.follower(runs_dir, run_id).look(now=now)


def all_runs(runs_dir: Path, *, now: datetime, memory: RunMemory | None = None) -> list[Run]:
    """Every run, newest first; folders that are no runs are left out.

    Without the figures inside epochs (`batch_losses`, `resources`, `samples`): `look` has them.

    Args:
        memory: see `look`.
    """
    memory = RunMemory(listed=1) if memory is None else memory
    found = []
    for folder in every(runs_dir):
        with suppress(UnknownRun):
            found.append(memory.follower(runs_dir, folder.id, figures=False).look(now=now))
    return sorted(found, key=lambda run: (run.began_at, run.id), reverse=True)


def newest_under_way(
    runs_dir: Path, kinds: Collection[str], *, now: datetime, memory: RunMemory | None = None
) -> Run | None:
    """The newest run of these kinds that is not over; None if there is none.

    Journals of runs that nobody holds and nobody just launched are not read: pages ask each time
    they are drawn, and old runs only become more.

    Args:
        memory: see `look`.
    """
    found = []
    for folder in every(runs_dir):
        if was_just_launched(folder, now=now) or lease.is_held(folder.lease):
            with suppress(UnknownRun):
                found.append(look(runs_dir, folder.id, now=now, memory=memory))
    under_way = [run for run in found if run.kind in kinds and not run.status.is_over]
    return max(under_way, key=lambda run: (run.began_at, run.id), default=None)


def follow(runs_dir: Path, run_id: str, *, since: int = 0) -> tuple[list[RunEvent], int]:
    """Events written after a cursor, and the next cursor (see `journal.read_events`).

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
