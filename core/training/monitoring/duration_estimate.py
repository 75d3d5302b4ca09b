"""Estimates of a run's duration, from its own pace or from an earlier run's.

The time of an epoch is taken as proportional to its number of pixels: twice the side, four times
the time. The pace, in pixels per second, is measured.
"""

from __future__ import annotations

from collections.abc import Sequence

from core.domain import BatchDone, EpochEnded
from core.training.recipes.recipe import Recipe

MIN_STEPS = 30
"""After the first epoch; with fewer, other load on the machine dominates the pace."""
_RECENT_EPOCHS = 3
"""Epochs from which the pace of a running run is measured."""


def pace_of(epochs: Sequence[EpochEnded], recipe: Recipe) -> float | None:
    """Pixels per second over these epochs; None if they have no times.

    Args:
        epochs: of one run.
        recipe: theirs, as changed for that run.
    """
    points = seconds = 0.0
    for one in epochs:
        spent = one.metrics.get("seconds", 0.0)
        side_px = recipe.size_at(one.epoch - 1, one.epochs)
        points += one.metrics.get("pictures_per_s", 0.0) * spent * side_px**2
        seconds += spent
    return points / seconds if points > 0 and seconds > 0 else None


def comparable_pace(epochs: Sequence[EpochEnded], recipe: Recipe, other: Recipe) -> float | None:
    """The pace of a finished run as an estimate for another; None if it is not comparable.

    The first epoch is left out: it includes compilation, and may take many times as long.

    Args:
        epochs: of the run, in order.
        recipe: its own, as changed for it.
        other: of the run to be estimated.
    """
    steady = epochs[1:]
    pictures = sum(
        one.metrics.get("pictures_per_s", 0.0) * one.metrics.get("seconds", 0.0) for one in steady
    )
    comparable = (recipe.network, recipe.batch_size) == (other.network, other.batch_size)
    if not comparable or pictures / recipe.batch_size < MIN_STEPS:
        return None
    return pace_of(steady, recipe)


def total_s(recipe: Recipe, *, epochs: int, pictures: int, pace: float) -> float:
    """Seconds that all epochs of a run take.

    Args:
        pictures: number of training pictures.
        pace: pixels per second.
    """
    return sum(_cost(recipe, epochs, pictures)) / pace


def remaining_s(
    recipe: Recipe, ended: Sequence[EpochEnded], batch: BatchDone | None
) -> float | None:
    """Seconds until the last epoch ends; None before the first has.

    Args:
        recipe: as changed for this run.
        ended: epochs that ended.
        batch: the latest that was reported; None if none was.
    """
    pace = pace_of(ended[-_RECENT_EPOCHS:], recipe)
    if pace is None:
        return None
    last = ended[-1]
    pictures = round(last.metrics["pictures_per_s"] * last.metrics["seconds"])
    costs = _cost(recipe, last.epochs, pictures)
    at = float(last.epoch)
    if batch is not None and batch.epoch > last.epoch:
        at = batch.epoch - 1 + min(1.0, batch.batch / max(1, batch.batches))
    current = int(at)
    if current >= len(costs):
        return 0.0
    return (sum(costs[current:]) - (at - current) * costs[current]) / pace


def _cost(recipe: Recipe, epochs: int, pictures: int) -> list[float]:
    """Pixels of each epoch."""
    return [float(pictures * recipe.size_at(epoch, epochs) ** 2) for epoch in range(epochs)]
