"""A notice about interrupted sessions, until the visitor closes it."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from core.sessions import CHECK_INTERVAL, SessionEntry
from pages.parts.sessions import cached
from pages.parts.shell import error_box, fragments, session_state
from pages.parts.shell.navigation import SESSIONS
from pages.parts.shell.theme import duration, when

CHECK_EVERY_S = CHECK_INTERVAL.total_seconds()


@fragments.fragment(run_every=CHECK_EVERY_S)
@error_box.on_error()
def draw_interrupted() -> None:
    """One notice for each interrupted session that this visitor has not closed yet."""
    for entry in cached.recovery().check(datetime.now(UTC)):
        if entry.session.id not in session_state.announced.get():
            _draw_one(entry)


def _draw_one(entry: SessionEntry) -> None:
    session_id = entry.session.id
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(
            f":material/restore: **A session was interrupted.** It began "
            f"{when(entry.session.began_at)}; its {duration(entry.last_s)} up to then are kept."
        )
        if st.button("Open it", key=f"look-{session_id}"):
            _dismiss(session_id)
            session_state.chosen_session.set(session_id)
            st.switch_page(SESSIONS.path)
        if st.button("Close", key=f"close-{session_id}", type="tertiary"):
            _dismiss(session_id)
            st.rerun()


def _dismiss(session_id: str) -> None:
    session_state.announced.set((*session_state.announced.get(), session_id))
