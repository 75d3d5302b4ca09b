"""The choice of the camera's model."""

from __future__ import annotations

import streamlit as st

from core.domain import ModelCard
from core.vision.recognition import ModelVersion
from pages.parts.live import cached as live_cached
from pages.parts.shell import cached as shell_cached
from pages.parts.shell import session_state

_BEST = ""
"""The name that stands for the best model."""


def choose_model() -> ModelVersion:
    """The chosen model, or the best one.

    Without several models there is no choice to draw. While the camera is on the model stays as it
    is, whatever changes in the registry: a session belongs to one version of a model.
    """
    # Load-bearing: always drawn, so that nothing below it is mounted again.
    with st.container(width="content"):
        remembered_choice = session_state.used_card.get()
        if session_state.camera_on.get() and remembered_choice is not None:
            return _draw_used(*remembered_choice)
        name = _draw_choice()
    version = live_cached.current_version(name)
    session_state.used_card.set((name, version))
    return version


def _draw_used(name: str, version: ModelVersion) -> ModelVersion:
    if name != _BEST:
        st.selectbox(
            "Model",
            [name],
            disabled=True,
            help="Switch the camera off to choose another model.",
            key="live-model-used",
            width=420,
        )
    return version


def _draw_choice() -> str:
    cards = {card.name: card for card in shell_cached.cards() if card.served_by in card.files}
    if len(cards) < 2:
        return _BEST
    names = list(cards)
    remembered = session_state.chosen_card.get()
    name = st.selectbox(
        "Model",
        names,
        index=names.index(remembered) if remembered in cards else 0,
        format_func=lambda one: name_of(cards[one]),
        key=f"live-model-{'/'.join(names)}",
        width=420,
    )
    session_state.chosen_card.set(name)
    return name


def name_of(card: ModelCard) -> str:
    """A model in a list of models."""
    return card.name if card.reports else f"{card.name} (not evaluated here)"
