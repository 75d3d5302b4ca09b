"""Training on a machine of a Ray cluster.

A `RemoteTrainer` is a Ray actor in a separate process. It shares no disk with the machine that
started the run. `core` itself is sent as Ray's runtime environment; the machine needs the same
Python and the packages of requirements.txt.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from os import getpid
from pathlib import Path
from socket import gethostname
from tempfile import gettempdir, mkdtemp

import numpy as np
from numpy.typing import NDArray

from core.domain import Dataset, LogMessage, RunEvent
from core.domain.errors import MienError, RunError
from core.jobs import JobContext, Journal, RunCancelled, RunFolder, read_events
from core.settings import Settings
from core.storage.own_files import discard_ours
from core.training.plan import TrainingPlan
from core.training.remote.file_transfer import files_in, newest_checkpoint, write_files
from core.training.trainer.trainer import train

_NOT_TRANSFERRED = ("events.jsonl", "cancel", "checkpoint")


@dataclass(frozen=True, eq=False)
class JobPayload:
    """What is sent to the cluster, besides the pictures.

    Attributes:
        run_id: so that the model has the same name as if trained locally.
        plan: what to train.
        votes: see `trainer.train`.
        folder: files of the run's folder: the checkpoint it resumes from.
        models: files of saved models: teachers and initial weights.
        schemes: files of the user's class mappings.
    """

    run_id: str
    plan: TrainingPlan
    votes: NDArray[np.float32] | None
    folder: Mapping[str, bytes]
    models: Mapping[str, bytes]
    schemes: Mapping[str, bytes]


@dataclass(frozen=True)
class RemoteOutcome:
    """How a training on the cluster ended.

    Attributes:
        result: the job's; None unless it completed.
        error: why it failed; None if it did not.
        cancelled: whether it stopped on request.
    """

    result: dict[str, str] | None = None
    error: MienError | None = None
    cancelled: bool = False


class RemoteTrainer:
    """Trains in a temporary folder; `new_events`, `stop` and the rest may be called meanwhile.

    Args:
        run_id: of the run.
    """

    def __init__(self, run_id: str) -> None:
        prefix = f"mien-{run_id}-"
        for leftover in Path(gettempdir()).glob(f"{prefix}*"):  # its process was killed
            discard_ours(leftover, within=leftover.parent)
        self._root = Path(mkdtemp(prefix=prefix))
        folders = {"MIEN_DATA_DIR": self._root / "data", "MIEN_MODELS_DIR": self._root / "models"}
        self._settings = Settings.from_environment({name: str(at) for name, at in folders.items()})
        self._folder = RunFolder(self._settings.runs_dir / run_id)
        self._folder.path.mkdir(parents=True)

    def train(self, payload: JobPayload, dataset: Dataset) -> RemoteOutcome:
        """Train, and return when training has ended; errors are in the outcome."""
        try:
            write_files(self._folder.path, payload.folder)
            write_files(self._settings.models_dir, payload.models)
            write_files(self._settings.schemes_dir, payload.schemes)
            journal = Journal(self._folder.events, clock=_now)
            context = JobContext(
                folder=self._folder.path,
                journal=journal,
                stop_requested=self._folder.cancel.exists,
                settings=self._settings,
                clock=_now,
            )
            journal.append(LogMessage(f"Training on {gethostname()}, process {getpid()}."))
            return RemoteOutcome(result=train(dataset, payload.votes, payload.plan, context))
        except RunCancelled:
            return RemoteOutcome(cancelled=True)
        except MienError as error:
            return RemoteOutcome(error=error)
        # Broad on purpose: Ray would wrap any other error into pages of text.
        except Exception as error:  # noqa: BLE001
            return RemoteOutcome(
                error=RunError(
                    f"An unexpected error occurred on the cluster "
                    f"({type(error).__name__}: {error}).",
                    advice="Its machines need the packages of requirements.txt, memory and disk "
                    "space; resuming may help.",
                )
            )

    def new_events(self, since: int) -> tuple[list[RunEvent], int]:
        """Events since a cursor, and the next cursor; see `core.jobs.monitor`."""
        return read_events(self._folder.events, since=since)

    def stop(self) -> None:
        """Request a stop: it ends its step and keeps its checkpoint."""
        self._folder.cancel.touch()

    def checkpoint(self) -> dict[str, bytes]:
        """Files that the run can resume from, on any machine."""
        return newest_checkpoint(self._folder.path)

    def result_files(self, model: str) -> tuple[dict[str, bytes], dict[str, bytes]]:
        """Files of the run's folder, and those of its model.

        Args:
            model: its name; empty if it made none.
        """
        model_files = files_in(self._settings.models_dir / model) if model else {}
        return files_in(self._folder.path, leave_out=_NOT_TRANSFERRED), model_files

    def close(self) -> None:
        """Delete the temporary folder."""
        discard_ours(self._root, within=self._root.parent)


def _now() -> datetime:
    return datetime.now(UTC)
