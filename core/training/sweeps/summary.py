"""Summary of a sweep: plain values that its run writes and pages read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from core.domain.plain_values import from_plain, parse_json, to_plain
from core.jobs import find
from core.storage.atomic import write_atomic
from core.training.sweeps.search_space import Value

SUMMARY_FILE = "sweep.json"
"""In the folder `result` of the sweep's run."""


class TrialState(StrEnum):
    """State of a trial."""

    RUNNING = "running"
    """It is training."""
    COMPLETED = "completed"
    """It was trained for all its epochs."""
    PRUNED = "pruned"
    """It was stopped early, because others were better."""
    FAILED = "failed"
    """It failed, or was cancelled."""


@dataclass(frozen=True)
class TrialSummary:
    """One trial; the fields are stored under these names.

    Attributes:
        number: in the sweep, from 1.
        state: when the summary was made.
        values: hyperparameters by name.
        accuracy: on the validation split; of a pruned trial, its last; None while unknown.
        course: accuracy after each epoch.
        run: id of its run, on the machine that trained it.
        why: why it failed; empty otherwise.
    """

    number: int
    state: TrialState
    values: Mapping[str, Value]
    accuracy: float | None = None
    course: tuple[float, ...] = ()
    run: str = ""
    why: str = ""


@dataclass(frozen=True)
class SweepSummary:
    """A whole sweep; the fields are stored under these names.

    Attributes:
        name: of the sweep.
        recipe: name of the recipe that is varied.
        epochs: of each trial.
        wanted: planned number of trials; 0 if unknown.
        search: name -> range as text.
        trials: by number.
        importance: name -> share of the differences in accuracy that it explains; sums to 1. Empty
            until enough trials are complete.
    """

    name: str
    recipe: str
    epochs: int
    wanted: int
    search: Mapping[str, str]
    trials: tuple[TrialSummary, ...] = ()
    importance: Mapping[str, float] = field(default_factory=dict)

    @property
    def best(self) -> TrialSummary | None:
        """Of the trials that completed, the most accurate; the first of equals."""
        done = [one for one in self.trials if one.state is TrialState.COMPLETED]
        return max(done, key=lambda one: (one.accuracy or 0.0, -one.number), default=None)

    def count(self, state: TrialState) -> int:
        """Trials in this state."""
        return sum(one.state is state for one in self.trials)


def write_summary(folder: Path, summary: SweepSummary) -> None:
    """Write the summary into the sweep's run, atomically.

    Args:
        folder: the run's.
    """
    path = folder / "result" / SUMMARY_FILE
    path.parent.mkdir(exist_ok=True)
    write_atomic(path, json.dumps(to_plain(summary), allow_nan=False))


def read_sweep(runs_dir: Path, run_id: str) -> SweepSummary | None:
    """The latest summary of a sweep's run; None before its first trial, or if it is damaged.

    Raises:
        UnknownRun: there is no such run.
    """
    path = find(runs_dir, run_id).path / "result" / SUMMARY_FILE
    try:
        return from_plain(SweepSummary, parse_json(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        return None
