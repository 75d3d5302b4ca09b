"""Links from a model to the pages that use it, and what pages show without any model."""

from __future__ import annotations

import streamlit as st

from core.domain import ModelCard
from pages.parts.shell import session_state
from pages.parts.shell.navigation import EVALUATE_MODEL, LIVE_CAMERA, PUBLISH_MODEL, TRAIN_MODEL


def draw_buttons(card: ModelCard, *, key: str, publish: bool = True) -> None:
    """A button for each page that can show this model.

    Args:
        key: prefix of the buttons' keys.
        publish: whether the page Publish is among them.
    """
    if st.button("Evaluate it", icon=EVALUATE_MODEL.icon, key=f"{key}-evaluate"):
        session_state.evaluated_model.set(card.name)
        st.switch_page(EVALUATE_MODEL.path)
    if publish and st.button("Publish it", icon=PUBLISH_MODEL.icon, key=f"{key}-publish"):
        session_state.published_model.set(card.name)
        st.switch_page(PUBLISH_MODEL.path)
    if st.button("Use it live", icon=LIVE_CAMERA.icon, key=f"{key}-live"):
        session_state.chosen_card.set(card.name)
        st.switch_page(LIVE_CAMERA.path)


def draw_no_model() -> None:
    """A note that there is no model, with a link to training."""
    with st.container(border=True, width=640):
        st.markdown("**There is no model yet.** Train one, or restore the shipped one.")
        st.page_link(TRAIN_MODEL.path, label="Train a model", icon=TRAIN_MODEL.icon)
