"""How long a run will take: by its own pace, or before it starts by that of an earlier one.

An epoch costs about as much as it has picture points to look at: twice the side, four times the
time. Only the pace is measured.
"""

from __future__ import annotations

from collections.abc import Sequence

from core.domain import BatchDone, EpochEnded
from core.training.recipes.recipe import Recipe

ENOUGH_STEPS = 30
"""After the first epoch: fewer, and other programs on the machine decide the pace."""
_LAST = 3
"""Epochs that tell the pace of a run under way."""


def pace_of(epochs: Sequence[EpochEnded], recipe: Recipe) -> float | None:
    """Picture points a second over these epochs; None where they tell no times.

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


def comparable_pace(epochs: Sequence[EpochEnded], recipe: Recipe, wanted: Recipe) -> float | None:
    """The pace of a finished run as an estimate for another; None where it tells nothing of it.

    The first epoch is left out: it compiles and warms up, and may take many times as long.

    Args:
        epochs: of the run, in order.
        recipe: its own, as changed for it.
        wanted: of the run to be estimated.
    """
    settled = epochs[1:]
    pictures = sum(
        one.metrics.get("pictures_per_s", 0.0) * one.metrics.get("seconds", 0.0) for one in settled
    )
    alike = (recipe.network, recipe.batch_size) == (wanted.network, wanted.batch_size)
    if not alike or pictures / recipe.batch_size < ENOUGH_STEPS:
        return None
    return pace_of(settled, recipe)


def whole_s(recipe: Recipe, *, epochs: int, pictures: int, pace: float) -> float:
    """Seconds that all epochs of a run take.

    Args:
        pictures: learned from in one epoch.
        pace: picture points a second.
    """
    return sum(_cost(recipe, epochs, pictures)) / pace


def left_s(recipe: Recipe, told: Sequence[EpochEnded], batch: BatchDone | None) -> float | None:
    """Seconds until the last epoch ends; None before the first has.

    Args:
        recipe: as changed for this run.
        told: epochs that ended.
        batch: the newest that was told; None if none was.
    """
    pace = pace_of(told[-_LAST:], recipe)
    if pace is None:
        return None
    last = told[-1]
    pictures = round(last.metrics["pictures_per_s"] * last.metrics["seconds"])
    costs = _cost(recipe, last.epochs, pictures)
    at = float(last.epoch)
    if batch is not None and batch.epoch > last.epoch:
        at = batch.epoch - 1 + min(1.0, batch.batch / max(1, batch.batches))
    begun = int(at)
    if begun >= len(costs):
        return 0.0
    return (sum(costs[begun:]) - (at - begun) * costs[begun]) / pace


def _cost(recipe: Recipe, epochs: int, pictures: int) -> list[float]:
    """Picture points of each epoch."""
    return [float(pictures * recipe.size_at(epoch, epochs) ** 2) for epoch in range(epochs)]
