"""Adapting a recipe to a small dataset.

Recipes are made for tens of thousands of pictures: with a few hundred, their large batches give two
steps per epoch, and sixty such epochs train nothing (docs/decisions.md).
"""

from __future__ import annotations

from math import ceil
from typing import Any

from core.domain.counted import counted
from core.training.recipes.kinds import Schedule
from core.training.recipes.limits import limits_of
from core.training.recipes.recipe import Recipe

ENOUGH_STEPS = 1500
TOO_FEW_STEPS = 500
_MIN_BATCHES = 16  # per epoch, so that accuracy can be compared between epochs
_MIN_BATCH_SIZE = 16
_MAX_EPOCHS = 500


def total_steps(recipe: Recipe, pictures: int) -> int:
    """Steps in a whole run.

    Args:
        pictures: number of training pictures.
    """
    return recipe.epochs * (pictures // recipe.batch_size)


def small_data_options(
    recipe: Recipe, pictures: int, *, keep_batch_size: bool = False
) -> dict[str, Any]:
    """Options that give a recipe enough steps: smaller batches, then more epochs.

    Values counted in epochs are scaled with them. Empty if the recipe has enough steps, or is at
    the limits already.

    Args:
        pictures: number of training pictures.
        keep_batch_size: does not change the batch size.
    """
    if pictures < 1 or total_steps(recipe, pictures) >= ENOUGH_STEPS:
        return {}
    batch_size = recipe.batch_size if keep_batch_size else _small_batch(recipe, pictures)
    target = ceil(ENOUGH_STEPS / max(1, pictures // batch_size))
    epochs = max(recipe.epochs, min(target, _MAX_EPOCHS))
    factor = epochs / recipe.epochs
    found = {
        "batch_size": batch_size,
        "epochs": epochs,
        "stops_after": _scaled_epochs("stops_after", recipe.stops_after * factor, epochs),
    }
    if recipe.schedule is Schedule.PLATEAU:
        found["patience"] = _scaled_epochs("patience", recipe.patience * factor, epochs)
    return {name: value for name, value in found.items() if value != getattr(recipe, name)}


def _scaled_epochs(name: str, target: float, epochs: int) -> int:
    """Rounded to whole epochs, at most the run's, and within the recipe's limits."""
    limits = limits_of(name)
    return int(min(max(limits.least, round(target)), epochs, limits.most))


def _small_batch(recipe: Recipe, pictures: int) -> int:
    batch_size = recipe.batch_size
    while batch_size > _MIN_BATCH_SIZE and pictures // batch_size < _MIN_BATCHES:
        batch_size = max(_MIN_BATCH_SIZE, batch_size // 2)
    return min(batch_size, pictures)


def few_steps_note(recipe: Recipe, pictures: int) -> str:
    """A warning that a run has too few steps; else empty.

    Args:
        recipe: as changed for the run, with its epochs.
        pictures: number of training pictures.
    """
    steps, options = total_steps(recipe, pictures), small_data_options(recipe, pictures)
    if steps >= TOO_FEW_STEPS or not options:
        return ""
    adapted = recipe.changed(options)
    return (
        f"{counted(pictures, 'picture')} with batch size {recipe.batch_size} give "
        f"{counted(steps, 'step')} in {counted(recipe.epochs, 'epoch')}, too few to learn much: "
        f"batch size {adapted.batch_size} for "
        f"{counted(adapted.epochs, 'epoch gives', 'epochs give')} "
        f"{total_steps(adapted, pictures):,}."
    )
