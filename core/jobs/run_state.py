"""What a run's journal has told so far, line by line, with long series downsampled."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Generic, TypeVar

from core.domain import (
    BatchDone,
    CheckpointSaved,
    EpochEnded,
    Finished,
    LogMessage,
    LossPoint,
    ResourcePoint,
    ResourcesUsed,
    RunEvent,
    SamplesSeen,
    Started,
    Waiting,
)
from core.jobs.progress import AT_FIRST, progress_after
from core.jobs.run_folder.journal import event_of, kind_of, time_of

MOST_SENTENCES = 50

_BATCH, _RESOURCES, _SAMPLES, _CHECKPOINT = (
    kind.__name__ for kind in (BatchDone, ResourcesUsed, SamplesSeen, CheckpointSaved)
)
_BATCH_BEGINS = f'{{"kind": "{_BATCH}"'.encode()
_Told = TypeVar("_Told", BatchDone, SamplesSeen)


class RunState:
    """The state of a run after some lines of its journal.

    It depends only on the lines, not on how many of them came at a time (a law the tests hold it
    to). Nine lines in ten say BatchDone or ResourcesUsed; of those only the newest and the few that
    a chart shows are read, which makes a first reading fifteen times as fast.

    Args:
        figures: keep losses, resources and samples; without, a tale is small enough for lists.
    """

    def __init__(self, *, figures: bool = True) -> None:
        self._figures = figures
        self.progress = AT_FIRST
        self.started_at: datetime | None = None
        self.waiting: Waiting | None = None
        """Its newest word on that; None once it is at work."""
        self.finished: Finished | None = None
        """The last word, unless the run was taken up again after it."""
        self.batch: BatchDone | None = None
        self.samples: SamplesSeen | None = None
        self._epochs: list[EpochEnded] = []
        self._said: deque[LogMessage] = deque(maxlen=MOST_SENTENCES)
        self._losses = DownsampledSeries(_loss_point)
        self._resources = DownsampledSeries(self._resource_point)
        self._new_batches: list[bytes] = []
        self._new_samples: list[bytes] = []
        self._listeners: dict[str, Callable[[bytes], None]] = {
            _BATCH: self._new_batches.append,
            _RESOURCES: self._hear_resources if figures else _ignore,
            _SAMPLES: self._new_samples.append if figures else _ignore,
            _CHECKPOINT: _ignore,
        }

    def hear(self, lines: Iterable[bytes]) -> None:
        """Take the next lines of the journal."""
        for line in lines:
            if line.startswith(_BATCH_BEGINS):
                self._new_batches.append(line)
            else:
                self._listeners.get(kind_of(line), self._take)(line)
        self._settle_batches()
        self.samples = _newest(self._new_samples, SamplesSeen) or self.samples
        self._new_samples.clear()

    @property
    def epochs(self) -> tuple[EpochEnded, ...]:
        """Of epochs that were done twice, only the last."""
        return tuple(_as_done_last(self._epochs, [float(one.epoch) for one in self._epochs]))

    @property
    def said(self) -> tuple[str, ...]:
        """The newest sentences, oldest first."""
        return tuple(one.sentence for one in self._said)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Those of them that are warnings, oldest first."""
        return tuple(one.sentence for one in self._said if one.is_warning)

    @property
    def batch_losses(self) -> tuple[LossPoint, ...]:
        """Thinned; of stretches that were done twice, only the last."""
        points = self._losses.points()
        return tuple(_as_done_last(points, [point.epochs for point in points]))

    @property
    def resources(self) -> tuple[ResourcePoint, ...]:
        """Thinned."""
        return tuple(self._resources.points())

    def _hear_resources(self, line: bytes) -> None:
        self._resources.extend([line])

    def _take(self, line: bytes) -> None:
        event = event_of(line)
        if event is None:
            return
        self._settle_batches()
        match event:
            case Started():
                self.waiting = self.finished = None
                self.started_at = self.started_at or time_of(line)
            case Waiting():
                self.waiting, self.finished = event, None
            case EpochEnded():
                self._epochs.append(event)
            case LogMessage():
                self._said.append(event)
            case Finished():
                self.finished = event
        self._advance(event)

    def _settle_batches(self) -> None:
        """Read the newest of the batches told since the last other event."""
        if self._figures:
            self._losses.extend(self._new_batches)
        newest = _newest(self._new_batches, BatchDone)
        self._new_batches.clear()
        if newest is not None:
            self.batch = newest
            self._advance(newest)

    def _advance(self, event: RunEvent) -> None:
        epochs = self._epochs[-1].epochs if self._epochs else 0
        self.progress = progress_after(event, self.progress, epochs)

    def _resource_point(self, line: bytes) -> ResourcePoint | None:
        event, at = event_of(line), time_of(line)
        if not isinstance(event, ResourcesUsed) or at is None:
            return None
        since = self.started_at or at
        return ResourcePoint((at - since).total_seconds(), event.cores, event.memory_mb)


def _ignore(_line: bytes) -> None:
    """Nothing of it is shown."""


def _newest(lines: Sequence[bytes], kind: type[_Told]) -> _Told | None:
    """The last of them that can be read."""
    for line in reversed(lines):
        event = event_of(line)
        if isinstance(event, kind):
            return event
    return None


def _loss_point(line: bytes) -> LossPoint | None:
    event = event_of(line)
    if not isinstance(event, BatchDone) or event.loss is None or not math.isfinite(event.loss):
        return None
    return LossPoint(event.epoch - 1 + event.batch / max(1, event.batches), event.loss)


_Item = TypeVar("_Item")


def _as_done_last(items: Sequence[_Item], places: Sequence[float]) -> Iterator[_Item]:
    """Items without those at whose place the run went by once more, further on."""
    kept, first = [], math.inf
    for item, place in zip(reversed(items), reversed(places), strict=True):
        if place < first:
            kept.append(item)
            first = place
    return reversed(kept)


MOST_POINTS = 600
"""As many as a chart of usual width can show apart."""

Point = TypeVar("Point")


class DownsampledSeries(Generic[Point]):
    """Keeps the first, then every n-th, and the newest; n doubles whenever there are too many.

    Points are kept as they were told, never averaged. Which are kept depends only on what was
    added, not on when anybody looked; the rest is not even read.

    Args:
        read: makes a point of a line; None where it cannot.
        most: points, at least 2.
    """

    def __init__(self, read: Callable[[bytes], Point | None], *, most: int = MOST_POINTS) -> None:
        self._read = read
        self._most = most
        self._every = 1
        self._count = 0
        self._kept: list[Point | None] = []
        self._newest = b""

    def extend(self, lines: Sequence[bytes]) -> None:
        """Take the next lines of the series; those that are not kept cost nothing."""
        at = -self._count % self._every
        while at < len(lines):
            self._kept.append(self._read(lines[at]))
            if len(self._kept) >= self._most:
                del self._kept[1::2]
                self._every *= 2
            # To the next one that is a multiple away from the very first.
            at += self._every - (self._count + at) % self._every
        if lines:
            self._newest = lines[-1]
            self._count += len(lines)

    def points(self) -> list[Point]:
        """What is kept, in order."""
        kept = list(self._kept)
        if self._count and (self._count - 1) % self._every:
            kept.append(self._read(self._newest))
        return [point for point in kept if point is not None]
