"""The choice of a split of an evaluation."""

from __future__ import annotations

import streamlit as st

from core.evaluation.predictions import Evaluation
from pages.parts.evaluate import cached
from pages.parts.shell import session_state
from pages.parts.shell.theme import plain


def choose(evaluation: Evaluation) -> str:
    """Draw the choice, where there is one; returns a split.

    Raises:
        DamagedModel: the predictions are missing or damaged.
    """
    splits = list(cached.answers_of(evaluation))
    usual = evaluation.judges if evaluation.judges in splits else splits[0]
    if len(splits) == 1:
        return usual
    remembered = session_state.explained_split.get()
    chosen = st.segmented_control(
        "Split",
        splits,
        format_func=plain,
        default=remembered if remembered in splits else usual,
        required=True,
        key=f"explained-split-{evaluation.model}-{evaluation.slug}",
        wrap=True,
    )
    session_state.explained_split.set(chosen)
    return chosen
