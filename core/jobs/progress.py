"""A run's progress, from its events."""

from __future__ import annotations

from core.domain import (
    BatchDone,
    DataReady,
    EpochEnded,
    Finished,
    LogMessage,
    PartDone,
    Progress,
    RunEvent,
    Started,
    Waiting,
)
from core.domain.counted import percent

AT_FIRST = Progress(0.0, "Starting.")
DONE = Progress(1.0, "Done.")


def progress_after(event: RunEvent, before: Progress, epochs: int) -> Progress:
    """The progress of a run after one more event.

    Args:
        epochs: in all, as of the last EpochEnded; 0 before one.
    """
    fraction = _fraction_after(event, epochs)
    sentence = _sentence_of(event)
    return Progress(
        before.fraction if fraction is None else min(1.0, max(0.0, fraction)),
        before.sentence if sentence is None else sentence,
    )


def _fraction_after(event: RunEvent, epochs: int) -> float | None:
    match event:
        case EpochEnded():
            return event.epoch / max(1, event.epochs)
        case BatchDone():
            share = event.batch / max(1, event.batches)
            return (event.epoch - 1 + share) / epochs if epochs else share
        case PartDone():
            return (event.part - 1 + event.fraction) / max(1, event.parts)
        case _:
            return None


def _sentence_of(event: RunEvent) -> str | None:
    match event:
        case Started():
            return AT_FIRST.sentence
        case Waiting(behind):
            return waiting_sentence(behind)
        case EpochEnded() | BatchDone() | PartDone() | DataReady():
            return _sentence_of_work(event)
        case LogMessage(sentence):
            return sentence
        case Finished():
            return event.error or f"It was {event.outcome.value}."
        case _:
            return None


def _sentence_of_work(event: EpochEnded | BatchDone | PartDone | DataReady) -> str:
    match event:
        case DataReady(counts):
            return "Data read: " + ", ".join(f"{n:,} {name}" for name, n in counts.items())
        case EpochEnded():
            return f"Epoch {event.epoch} of {event.epochs} done."
        case BatchDone():
            return f"Epoch {event.epoch}: {event.batch:,} of {event.batches:,} batches."
        case PartDone():
            return f"{event.title}: {percent(event.fraction)}."


def waiting_sentence(behind: str) -> str:
    """What a queued run waits for."""
    return f"Waits for {behind} to end." if behind else "Waits for a free slot."
