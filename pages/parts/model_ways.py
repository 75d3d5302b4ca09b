"""Where to go with a model: judged, published, used live."""

from __future__ import annotations

import streamlit as st

from core.domain import ModelCard
from pages.parts import memory
from pages.parts.frame import EVALUATE_MODEL, LIVE_CAMERA, PUBLISH_MODEL


def draw_buttons(card: ModelCard, *, key: str, publish: bool = True) -> None:
    """A button for each way, to a page that then shows this model.

    Args:
        key: begins the buttons' keys.
        publish: whether the way to other formats is among them.
    """
    if st.button("Evaluate it", icon=EVALUATE_MODEL.icon, key=f"{key}-evaluate"):
        memory.judged_model.set(card.name)
        st.switch_page(EVALUATE_MODEL.path)
    if publish and st.button("Publish it", icon=PUBLISH_MODEL.icon, key=f"{key}-publish"):
        memory.published_model.set(card.name)
        st.switch_page(PUBLISH_MODEL.path)
    if st.button("Use it live", icon=LIVE_CAMERA.icon, key=f"{key}-live"):
        memory.chosen_card.set(card.name)
        st.switch_page(LIVE_CAMERA.path)
