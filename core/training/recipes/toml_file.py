"""A recipe as a `.toml` file, as in `core/training/recipes/`."""

from __future__ import annotations

from typing import Any

import tomli_w

from core.domain.plain_values import to_plain
from core.training.recipes.recipe import Recipe

_ALWAYS = ("title", "network", "comes_from", "epochs", "learning_rate")


def recipe_as_toml(recipe: Recipe, *, comes_from: str) -> str:
    """The recipe as TOML: its values other than the defaults, and those that are always written.

    Args:
        comes_from: its source, in words.
    """
    plain = {**to_plain(recipe), "comes_from": comes_from, "reported": "", "claims": 0.0}
    defaults = to_plain(Recipe(name="", title="", network="", comes_from=""))
    changes = plain.pop("augmentation")
    values: dict[str, Any] = {
        name: value
        for name, value in plain.items()
        if name != "name" and (name in _ALWAYS or value != defaults[name])
    }
    changed = {name: v for name, v in changes.items() if v != defaults["augmentation"][name]}
    return tomli_w.dumps({**values, **({"augmentation": changed} if changed else {})})
