"""One trial as a run of its own: begun without a turn in the queue, followed, ended."""

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
"""On every trial's run, beside the id of its sweep's run."""

PATIENCE_S = 120.0  # importing TensorFlow on a busy machine takes a minute; nobody looks meanwhile


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
        self._asked_to_stop_at: datetime | None = None

    @classmethod
    def begin(
        cls,
        runs_dir: Path,
        plan: TrainingPlan,
        *,
        clock: Callable[[], datetime],
        command: tuple[str, ...],
    ) -> TrialRun:
        """Make the run's folder and start its worker.

        Args:
            command: the worker's; see `core.jobs.WORKER_WITHOUT_TURN`.
        Raises:
            RunError: the disk refused, or the process cannot be started.
        """
        rng = np.random.default_rng()  # names need to be unique, not repeatable
        folder = create(runs_dir, KIND, plan.to_json(), now=clock(), rng=rng)
        annotate(runs_dir, folder.id, tags=(TAG, plan.trial_of))
        launch(folder, command)
        return cls(runs_dir, folder.id, clock=clock)

    def take_up(self, command: tuple[str, ...]) -> None:
        """Go on with it, where the process that followed it was gone: start its worker if need be.

        Raises:
            RunError: the process cannot be started.
        """
        folder = find(self._runs_dir, self.id)
        ended = {RunStatus.LOST, RunStatus.CANCELLED}
        if self.read().status in ended:
            folder.cancel.unlink(missing_ok=True)
            launch(folder, command)

    @property
    def is_stopping(self) -> bool:
        """Whether we asked it to stop."""
        return self._asked_to_stop_at is not None

    def read(self) -> Run:
        """The run as it stands."""
        return read_run(self._runs_dir, self.id, now=self._clock())

    def news(self) -> list[EpochEnded]:
        """Epochs that ended since we asked last."""
        events, self._cursor = follow(self._runs_dir, self.id, since=self._cursor)
        return [event for event in events if isinstance(event, EpochEnded)]

    def stop(self) -> None:
        """Ask it to stop; a worker that does not answer for long is stopped by force."""
        if self._asked_to_stop_at is None:
            self._asked_to_stop_at = self._clock()
            cancel(self._runs_dir, self.id)
        elif (self._clock() - self._asked_to_stop_at).total_seconds() > PATIENCE_S:
            force_stop(self._runs_dir, self.id, kill=True)


def answer_of(finished: Finished) -> tuple[float, str]:
    """Accuracy on the choosing split, and hash of the dataset's content, as a trial tells them.

    Raises:
        RunError: it is no trial's last word.
    """
    try:
        return float(finished.result["accuracy_chooses"]), finished.result["content_hash"]
    except (KeyError, ValueError) as error:
        raise RunError(
            "The trial ended without an accuracy.",
            advice="Its plan was changed; start the sweep again.",
        ) from error
