"""Options of a run that differ from its recipe."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.domain.plain_values import to_plain
from core.training.recipes.recipe import Recipe


def changes_of(recipe: Recipe, options: Mapping[str, Any]) -> dict[str, Any]:
    """Those options that differ from the recipe's own values.

    Raises:
        PlanError: a value makes no sense.
    """
    before, after = to_plain(recipe), to_plain(recipe.changed(options))
    found = {name: value for name, value in after.items() if value != before[name]}
    if "augmentation" in found:
        known = before["augmentation"]
        changed = found["augmentation"].items()
        found["augmentation"] = {name: one for name, one in changed if one != known[name]}
    return found
