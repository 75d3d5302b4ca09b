"""What a run begins with: random weights, or those of a saved model."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.training import Recipe
from core.training.inputs import fitting, gently_from
from pages.parts.shell import cached
from pages.parts.shell.theme import plain

_RANDOM = "Random weights"


def choose_beginning(recipe: Recipe) -> dict[str, Any]:
    """The options that let a run begin with a saved model, if the visitor wants that.

    Nothing is drawn where no saved model has the recipe's network.
    """
    names = [card.name for card in fitting(cached.cards(), recipe)]
    if not names:
        return {}
    chosen = st.selectbox(
        "Initial weights",
        [_RANDOM, *names],
        key=f"train-begin-{recipe.name}",
        help="A saved model of the same network knows faces already: for few pictures, or those of "
        "your own camera. Other classes get a new last layer.",
    )
    if chosen == _RANDOM:
        return {}
    st.caption(
        f"It begins as {plain(chosen)} and learns gently: a tenth of the learning rate, pictures "
        f"whole from the start. Judge it on pictures that {plain(chosen)} did not learn from."
    )
    return gently_from(chosen, recipe)
