"""Setting a mark while a session runs."""

from __future__ import annotations

import streamlit as st

from core.live import LiveSession

_MARK = "mark"
"""What a mark without a word is called."""

_LONGEST_WORD = 40  # characters: a mark is written into the trend


def draw_mark(live: LiveSession) -> None:
    """While a session runs: a mark at the current time, with a label if one is typed."""
    view = live.view()
    if view.session is None:
        return
    disabled = view.paused  # no sample comes that could hold it
    with st.form("mark-form", border=False, clear_on_submit=True, width=420):  # noqa: SIM117
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            word = st.text_input(
                "Label for the mark",
                placeholder="Label for the mark (optional)",
                label_visibility="collapsed",
                max_chars=_LONGEST_WORD,
                disabled=disabled,
                key="mark-word",
            )
            pressed = st.form_submit_button(
                "Mark",
                icon=":material/flag:",
                disabled=disabled,
                key="mark",
                help="Sets a mark at the current time, in the trend, the summary and the CSV.",
            )
    if pressed:
        live.mark(word.strip() or _MARK)
