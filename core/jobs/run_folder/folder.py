"""The folder of a run: what is in it, and how it is made."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from core.domain import new_id
from core.domain.errors import RunError, UnknownRun
from core.domain.plain_values import parse_json
from core.storage.atomic import modified_ns, write_atomic
from core.storage.file_lock import file_lock
from core.storage.path_checks import is_file

HIDDEN = "."
"""Prefix of entries in the folder of all runs that are not runs: queues and deletions."""

_TRIES = 20


@dataclass(frozen=True)
class RunFolder:
    """Paths inside a run's folder; each file has one writer.

    Attributes:
        path: the folder itself.
    """

    path: Path

    @property
    def id(self) -> str:
        """The run's name."""
        return self.path.name

    @property
    def plan(self) -> Path:
        """Written once, by whoever starts the run."""
        return self.path / "plan.json"

    @property
    def events(self) -> Path:
        """Appended by the worker only."""
        return self.path / "events.jsonl"

    @property
    def lease(self) -> Path:
        """Locked by the worker while it lives."""
        return self.path / "lease"

    @property
    def cancel(self) -> Path:
        """That it exists is the request to stop."""
        return self.path / "cancel"

    @property
    def launched(self) -> Path:
        """Touched whenever a worker is started on the run; see `mark_launched`."""
        return self.path / "launched"

    @property
    def notes(self) -> Path:
        """A person's note and tags; see `core.jobs.run_folder.notes`."""
        return self.path / "notes.json"

    @property
    def console(self) -> Path:
        """What the worker printed."""
        return self.path / "console.log"

    def mark_launched(self, at_ns: int) -> None:
        """Record that a worker is started now.

        Args:
            at_ns: now, in nanoseconds since 1970: it decides the order of the queue. The file
                system's own times move in steps of milliseconds.
        """
        self.launched.touch()
        os.utime(self.launched, ns=(at_ns, at_ns))

    @property
    def launched_ns(self) -> int:
        """When a worker was last started, in nanoseconds since 1970; 0 if unknown."""
        known = (modified_ns(self.launched), modified_ns(self.plan))
        return next((at_ns for at_ns in known if at_ns is not None), 0)

    def amend_plan(self, **changed: Any) -> None:
        """Change entries of the job's plan, such as the path of a file that was moved.

        Raises:
            UnknownRun: there is no plan, or it cannot be read.
            OSError: the disk refused; the plan is as it was.
        """
        with file_lock(self.path):
            kind, plan, began_at = self.read_plan()
            write_atomic(self.plan, _plan_text(kind, {**plan, **changed}, began_at))

    def read_plan(self) -> tuple[str, dict[str, Any], datetime]:
        """Kind of job, the job's own plan, and when it was requested.

        Raises:
            UnknownRun: there is no plan, or it cannot be read.
        """
        try:
            read = parse_json(self.plan.read_text(encoding="utf-8"))
            return str(read["kind"]), dict(read["plan"]), datetime.fromisoformat(read["began_at"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UnknownRun(
                f"{self.id} is no run: its plan.json is missing or damaged.",
                advice="Look at the list of runs, or delete this folder.",
            ) from error


def create(
    runs_dir: Path,
    kind: str,
    plan: Mapping[str, Any],
    *,
    now: datetime,
    rng: np.random.Generator,
) -> RunFolder:
    """Create a run's folder with its plan in it.

    The plan is written atomically: nobody sees half of one.

    Raises:
        RunError: no free name was found, or the disk refused.
    """
    text = _plan_text(kind, plan, now)
    try:
        runs_dir.mkdir(parents=True, exist_ok=True)
        for _ in range(_TRIES):
            folder = RunFolder(runs_dir / new_id(now, rng))
            if folder.path.exists():
                continue
            folder.path.mkdir()
            write_atomic(folder.plan, text)
            return folder
    except OSError as error:
        raise RunError(
            f"A run cannot be started: {error.strerror or error}.",
            advice=f"Check that {runs_dir} can be written and has free space.",
        ) from error
    raise RunError("No free name was found for the run.", advice="Try again in a minute.")


def _plan_text(kind: str, plan: Mapping[str, Any], began_at: datetime) -> str:
    content = {"kind": kind, "plan": dict(plan), "began_at": began_at.isoformat()}
    return json.dumps(content, indent=1, allow_nan=False)


def find(runs_dir: Path, run_id: str) -> RunFolder:
    """The folder of a run.

    Raises:
        UnknownRun: there is none of that name.
    """
    folder = RunFolder(runs_dir / run_id)
    is_valid_id = Path(run_id).name == run_id and not run_id.startswith(HIDDEN)
    if not is_valid_id or not is_file(folder.plan):
        raise UnknownRun(f"There is no run {run_id!r}.", advice="Look at the list of runs.")
    return folder


def every(runs_dir: Path) -> list[RunFolder]:
    """Every folder that has a plan, unordered."""
    found = (RunFolder(plan.parent) for plan in runs_dir.glob("*/plan.json"))
    return [folder for folder in found if not folder.id.startswith(HIDDEN)]
