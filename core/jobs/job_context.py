"""What a job receives: its folders, its journal, a progress reporter and stop requests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic, sleep

from core.domain import PartDone
from core.domain.progress import ProgressCallback
from core.jobs.run_folder.journal import Journal
from core.settings import Settings


class RunCancelled(Exception):
    """The job stopped on request; nothing went wrong."""


@dataclass(frozen=True)
class JobContext:
    """Everything a job may use of its surroundings.

    Attributes:
        folder: the run's own; the job writes nowhere else until its result is complete.
        journal: where it appends its events.
        stop_requested: whether somebody asked to stop; cheap.
        settings: folders of this installation.
        clock: the time now, aware, UTC.
        wait: sleeps for so many seconds.
    """

    folder: Path
    journal: Journal
    stop_requested: Callable[[], bool]
    settings: Settings
    clock: Callable[[], datetime]
    wait: Callable[[float], None] = sleep


REPORT_EVERY_S = 0.5


class ProgressReporter:
    """Writes the progress of a job's parts, at most twice a second, and stops it on request.

    Args:
        context: where the job runs.
        parts: how many there are.
    """

    def __init__(self, context: JobContext, parts: int) -> None:
        self._context = context
        self._parts = parts
        self._reported_at = -REPORT_EVERY_S

    def part(self, number: int, title: str) -> ProgressCallback:
        """The progress callback for one part.

        Args:
            number: from 1.
            title: what is being done.
        Returns:
            Takes how many of how many are done; raises RunCancelled if somebody asked to stop.
        """
        self._report(number, title, 0.0)

        def on_progress(done: int, total: int) -> None:
            if self._context.stop_requested():
                raise RunCancelled
            if monotonic() - self._reported_at >= REPORT_EVERY_S:
                self._report(number, title, done / max(1, total))

        return on_progress

    def _report(self, number: int, title: str, fraction: float) -> None:
        event = PartDone(number, self._parts, title, min(1.0, fraction))
        self._context.journal.append(event)
        self._reported_at = monotonic()
