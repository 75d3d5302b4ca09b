"""Following a run from a terminal, to its end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep

from core.domain import DataReady, EpochEnded, Finished, LogMessage, PartDone, RunEvent, Waiting
from core.domain.counted import percent
from core.jobs.control import cancel
from core.jobs.monitor import RunCache, follow, read_run
from core.jobs.progress import waiting_sentence
from core.jobs.run_folder.folder import find
from core.storage.corrupt_data import printable

POLL_INTERVAL_S, FIRST_POLL_S = 0.5, 0.05
"""Longest and shortest time between two looks: the end of a short run is seen soon, and a long one
costs little.
"""
PERCENT_EVERY_S = 5.0
"""How often a terminal shows the progress of a long part."""


def now() -> datetime:
    """The time, aware, UTC."""
    return datetime.now(UTC)


def end_of(runs_dir: Path, run_id: str) -> int:
    """The journal's cursor after everything written so far.

    Raises:
        UnknownRun: there is none of that name.
    """
    return follow(runs_dir, run_id)[1]


def follow_to_the_end(
    runs_dir: Path, run_id: str, *, since: int, say: Callable[[str], None]
) -> Finished | None:
    """Print a run's events until it is over; None if it was lost.

    The first Ctrl-C asks the run to stop and goes on following; the second leaves it alone.

    Args:
        since: journal cursor to begin at.
        say: prints one line.
    Raises:
        UnknownRun: there is none of that name.
        KeyboardInterrupt: the second Ctrl-C.
    """
    cache, lines, began_at = RunCache(followed=1), _Lines(say), monotonic()
    while True:
        try:
            run = read_run(runs_dir, run_id, now=now(), cache=cache)
            events, since = follow(runs_dir, run_id, since=since)
            lines.print(events)
            if run.status.is_over:
                return run.finished
            sleep(min(POLL_INTERVAL_S, max(FIRST_POLL_S, (monotonic() - began_at) / 20)))
        except KeyboardInterrupt:
            if find(runs_dir, run_id).cancel.exists():
                raise
            cancel(runs_dir, run_id)
            say("Asked to stop. It ends its step first; press Ctrl-C again to leave it alone.")


class _Lines:
    """Prints events, and now and then the progress of a long part, without control characters.

    Args:
        say: prints one line.
    """

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._printed_at = monotonic()

    def print(self, events: Sequence[RunEvent]) -> None:
        """Print the events that are worth a line."""
        waits = monotonic() - self._printed_at < PERCENT_EVERY_S
        lines = [*map(_line, events), "" if waits else _percent(events[-1:])]
        for line in filter(None, lines):
            self._say(printable(line))
            self._printed_at = monotonic()


def _percent(newest: Sequence[RunEvent]) -> str:
    match newest:
        case [PartDone(part, parts, title, fraction)] if fraction > 0.0:
            return f"{part}/{parts}  {title}  {percent(fraction)}"
        case _:
            return ""


def _line(event: RunEvent) -> str:
    match event:
        case LogMessage(sentence):
            return sentence
        case DataReady(counts):
            return ", ".join(f"{count:,} {name}" for name, count in counts.items())
        case PartDone(part, parts, title, fraction) if fraction == 0.0:
            return f"{part}/{parts}  {title}"
        case EpochEnded(epoch, epochs, metrics):
            figures = "  ".join(f"{name} {value:.4g}" for name, value in metrics.items())
            return f"epoch {epoch}/{epochs}  {figures}"
        case Waiting(behind):
            return waiting_sentence(behind)
        case Finished():
            return f"{event.outcome.value.capitalize()}."
        case _:
            return ""
