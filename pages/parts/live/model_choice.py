"""Which model the camera uses."""

from __future__ import annotations

import streamlit as st

from core.domain import ModelCard
from core.vision.recognition import UsedModel
from pages.parts.live import cached as live_cached
from pages.parts.shell import cached as shell_cached
from pages.parts.shell import session_state

_BEST = ""
"""As a name: the best model on the shelf."""


def choose_model() -> UsedModel:
    """A model on the shelf, the best one there if nobody chose.

    Nothing is asked where there is one model only. While the camera is on the choice stands,
    whatever comes to the shelf or changes there: the session that is being recorded belongs to one
    model as it was.
    """
    # Load-bearing: always there, so that nothing below it is ever mounted anew.
    with st.container(width="content"):
        kept = session_state.used_card.get()
        if session_state.camera_on.get() and kept is not None:
            return _draw_used(*kept)
        asked = _ask()
    used = live_cached.used_now(asked)
    session_state.used_card.set((asked, used))
    return used


def _draw_used(asked: str, used: UsedModel) -> UsedModel:
    if asked != _BEST:
        st.selectbox(
            "Model",
            [asked],
            disabled=True,
            help="Switch the camera off to choose another model.",
            key="live-model-used",
            width=420,
        )
    return used


def _ask() -> str:
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
