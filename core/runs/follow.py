"""Looking at runs from outside. Nothing here writes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from core.errors import UnknownRun
from core.runs import lease
from core.runs.folder import RunFolder, find
from core.runs.journal import read_events
from core.vocabulary import (
    BatchDone,
    DataReady,
    EpochEnded,
    Finished,
    PartDone,
    Progress,
    Run,
    RunEvent,
    RunStatus,
    Said,
)

STARTS_WITHIN_S = 30.0  # a cold import of TensorFlow took 10 s


def look(runs_dir: Path, run_id: str, *, now: datetime) -> Run:
    """A run as it stands now.

    Raises:
        UnknownRun: there is none of that name, or its plan is damaged.
    """
    folder = find(runs_dir, run_id)
    kind, _, began_at = folder.read_plan()
    # The lease before the events: a worker that ends in between has written its last word.
    held = lease.is_held(folder.lease)
    events, _ = read_events(folder.events)
    finished = _last_word(events)
    status = _status(folder, held=held, finished=finished, now=now)
    return Run(
        id=run_id,
        kind=kind,
        status=status,
        progress=progress_of(events, status),
        began_at=began_at,
        finished=finished,
        epochs=tuple(event for event in events if isinstance(event, EpochEnded)),
    )


def all_runs(runs_dir: Path, *, now: datetime) -> list[Run]:
    """Every run, newest first; folders that are no runs are left out."""
    found = []
    for plan in runs_dir.glob("*/plan.json"):
        try:
            found.append(look(runs_dir, plan.parent.name, now=now))
        except UnknownRun:
            continue
    return sorted(found, key=lambda run: (run.began_at, run.id), reverse=True)


def newest_under_way(runs_dir: Path, kinds: Collection[str], *, now: datetime) -> Run | None:
    """The newest run of these kinds that is not over; None if there is none.

    Journals of runs that nobody holds and nobody just launched are not read: pages ask each time
    they are drawn, and old runs only become more.
    """
    found = []
    for plan in runs_dir.glob("*/plan.json"):
        folder = RunFolder(plan.parent)
        launched_s = _launched_at(folder)
        if now.timestamp() - launched_s < STARTS_WITHIN_S or lease.is_held(folder.lease):
            with suppress(UnknownRun):
                found.append(look(runs_dir, folder.id, now=now))
    running = [run for run in found if run.kind in kinds and not run.status.is_over]
    return max(running, key=lambda run: (run.began_at, run.id), default=None)


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


def progress_of(events: Sequence[RunEvent], status: RunStatus) -> Progress:
    """How far these events say a run is."""
    if status is RunStatus.COMPLETED:
        return Progress(1.0, "Done.")
    progress, epochs = Progress(0.0, "Starting."), 0
    for event in events:
        if isinstance(event, EpochEnded):
            epochs = event.epochs
        progress = _after(event, progress, epochs)
    return progress


def _after(event: RunEvent, before: Progress, epochs: int) -> Progress:
    fraction, sentence = before.fraction, before.sentence
    match event:
        case DataReady(counts):
            sentence = "Data read: " + ", ".join(f"{n:,} {name}" for name, n in counts.items())
        case EpochEnded():
            fraction = event.epoch / max(1, event.epochs)
            sentence = f"Epoch {event.epoch} of {event.epochs} done."
        case BatchDone():
            share = event.batch / max(1, event.batches)
            fraction = (event.epoch - 1 + share) / epochs if epochs else share
            sentence = f"Epoch {event.epoch}: {event.batch:,} of {event.batches:,} batches."
        case PartDone():
            fraction = (event.part - 1 + event.fraction) / max(1, event.parts)
            sentence = f"{event.title}: {event.fraction:.0%}."
        case Said(said):
            sentence = said
        case Finished():
            sentence = event.error or f"It was {event.outcome.value}."
    return Progress(min(1.0, max(0.0, fraction)), sentence)


def _status(
    folder: RunFolder,
    *,
    held: bool,
    finished: Finished | None,
    now: datetime,
) -> RunStatus:
    if held:
        return RunStatus.CANCELLING if folder.cancel.exists() else RunStatus.RUNNING
    launched_s = _launched_at(folder)
    spoke_s = _changed_at(folder.events)
    silent = spoke_s is None or spoke_s < launched_s
    if silent and now.timestamp() - launched_s < STARTS_WITHIN_S:
        return RunStatus.STARTING
    if finished is not None:
        return finished.outcome
    return RunStatus.LOST


def _launched_at(folder: RunFolder) -> float:
    return _changed_at(folder.launched) or _changed_at(folder.plan) or 0.0


def _last_word(events: Sequence[RunEvent]) -> Finished | None:
    """The outcome, unless the run was taken up again after it."""
    last = events[-1] if events else None
    return last if isinstance(last, Finished) else None


def _changed_at(path: Path) -> float | None:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return None
