"""A recipe as a file that could stand beside Mien's own."""

from __future__ import annotations

from typing import Any

import tomli_w

from core.domain.plain_values import to_plain
from core.training.recipes.recipe import Recipe

_ALWAYS = ("title", "network", "comes_from", "epochs", "learning_rate")


def recipe_as_toml(recipe: Recipe, *, comes_from: str) -> str:
    """The recipe's text: what is not as usual, and what every recipe says.

    Args:
        comes_from: whose it is now, in words.
    """
    plain = {**to_plain(recipe), "comes_from": comes_from, "reported": "", "claims": 0.0}
    usual = to_plain(Recipe(name="", title="", network="", comes_from=""))
    changes = plain.pop("augmentation")
    kept: dict[str, Any] = {
        name: value
        for name, value in plain.items()
        if name != "name" and (name in _ALWAYS or value != usual[name])
    }
    changed = {name: v for name, v in changes.items() if v != usual["augmentation"][name]}
    return tomli_w.dumps({**kept, **({"augmentation": changed} if changed else {})})
