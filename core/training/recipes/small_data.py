"""What to change in a recipe where there are few pictures.

Recipes are made for tens of thousands: of a few hundred, their large batches make two steps an
epoch, and sixty epochs of them teach nothing (docs/decisions.md).
"""

from __future__ import annotations

from math import ceil
from typing import Any

from core.domain.counted import counted
from core.training.recipes.choices import Schedule
from core.training.recipes.recipe import Recipe, limits_of

ENOUGH_STEPS = 1500
TOO_FEW_STEPS = 500
_BATCHES = 16  # an epoch, at least: fewer and an epoch says little about the next
_SMALLEST_BATCH = 16
_MOST_EPOCHS = 500


def steps_of(recipe: Recipe, pictures: int) -> int:
    """Steps in a whole run.

    Args:
        pictures: learned from in one epoch.
    """
    return recipe.epochs * (pictures // recipe.batch_size)


def fitted(recipe: Recipe, pictures: int, *, keeps_batches: bool = False) -> dict[str, Any]:
    """Options that give a recipe enough steps: smaller batches, then more epochs.

    Whatever the recipe counts in epochs grows with them. Empty where it has enough, and for a
    recipe that already takes as little and as long as can be.

    Args:
        pictures: learned from in one epoch.
        keeps_batches: leaves their size as it is.
    """
    if pictures < 1 or steps_of(recipe, pictures) >= ENOUGH_STEPS:
        return {}
    batch_size = recipe.batch_size if keeps_batches else _small_batch(recipe, pictures)
    wanted = ceil(ENOUGH_STEPS / max(1, pictures // batch_size))
    epochs = max(recipe.epochs, min(wanted, _MOST_EPOCHS))
    longer = epochs / recipe.epochs
    found = {
        "batch_size": batch_size,
        "epochs": epochs,
        "stops_after": _as_long("stops_after", recipe.stops_after * longer, epochs),
    }
    if recipe.schedule is Schedule.PLATEAU:
        found["patience"] = _as_long("patience", recipe.patience * longer, epochs)
    return {name: value for name, value in found.items() if value != getattr(recipe, name)}


def _as_long(name: str, wanted: float, epochs: int) -> int:
    """Epochs that something waits: no longer than the run, and within what a recipe may say."""
    low, high = limits_of(name)
    return int(min(max(low, round(wanted)), epochs, high))


def _small_batch(recipe: Recipe, pictures: int) -> int:
    batch_size = recipe.batch_size
    while batch_size > _SMALLEST_BATCH and pictures // batch_size < _BATCHES:
        batch_size = max(_SMALLEST_BATCH, batch_size // 2)
    return min(batch_size, pictures)


def few_steps_note(recipe: Recipe, pictures: int) -> str:
    """What a run's model has to be read with, where it takes too few steps; empty otherwise.

    Args:
        recipe: as changed for the run, with its epochs.
        pictures: learned from in one epoch.
    """
    steps, options = steps_of(recipe, pictures), fitted(recipe, pictures)
    if steps >= TOO_FEW_STEPS or not options:
        return ""
    better = recipe.changed(options)
    return (
        f"{counted(pictures, 'picture')} with batch size {recipe.batch_size} give "
        f"{counted(steps, 'step')} in {counted(recipe.epochs, 'epoch')}, too few to learn much: "
        f"batch size {better.batch_size} for "
        f"{counted(better.epochs, 'epoch gives', 'epochs give')} {steps_of(better, pictures):,}."
    )
