"""The state of a run, built line by line from its journal, with long series downsampled."""

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

MOST_MESSAGES = 50

_BATCH, _RESOURCES, _SAMPLES, _CHECKPOINT = (
    kind.__name__ for kind in (BatchDone, ResourcesUsed, SamplesSeen, CheckpointSaved)
)
_BATCH_PREFIX = f'{{"kind": "{_BATCH}"'.encode()
_Event = TypeVar("_Event", BatchDone, SamplesSeen)


class RunState:
    """The state of a run after some lines of its journal.

    It depends only on the lines, not on how many of them came at a time (a property test checks
    this). Nine lines in ten are BatchDone or ResourcesUsed; of those only the newest and the few
    that a chart shows are parsed, which makes a first read fifteen times as fast.

    Args:
        figures: keep losses, resources and samples; without, a state is small enough for lists.
    """

    def __init__(self, *, figures: bool = True) -> None:
        self._figures = figures
        self.progress = AT_FIRST
        self.started_at: datetime | None = None
        self.waiting: Waiting | None = None
        """The newest `Waiting`; None once it is at work."""
        self.finished: Finished | None = None
        """The last event, unless the run was resumed after it."""
        self.batch: BatchDone | None = None
        self.samples: SamplesSeen | None = None
        self._epochs: list[EpochEnded] = []
        self._messages: deque[LogMessage] = deque(maxlen=MOST_MESSAGES)
        self._losses = DownsampledSeries(_loss_point)
        self._resources = DownsampledSeries(self._resource_point)
        self._new_batches: list[bytes] = []
        self._new_samples: list[bytes] = []
        self._handlers: dict[str, Callable[[bytes], None]] = {
            _BATCH: self._new_batches.append,
            _RESOURCES: self._take_resources if figures else _ignore,
            _SAMPLES: self._new_samples.append if figures else _ignore,
            _CHECKPOINT: _ignore,
        }

    def update(self, lines: Iterable[bytes]) -> None:
        """Take the next lines of the journal."""
        for line in lines:
            if line.startswith(_BATCH_PREFIX):
                self._new_batches.append(line)
            else:
                self._handlers.get(kind_of(line), self._take)(line)
        self._flush_batches()
        self.samples = _newest(self._new_samples, SamplesSeen) or self.samples
        self._new_samples.clear()

    @property
    def epochs(self) -> tuple[EpochEnded, ...]:
        """Of epochs that were done twice, only the last."""
        return tuple(_without_repeated(self._epochs, [float(one.epoch) for one in self._epochs]))

    @property
    def messages(self) -> tuple[str, ...]:
        """The newest log messages, oldest first."""
        return tuple(one.sentence for one in self._messages)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Those of them that are warnings, oldest first."""
        return tuple(one.sentence for one in self._messages if one.is_warning)

    @property
    def batch_losses(self) -> tuple[LossPoint, ...]:
        """Downsampled; of batches that were done twice, only the last."""
        points = self._losses.points()
        return tuple(_without_repeated(points, [point.epochs for point in points]))

    @property
    def resources(self) -> tuple[ResourcePoint, ...]:
        """Downsampled."""
        return tuple(self._resources.points())

    def _take_resources(self, line: bytes) -> None:
        self._resources.extend([line])

    def _take(self, line: bytes) -> None:
        event = event_of(line)
        if event is None:
            return
        self._flush_batches()
        match event:
            case Started():
                self.waiting = self.finished = None
                self.started_at = self.started_at or time_of(line)
            case Waiting():
                self.waiting, self.finished = event, None
            case EpochEnded():
                self._epochs.append(event)
            case LogMessage():
                self._messages.append(event)
            case Finished():
                self.finished = event
        self._advance(event)

    def _flush_batches(self) -> None:
        """Parse the newest of the batches since the last other event."""
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
    """A line that is not shown."""


def _newest(lines: Sequence[bytes], kind: type[_Event]) -> _Event | None:
    """The last event that can be parsed."""
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


def _without_repeated(items: Sequence[_Item], positions: Sequence[float]) -> Iterator[_Item]:
    """Items without those whose position the run reached again later, after a resume."""
    kept, first = [], math.inf
    for item, position in zip(reversed(items), reversed(positions), strict=True):
        if position < first:
            kept.append(item)
            first = position
    return reversed(kept)


MOST_POINTS = 600
"""As many as a chart of usual width can resolve."""

Point = TypeVar("Point")


class DownsampledSeries(Generic[Point]):
    """Keeps the first, then every n-th, and the newest; n doubles whenever there are too many.

    Points are kept as they are, never averaged. Which are kept depends only on what was added, not
    on when they were read; the rest is not even parsed.

    Args:
        read: parses a line into a point; None where it cannot.
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
            # To the next index that is a multiple of `_every`.
            at += self._every - (self._count + at) % self._every
        if lines:
            self._newest = lines[-1]
            self._count += len(lines)

    def points(self) -> list[Point]:
        """The points kept, in order."""
        kept = list(self._kept)
        if self._count and (self._count - 1) % self._every:
            kept.append(self._read(self._newest))
        return [point for point in kept if point is not None]
