"""What of a recipe is changed for one run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.training.recipes import Recipe, to_plain


def changes_of(recipe: Recipe, options: Mapping[str, Any]) -> dict[str, Any]:
    """Those options that change the recipe: a value that it has already is none.

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


def in_words(options: Mapping[str, Any]) -> str:
    """Changes of a recipe in a line: `teachers wide-11 and compact-1, flip 0`."""
    flat = {name: value for name, value in options.items() if name != "augmentation"}
    flat |= options.get("augmentation", {})
    return ", ".join(f"{name.replace('_', ' ')} {_short(value)}" for name, value in flat.items())


def _short(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    if not isinstance(value, list):
        return str(value)
    if value and isinstance(value[0], list):  # picture sides, each with its share of the epochs
        return " then ".join(str(side) for side, _ in value)
    return " and ".join(map(str, value)) or "none"
