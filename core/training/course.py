"""What a run's events add up to, as a page follows it: few enough points to draw, at any length."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from core.vocabulary import BatchDone, EpochEnded, ResourcesUsed, RunEvent, Said, SamplesSeen

MOST_POINTS = 600
"""A curve never holds more: half a point a pixel of a wide chart."""

_MOST_SENTENCES = 200


@dataclass
class Trace:
    """A curve that grows without end and keeps its shape: when it is full, every other point goes.

    Attributes:
        points: `(x, value...)`, ascending in x; one in `stride` of those that were given.
        stride: a power of two.
    """

    points: list[tuple[float, ...]] = field(default_factory=list)
    stride: int = 1
    _given: int = 0

    def add(self, x: float, *values: float) -> None:
        """Take in one point; of a run that was taken up again, what lies ahead of it is undone."""
        while self.points and self.points[-1][0] >= x:
            self.points.pop()
        if self._given % self.stride == 0:
            self.points.append((x, *values))
        self._given += 1
        if len(self.points) > MOST_POINTS:
            del self.points[1::2]
            self.stride *= 2


@dataclass
class Course:
    """One run so far; feed it the events in their order, each once.

    Attributes:
        epochs: that ended, each once, in order.
        batches: epochs done as a fraction, and the epoch's mean loss so far.
        resources: epochs done, cores kept busy, and memory in megabytes.
        said: the last sentences.
        samples: what the network said of the sample pictures last.
        at_epoch: epochs done, as a fraction: 2.5 is half of the third.
        events: how many were taken in; a page draws anew when it changes.
    """

    epochs: list[EpochEnded] = field(default_factory=list)
    batches: Trace = field(default_factory=Trace)
    resources: Trace = field(default_factory=Trace)
    said: list[str] = field(default_factory=list)
    samples: SamplesSeen | None = None
    at_epoch: float = 0.0
    events: int = 0

    def take(self, events: Iterable[RunEvent]) -> Course:
        """Take in the next events; the answer is the course itself."""
        for event in events:
            self.events += 1
            self._take_one(event)
        return self

    def _take_one(self, event: RunEvent) -> None:
        match event:
            case BatchDone():
                self.at_epoch = event.epoch - 1 + event.batch / max(1, event.batches)
                if event.loss is not None:
                    self.batches.add(self.at_epoch, event.loss)
            case EpochEnded():
                while self.epochs and self.epochs[-1].epoch >= event.epoch:
                    self.epochs.pop()
                self.epochs.append(event)
                self.at_epoch = float(event.epoch)
            case ResourcesUsed():
                self.resources.add(self.at_epoch, event.cores, event.memory_mb)
            case SamplesSeen():
                self.samples = event
            case Said():
                self.said = [*self.said[1 - _MOST_SENTENCES :], event.sentence]
