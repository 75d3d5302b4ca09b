"""What is shown where no open dataset has the pictures of an evaluation."""

from __future__ import annotations

import streamlit as st

from core.evaluation.predictions import Evaluation
from pages.parts.shell.navigation import EXPLORE_DATA
from pages.parts.shell.theme import plain


def draw_not_here(evaluation: Evaluation) -> None:
    """Where pictures would be, on a machine that does not have them."""
    with st.container(border=True, width=680):
        st.markdown(
            f"**The pictures of {plain(evaluation.dataset)} are not on this machine.** An "
            f"evaluation does not contain them. Open {plain(evaluation.dataset)} under Explore "
            "data, under any name: its pictures are then found and shown here."
        )
        st.page_link(EXPLORE_DATA.path, label="Open a dataset", icon=EXPLORE_DATA.icon)
