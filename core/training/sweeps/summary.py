"""A sweep as seen from outside: plain values that its run writes and pages read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from core.domain.plain_values import from_plain, to_plain
from core.jobs import find
from core.storage.atomic import write_atomic
from core.training.sweeps.search_space import Value

SUMMARY_FILE = "sweep.json"
"""In the folder `result` of the sweep's run."""


class TrialState(StrEnum):
    """Where a trial stands."""

    RUNNING = "running"
    """It learns."""
    COMPLETED = "completed"
    """It learned for all its epochs."""
    PRUNED = "pruned"
    """It was ended early: others were better by then."""
    FAILED = "failed"
    """It went wrong, or was cancelled."""


@dataclass(frozen=True)
class TrialSummary:
    """One trial.

    Attributes:
        number: in the sweep, from 1.
        state: as of when it was looked at.
        values: what was tried, by name.
        accuracy: on the split that chooses; of a pruned trial, its last; None while unknown.
        course: accuracy after each epoch.
        run: id of its run, on the machine that did it.
        why: what went wrong; empty otherwise.
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
    """A whole sweep.

    Attributes:
        name: of the sweep.
        recipe: it began with.
        epochs: of each trial.
        wanted: trials in all; 0 where nobody says.
        search: name -> range as written.
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


def write_summary(folder: Path, seen: SweepSummary) -> None:
    """Keep what is seen in the sweep's run, whole at every moment.

    Args:
        folder: the run's.
    """
    path = folder / "result" / SUMMARY_FILE
    path.parent.mkdir(exist_ok=True)
    write_atomic(path, json.dumps(to_plain(seen), allow_nan=False))


def read_sweep(runs_dir: Path, run_id: str) -> SweepSummary | None:
    """What a sweep's run wrote last; None before its first trial, or if it cannot be read.

    Raises:
        UnknownRun: there is none of that name.
    """
    path = find(runs_dir, run_id).path / "result" / SUMMARY_FILE
    try:
        return from_plain(SweepSummary, json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        return None
