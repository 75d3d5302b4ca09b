"""Screenshot, export and marks while the camera runs."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from core.domain.errors import UnknownSession
from core.live import LiveSession
from core.measures import view_named
from core.sessions.exporters import export_csv
from pages.parts.sessions import cached as sessions_cached
from pages.parts.shell import browser_download, error_box, session_state
from pages.parts.shell import cached as shell_cached

_MARK = "mark"
"""What a mark without a word is called."""

_LONGEST_WORD = 40  # characters: a mark is written into the trend


def draw_takes(live: LiveSession, *, disabled: bool) -> None:
    """Screenshot and export: one press each, without stopping."""
    if st.button(
        "Screenshot",
        icon=":material/photo_camera:",
        disabled=disabled,
        key="screenshot",
        help="Saves the current frame on your device. Mien stores no picture.",
    ):
        _take_picture(live)
        st.rerun()
    if st.button(
        "Export",
        icon=":material/download:",
        disabled=disabled,
        key="export",
        help="Saves the data recorded so far as CSV; the session continues.",
    ):
        with error_box.on_error():
            _export(live)
            st.rerun()


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


def _take_picture(live: LiveSession) -> None:
    png = live.screenshot()
    if png is None:
        st.toast("No frame yet.", icon=":material/info:")
        return
    name = f"mien-{datetime.now(UTC):%Y-%m-%dT%H-%M-%SZ}.png"
    browser_download.hand_over(name, "image/png", png)


def _export(live: LiveSession) -> None:
    session = live.view().session
    if session is None:
        return
    shown_as = view_named(live.view().scheme, session_state.shown_as.get()).name
    try:
        content = export_csv(
            sessions_cached.store(),
            session.id,
            models_dir=shell_cached.settings().models_dir,
            shown_as=shown_as,
        )
    except UnknownSession:
        st.toast("No data yet. The first rows are stored within a second.")
        return
    name = f"{session.id}-until-{datetime.now(UTC):%H-%M-%SZ}.csv"
    browser_download.hand_over(name, "text/csv", content)
