"""The run of one trial: started outside the queue, followed, and stopped."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import numpy as np

from core.domain import EpochEnded, Finished, Run, RunStatus
from core.domain.errors import RunError
from core.jobs import annotate, cancel, find, follow, force_stop, launch, read_run
from core.jobs.run_folder import create
from core.training.plan import TrainingPlan

KIND = "train"
TAG = "trial"
"""Tag of every trial's run; another tag is the id of its sweep's run."""

FORCE_STOP_AFTER_S = 120.0  # importing TensorFlow may take a minute, in which it cannot stop


class TrialRun:
    """Follows the run of one trial.

    Args:
        runs_dir: of all runs.
        run_id: of this one.
        clock: the time now, aware, UTC.
    """

    def __init__(self, runs_dir: Path, run_id: str, *, clock: Callable[[], datetime]) -> None:
        self.id = run_id
        self._runs_dir, self._clock = runs_dir, clock
        self._cursor = 0
        self._stop_requested_at: datetime | None = None

    @classmethod
    def start(
        cls,
        runs_dir: Path,
        plan: TrainingPlan,
        *,
        clock: Callable[[], datetime],
        command: tuple[str, ...],
    ) -> TrialRun:
        """Make the run's folder and start its worker.

        Args:
            command: the worker's; see `core.jobs.WORKER_WITHOUT_SLOT`.
        Raises:
            RunError: the folder cannot be written, or the process cannot be started.
        """
        rng = np.random.default_rng()  # names need to be unique, not repeatable
        folder = create(runs_dir, KIND, plan.to_json(), now=clock(), rng=rng)
        annotate(runs_dir, folder.id, tags=(TAG, plan.trial_of))
        launch(folder, command)
        return cls(runs_dir, folder.id, clock=clock)

    def resume(self, command: tuple[str, ...]) -> None:
        """Follow it again after the sweep's process ended; start its worker if it is not running.

        Raises:
            RunError: the process cannot be started.
        """
        folder = find(self._runs_dir, self.id)
        ended = {RunStatus.LOST, RunStatus.CANCELLED}
        if self.state().status in ended:
            folder.cancel.unlink(missing_ok=True)
            launch(folder, command)

    @property
    def is_stopping(self) -> bool:
        """Whether it was requested to stop."""
        return self._stop_requested_at is not None

    def state(self) -> Run:
        """The run's current state."""
        return read_run(self._runs_dir, self.id, now=self._clock())

    def new_epochs(self) -> list[EpochEnded]:
        """Epochs that ended since the last call."""
        events, self._cursor = follow(self._runs_dir, self.id, since=self._cursor)
        return [event for event in events if isinstance(event, EpochEnded)]

    def stop(self) -> None:
        """Request a stop; after `FORCE_STOP_AFTER_S`, its worker is killed."""
        if self._stop_requested_at is None:
            self._stop_requested_at = self._clock()
            cancel(self._runs_dir, self.id)
        elif (self._clock() - self._stop_requested_at).total_seconds() > FORCE_STOP_AFTER_S:
            force_stop(self._runs_dir, self.id, kill=True)


def trial_result(finished: Finished) -> tuple[float, str]:
    """Validation accuracy, and content hash of the dataset, from a trial's result.

    Raises:
        RunError: it is not a trial's result.
    """
    try:
        return float(finished.result["val_accuracy"]), finished.result["content_hash"]
    except (KeyError, ValueError) as error:
        raise RunError(
            "The trial ended without an accuracy.",
            advice="Its plan was changed; start the sweep again.",
        ) from error
