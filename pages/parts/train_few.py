"""Few pictures: a recipe that is made for many is fitted to them, if the visitor agrees."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.domain.counted import counted
from core.training import Recipe
from core.training.recipes.small_data import fitted, steps_of


def choose_fit(recipe: Recipe, pictures: int, *, key: str) -> dict[str, Any]:
    """Say what few pictures mean for a recipe; the options that the visitor wants for them.

    Nothing is drawn where there are enough.

    Args:
        pictures: learned from in one epoch.
        key: of the switch.
    """
    options = fitted(recipe, pictures)
    if not options:
        return {}
    better = recipe.changed(options)
    wanted = st.toggle("Fit the recipe to few pictures", value=True, key=key)
    st.caption(
        f"As it is, it makes {counted(steps_of(recipe, pictures), 'step')} of "
        f"{counted(recipe.batch_size, 'picture')}, "
        f"which teaches little. Fitted: {counted(steps_of(better, pictures), 'step')} of "
        f"{better.batch_size}, in {counted(better.epochs, 'epoch')}."
    )
    return options if wanted else {}
