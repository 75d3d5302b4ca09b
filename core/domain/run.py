"""A background job as seen from outside, and the events it writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

_EARLIER_METRICS: Mapping[str, str] = {
    "accuracy_learns": "train_accuracy",
    "loss_learns": "train_loss",
    "accuracy_chooses": "val_accuracy",
    "loss_chooses": "val_loss",
}
"""Names in journals and histories that people have, and the names of today."""

_Value = TypeVar("_Value")


def _named_as_today(values: dict[str, _Value]) -> dict[str, _Value]:
    return {_EARLIER_METRICS.get(name, name): one for name, one in values.items()}


class RunStatus(StrEnum):
    """The status of a run. Derived from its folder each time, never stored."""

    STARTING = "starting"
    """The folder exists; the worker has written no event yet."""
    QUEUED = "queued"
    """The worker is up and waits in the queue."""
    RUNNING = "running"
    """The worker holds its lease."""
    CANCELLING = "cancelling"
    """Asked to stop; it finishes its step first."""
    COMPLETED = "completed"
    """It ended successfully."""
    CANCELLED = "cancelled"
    """It stopped on request."""
    FAILED = "failed"
    """It stopped because of an error."""
    LOST = "lost"
    """It started, never finished, and no process holds the lease: resume it."""

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen unless somebody acts."""
        return self in {
            RunStatus.COMPLETED,
            RunStatus.CANCELLED,
            RunStatus.FAILED,
            RunStatus.LOST,
        }


@dataclass(frozen=True)
class Started:
    """The worker left the queue and starts to work."""

    pid: int
    versions: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class DataReady:
    """Inputs are read; counts by name."""

    counts: dict[str, int]


@dataclass(frozen=True)
class Waiting:
    """The worker waits in the queue behind another run.

    Attributes:
        behind: id of that run; empty if it is not known.
    """

    behind: str = ""


@dataclass(frozen=True)
class BatchDone:
    """Progress inside an epoch or a recording; at most twice a second.

    Attributes:
        loss: mean over the epoch so far; None outside of trainings.
    """

    epoch: int
    batch: int
    batches: int
    loss: float | None = None


@dataclass(frozen=True)
class ResourcesUsed:
    """CPU and memory use of the worker; every few seconds.

    Attributes:
        cores: processor seconds a second, children included: 1.0 is one core kept busy.
        memory_mb: resident, in units of 10^6 bytes.
    """

    cores: float
    memory_mb: float


@dataclass(frozen=True)
class SamplesSeen:
    """Predictions for a few validation pictures during a training; each epoch.

    Attributes:
        epoch: done by then.
        positions: of the pictures in the validation split.
        scores: one list a picture, in the order of the scheme, rounded to four digits.
    """

    epoch: int
    positions: list[int]
    scores: list[list[float]]


@dataclass(frozen=True)
class PartDone:
    """Progress of one part of a job; at most twice a second.

    Attributes:
        part, parts: which of how many, from 1.
        title: what is being done.
        fraction: of this part, in [0, 1].
    """

    part: int
    parts: int
    title: str
    fraction: float


@dataclass(frozen=True)
class EpochEnded:
    """One pass over the training pictures; metrics are finite.

    Attributes:
        metrics: by name; those with `val_…` are of the validation split. The names of earlier
            versions are read as those of today.
    """

    epoch: int
    epochs: int
    metrics: dict[str, float]

    def __post_init__(self) -> None:
        object.__setattr__(self, "metrics", _named_as_today(self.metrics))


@dataclass(frozen=True)
class CheckpointSaved:
    """From here the run can be resumed."""

    epoch: int


@dataclass(frozen=True)
class LogMessage:
    """One sentence for the person who watches.

    Attributes:
        is_warning: whether it belongs beside the result; false in journals of earlier versions.
    """

    sentence: str
    is_warning: bool = False


@dataclass(frozen=True)
class Finished:
    """The last event of a run.

    Attributes:
        outcome: completed, cancelled or failed.
        error, advice: what went wrong and what to do; empty unless failed.
        result: names and values of what it made (a model's name, a session's id); metrics by the
            names of today.
    """

    outcome: RunStatus
    error: str = ""
    advice: str = ""
    result: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "result", _named_as_today(self.result))


RunEvent = (
    Started
    | Waiting
    | DataReady
    | BatchDone
    | PartDone
    | EpochEnded
    | SamplesSeen
    | ResourcesUsed
    | CheckpointSaved
    | LogMessage
    | Finished
)


@dataclass(frozen=True)
class Progress:
    """The progress of a run.

    Attributes:
        fraction: in [0, 1].
        sentence: the current step, for a person.
    """

    fraction: float
    sentence: str


@dataclass(frozen=True)
class LossPoint:
    """One point of the loss inside epochs.

    Attributes:
        epochs: done by then, with a fraction: 2.5 is in the middle of the third.
        loss: mean over its epoch so far.
    """

    epochs: float
    loss: float


@dataclass(frozen=True)
class ResourcePoint:
    """CPU and memory use of the worker at one time.

    Attributes:
        time_s: since the run first started to work; pauses before a resume count.
        cores, memory_mb: see `ResourcesUsed`.
    """

    time_s: float
    cores: float
    memory_mb: float


@dataclass(frozen=True)
class Run:
    """A job's life as seen from outside.

    Attributes:
        id: sortable and unique, such as `2026-11-21-0136-calm-otter`.
        kind: what the worker does with it: "train", "analyse".
        status: derived now.
        progress: as of its last event.
        began_at: when it was requested; aware, UTC.
        finished: its `Finished` event, if there is one.
        epochs: every EpochEnded so far, for the learning curves; of one that was done twice,
            because the run was resumed from an earlier checkpoint, the last.
        started_at: when it first started to work, after any waiting; None before that.
        behind: the run it waits for, while it is queued and that is known.
        batch: the newest BatchDone.
        batch_losses: losses inside the epochs, downsampled (see `core.jobs.run_state`).
        resources: CPU and memory use, downsampled likewise.
        samples: the newest SamplesSeen.
        messages: the newest log messages, oldest first.
        warnings: those of them that are warnings.
        note, tags: see `core.jobs.Notes`.
    """

    id: str
    kind: str
    status: RunStatus
    progress: Progress
    began_at: datetime
    finished: Finished | None
    epochs: tuple[EpochEnded, ...]
    started_at: datetime | None = None
    behind: str = ""
    batch: BatchDone | None = None
    batch_losses: tuple[LossPoint, ...] = ()
    resources: tuple[ResourcePoint, ...] = ()
    samples: SamplesSeen | None = None
    messages: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    note: str = ""
    tags: tuple[str, ...] = ()


PREVIEW_KIND = "preview"
