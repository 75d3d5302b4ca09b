"""The recipes by name, read from the files beside this one."""

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
"""A network that no recipe names any more -> the one in its place, which has the same weights."""

TITLES = ("name", "title", "good_for", "comes_from", "reported", "claims", "levels_of")
"""What a recipe says of itself; nothing that is learned depends on it."""


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
