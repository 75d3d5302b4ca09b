"""The form that sets a mark while a session runs."""

from __future__ import annotations

import streamlit as st

from core.live import LiveSession
from pages.parts.shell import error_box, presses

_MARK = "mark"
"""The default label of a mark."""

_LABEL_KEY = "mark-word"
_MAX_LABEL_LENGTH = 40  # the label is drawn in the trend


@error_box.on_error()
def draw_mark(live: LiveSession) -> None:
    """While a session runs: a mark at the current time, with a label if one is typed."""
    view = live.view()
    if view.session is None:
        return
    with st.form("mark-form", border=False, clear_on_submit=True, width=420):  # noqa: SIM117
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.text_input(
                "Label for the mark",
                placeholder="Label for the mark (optional)",
                label_visibility="collapsed",
                max_chars=_MAX_LABEL_LENGTH,
                key=_LABEL_KEY,
            )
            st.form_submit_button(
                "Mark",
                icon=":material/flag:",
                disabled=view.paused,  # no sample arrives that could hold it
                key="mark",
                # Before this part is drawn: its own next rerun may cut that off, and lose a press.
                on_click=_mark,
                args=(live,),
                help="Sets a mark at the current time, in the trend, the summary and the CSV.",
            )


@presses.once
def _mark(live: LiveSession) -> None:
    live.mark(st.session_state.get(_LABEL_KEY, "").strip() or _MARK)
