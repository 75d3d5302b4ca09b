"""What each recipe reached where it was measured: read from the shipped table, never typed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from core.domain import Interval
from core.evaluation.comparison import RecipeFigures
from core.storage.settings import PROJECT_DIR
from core.training.recipes.recipe import Recipe

TABLE = PROJECT_DIR / "docs" / "recipes.json"
"""Written by scripts/recipe_report.py from runs and cards."""


@dataclass(frozen=True)
class Measured:
    """One training of a recipe as it is.

    Attributes:
        minutes: of one processor thread, training only.
        figures: what it reached on unseen pictures.
    """

    minutes: float
    figures: RecipeFigures


@cache
def measured_recipes(table: Path = TABLE) -> dict[str, Measured]:
    """Recipe -> what it reached; without those that were changed, cut short or never run.

    Empty where the table is not shipped.
    """
    try:
        trainings = json.loads(table.read_text(encoding="utf-8"))["trainings"].values()
        return {
            row["recipe"]: Measured(row["minutes"], _figures(row))
            for row in trainings
            if not row["changed"] and row["tested"] and row["weights"]
        }
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def recipe_figures(table: Path = TABLE) -> dict[str, RecipeFigures]:
    """Recipe -> its figures alone, as claims are judged by."""
    return {name: one.figures for name, one in measured_recipes(table).items()}


def _figures(row: Mapping[str, Any]) -> RecipeFigures:
    area = row.get("area")
    return RecipeFigures(
        Interval(**row["tested"]),
        row["weights"],
        row.get("pictures", 0),
        Interval(**area) if area else None,
        row.get("label", ""),
        row.get("precision", 0.0),
        row.get("recall", 0.0),
    )


def label_of(recipe: Recipe, found: Measured | None) -> str:
    """A recipe in a list of choices: what it reached, then what it is.

    The figures come first: a narrow list cuts off the end, and they are what people choose by.
    """
    what = recipe.title.partition(":")[0]
    if found is None:
        return f"Not measured · {what}"
    reached = f"{found.figures.accuracy.value * 100:.1f} %"
    weights = f"{found.figures.weights / 1e6:.2g} M"
    return f"{reached} · {found.minutes:.0f} min · {weights} · {what}"


def measured_words(recipe: Recipe, found: Measured | None) -> str:
    """The same in a sentence."""
    if found is None:
        return "What it reaches was not measured."
    classes = f" ({recipe.classes})" if recipe.classes else ""
    return (
        f"Measured: {found.figures.accuracy.value * 100:.1f} % on FER2013's PrivateTest{classes}, "
        f"after {found.minutes:.0f} minutes of one processor thread; "
        f"{found.figures.weights:,} weights."
    )
