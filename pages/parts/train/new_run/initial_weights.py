"""Initial weights of a run: random, or those of a saved model (warm start)."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.training import Recipe
from core.training.inputs import fine_tunable, fine_tuning_from
from pages.parts.shell import cached
from pages.parts.shell.theme import plain

_RANDOM = "Random weights"


def choose_initial_weights(recipe: Recipe) -> dict[str, Any]:
    """The options that fine-tune a saved model, if one is chosen.

    Nothing is drawn if no saved model has the recipe's network.
    """
    names = [card.name for card in fine_tunable(cached.cards(), recipe)]
    if not names:
        return {}
    chosen = st.selectbox(
        "Initial weights",
        [_RANDOM, *names],
        key=f"train-begin-{recipe.name}",
        help="Fine-tune a saved model of the same network, for a small dataset or pictures of "
        "your own camera. With other classes, the last layer is new.",
    )
    if chosen == _RANDOM:
        return {}
    st.caption(
        f"Warm start from {plain(chosen)}: a tenth of the learning rate, and full-size pictures "
        f"from the first epoch. Evaluate it on pictures that {plain(chosen)} was not trained on."
    )
    return fine_tuning_from(chosen, recipe)
