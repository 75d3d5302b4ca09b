"""What a job is given to work with: where it runs, whom it tells, and how it hears of a stop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic, sleep

from core.domain import PartDone
from core.jobs.run_folder.journal import Journal
from core.storage.settings import Settings


class RunCancelled(Exception):
    """The job stopped because somebody asked; nothing went wrong."""


@dataclass(frozen=True)
class JobContext:
    """Where a job runs and whom it tells.

    Attributes:
        folder: the run's own; the job writes nowhere else until its result is complete.
        journal: takes events.
        stop_requested: cheap; looks whether somebody asked to stop.
        settings: folders of this installation.
        clock: the time now, aware, UTC.
        wait: lets so many seconds pass.
    """

    folder: Path
    journal: Journal
    stop_requested: Callable[[], bool]
    settings: Settings
    clock: Callable[[], datetime]
    wait: Callable[[float], None] = sleep


TELL_EVERY_S = 0.5


class ProgressReporter:
    """Tells the parts of a job, at most twice a second, and stops it when asked.

    Args:
        place: where the job runs.
        parts: how many there are.
    """

    def __init__(self, place: JobContext, parts: int) -> None:
        self._place = place
        self._parts = parts
        self._told_at = -TELL_EVERY_S

    def part(self, number: int, title: str) -> Callable[[int, int], None]:
        """A listener for one part.

        Args:
            number: from 1.
            title: what is being done.
        Returns:
            Takes how many of how many are done; raises RunCancelled if somebody asked to stop.
        """
        self._tell(number, title, 0.0)

        def tell(done: int, total: int) -> None:
            if self._place.stop_requested():
                raise RunCancelled
            if monotonic() - self._told_at >= TELL_EVERY_S:
                self._tell(number, title, done / max(1, total))

        return tell

    def _tell(self, number: int, title: str, fraction: float) -> None:
        told = PartDone(number, self._parts, title, min(1.0, fraction))
        self._place.journal.append(told)
        self._told_at = monotonic()
