"""The other side of a run on a cluster: what happens on the machine that trains.

An object of `RemoteTrainer` lives in a process of its own there, as an actor of Ray. Nothing of the
machine that asked is needed: no disk, no path. `core` itself comes along as Ray's runtime
environment; the machine needs the same Python and the packages of requirements.txt.
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
from core.storage.own_files import discard_ours
from core.storage.settings import Settings
from core.training.plan import TrainingPlan
from core.training.remote.file_transfer import files_in, newest_checkpoint, write_files
from core.training.trainer.trainer import train

_NOT_BROUGHT = ("events.jsonl", "cancel", "checkpoint")


@dataclass(frozen=True, eq=False)
class JobPayload:
    """What a cluster is sent, beside the pictures.

    Attributes:
        run_id: the run's, so that a model has the same name as when it is made here.
        plan: what to train.
        votes: see `job.train`.
        folder: files of the run's folder: the checkpoint it goes on from.
        models: files of the shelf: teachers, and what the run begins with.
        schemes: files of mappings that people made.
    """

    run_id: str
    plan: TrainingPlan
    votes: NDArray[np.float32] | None
    folder: Mapping[str, bytes]
    models: Mapping[str, bytes]
    schemes: Mapping[str, bytes]


@dataclass(frozen=True)
class RemoteOutcome:
    """How it went.

    Attributes:
        result: the job's; None unless it was completed.
        error: what went wrong; None unless something did.
        cancelled: whether it stopped because it was asked to.
    """

    result: dict[str, str] | None = None
    error: MienError | None = None
    cancelled: bool = False


class RemoteTrainer:
    """Trains in a temporary folder; `news`, `stop` and the rest may be called meanwhile.

    Args:
        run_id: of the run.
    """

    def __init__(self, run_id: str) -> None:
        prefix = f"mien-{run_id}-"
        for left in Path(gettempdir()).glob(f"{prefix}*"):  # its process was killed
            discard_ours(left, within=left.parent)
        self._root = Path(mkdtemp(prefix=prefix))
        where = {"MIEN_DATA_DIR": self._root / "data", "MIEN_MODELS_DIR": self._root / "models"}
        self._settings = Settings.from_environment({name: str(at) for name, at in where.items()})
        self._folder = RunFolder(self._settings.runs_dir / run_id)
        self._folder.path.mkdir(parents=True)

    def work(self, parcel: JobPayload, dataset: Dataset) -> RemoteOutcome:
        """Train; the answer comes when it is over, however it went."""
        try:
            write_files(self._folder.path, parcel.folder)
            write_files(self._settings.models_dir, parcel.models)
            write_files(self._settings.schemes_dir, parcel.schemes)
            journal = Journal(self._folder.events, clock=_now)
            context = JobContext(
                folder=self._folder.path,
                journal=journal,
                stop_requested=self._folder.cancel.exists,
                settings=self._settings,
                clock=_now,
            )
            journal.append(LogMessage(f"Training on {gethostname()}, process {getpid()}."))
            return RemoteOutcome(result=train(dataset, parcel.votes, parcel.plan, context))
        except RunCancelled:
            return RemoteOutcome(cancelled=True)
        except MienError as error:
            return RemoteOutcome(error=error)
        # The last safety net on that machine: Ray would wrap whatever happens into pages of text.
        except Exception as error:  # noqa: BLE001
            return RemoteOutcome(
                error=RunError(
                    f"An unexpected error occurred on the cluster "
                    f"({type(error).__name__}: {error}).",
                    advice="Its machines need the packages of requirements.txt, memory and disk "
                    "space; resuming may help.",
                )
            )

    def news(self, since: int) -> tuple[list[RunEvent], int]:
        """What was told since a cursor, and the next cursor; see `core.jobs.monitor`."""
        return read_events(self._folder.events, since=since)

    def stop(self) -> None:
        """Ask it to stop: it ends its step and keeps its checkpoint."""
        self._folder.cancel.touch()

    def checkpoint(self) -> dict[str, bytes]:
        """What the run can go on from, wherever that will be."""
        return newest_checkpoint(self._folder.path)

    def made(self, model: str) -> tuple[dict[str, bytes], dict[str, bytes]]:
        """Files of the run's folder, and those of its model.

        Args:
            model: its name; empty if it made none.
        """
        shelf = files_in(self._settings.models_dir / model) if model else {}
        return files_in(self._folder.path, leave_out=_NOT_BROUGHT), shelf

    def close(self) -> None:
        """Leave nothing behind."""
        discard_ours(self._root, within=self._root.parent)


def _now() -> datetime:
    return datetime.now(UTC)
