"""What a job is given to work with, and how it says that it was stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import sleep

from core.runs.journal import Journal
from core.storage.settings import Settings


class RunCancelled(Exception):
    """The job stopped because somebody asked; nothing went wrong."""


@dataclass(frozen=True)
class JobPlace:
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
