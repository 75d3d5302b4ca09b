"""What pages about models show where there is none."""

from __future__ import annotations

import streamlit as st

from pages.parts.frame import TRAIN_MODEL


def draw_no_model() -> None:
    """Say so, and where one is made."""
    with st.container(border=True, width=640):
        st.markdown("**There is no model yet.** Train one, or restore the shipped one.")
        st.page_link(TRAIN_MODEL.path, label="Train a model", icon=TRAIN_MODEL.icon)
