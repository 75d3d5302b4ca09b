"""What each recipe reached where it was measured: read from the shipped table, never typed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.settings import PROJECT_DIR
from core.training.recipes import Recipe

TABLE = PROJECT_DIR / "docs" / "recipes.json"
"""Written by scripts/recipe_report.py from runs and cards."""


@dataclass(frozen=True)
class Measured:
    """One training of a recipe as it is.

    Attributes:
        accuracy: on unseen pictures, a fraction.
        minutes: of one processor thread, training only.
        weights: numbers in the finished network.
    """

    accuracy: float
    minutes: float
    weights: int


@cache
def measured_recipes(table: Path = TABLE) -> dict[str, Measured]:
    """Recipe -> what it reached; without those that were changed, cut short or never run.

    Empty where the table is not shipped.
    """
    try:
        trainings = json.loads(table.read_text(encoding="utf-8"))["trainings"].values()
        return {
            row["recipe"]: Measured(row["tested"]["value"], row["minutes"], row["weights"])
            for row in trainings
            if not row["changed"] and row["tested"] and row["weights"]
        }
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def label_of(recipe: Recipe, found: Measured | None) -> str:
    """A recipe in a list of choices: what it is, what it reached, and its file's name."""
    if found is None:
        return f"{recipe.title} · not measured · {recipe.name}"
    reached = f"{found.accuracy * 100:.1f} %"
    if recipe.classes:
        reached += f" ({recipe.classes})"
    return (
        f"{recipe.title} · {reached} · {found.minutes:.0f} min · "
        f"{found.weights / 1e6:.2g} million weights · {recipe.name}"
    )
