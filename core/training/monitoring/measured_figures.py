"""Measured results of each recipe, read from the shipped table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from core.domain import Interval
from core.domain.counted import tenths
from core.domain.plain_values import parse_json
from core.evaluation.comparison import RecipeFigures
from core.settings import PROJECT_DIR
from core.training.recipes.recipe import Recipe

TABLE = PROJECT_DIR / "docs" / "recipes.json"
"""Written by scripts/recipe_report.py from runs and cards."""


@dataclass(frozen=True)
class MeasuredRecipe:
    """Results of one training of an unchanged recipe.

    Attributes:
        minutes: training time on one CPU thread.
        figures: metrics on the test split.
    """

    minutes: float
    figures: RecipeFigures


@cache
def measured_recipes(table: Path = TABLE) -> dict[str, MeasuredRecipe]:
    """Recipe -> its results; without recipes that were never trained unchanged to the end.

    Empty if the table is not shipped.
    """
    try:
        trainings = parse_json(table.read_text(encoding="utf-8"))["trainings"].values()
        return {
            row["recipe"]: MeasuredRecipe(row["minutes"], _figures(row))
            for row in trainings
            if not row["changed"] and row["tested"] and row["weights"]
        }
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def recipe_figures(table: Path = TABLE) -> dict[str, RecipeFigures]:
    """Recipe -> its metrics, with which published claims are compared."""
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


def label_of(recipe: Recipe, found: MeasuredRecipe | None) -> str:
    """A recipe as an entry of a select box: its results, then its title.

    The results come first, because a narrow box cuts off the end.
    """
    what = recipe.title.partition(":")[0]
    if found is None:
        return f"Not measured · {what}"
    reached = tenths(found.figures.accuracy.value)
    weights = f"{found.figures.weights / 1e6:.2g} M"
    return f"{reached} · {found.minutes:.0f} min · {weights} · {what}"


def measured_sentence(recipe: Recipe, found: MeasuredRecipe | None) -> str:
    """The results of a recipe in a sentence."""
    if found is None:
        return "Its accuracy was not measured."
    classes = f" ({recipe.classes})" if recipe.classes else ""
    return (
        f"Measured: {tenths(found.figures.accuracy.value)} accuracy on FER2013's "
        f"PrivateTest{classes}, after {found.minutes:.0f} minutes on one CPU thread; "
        f"{found.figures.weights:,} weights."
    )
