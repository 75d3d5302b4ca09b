"""The recipes by name, read from the `.toml` files in this folder."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from core.domain.errors import PlanError
from core.training.recipes.recipe import Recipe, recipe_from


def _read(path: Path) -> Recipe:
    return recipe_from({"name": path.stem, **tomllib.loads(path.read_text(encoding="utf-8"))})


RECIPES: Mapping[str, Recipe] = {
    path.stem: _read(path) for path in sorted(Path(__file__).parent.glob("*.toml"))
}

EARLIER_NETWORKS: Mapping[str, str] = {"three_blocks_dense": "three_blocks_dropout"}
"""Network that no recipe uses any more -> its replacement, which has the same weights."""

TITLES = ("name", "title", "good_for", "comes_from", "reported", "claims", "levels_of")
"""Descriptive entries of a recipe, without effect on training."""


def recipe_named(name: str) -> Recipe:
    """The recipe of that name.

    Raises:
        PlanError: there is none; the message lists those there are.
    """
    if name not in RECIPES:
        raise PlanError(
            f"There is no recipe {name!r}.", advice=f"Choose one of: {', '.join(RECIPES)}."
        )
    return RECIPES[name]
