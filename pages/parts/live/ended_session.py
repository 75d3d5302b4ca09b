"""The session that has just ended, and its downloads."""

from __future__ import annotations

import streamlit as st

from core.domain.errors import UnknownSession
from core.measures import MEASURES_ONLY, OWN, ScoreView, view_named
from core.sessions import SessionEntry
from pages.parts.live import title
from pages.parts.sessions import cached, session_view, summary_tables
from pages.parts.shell.navigation import SESSIONS


def draw_ended(session_id: str, shown_as: ScoreView) -> None:
    """Summary, downloads, and the link to the stored session.

    Args:
        shown_as: the view of its scores; its own where the view is of another model.
    """
    try:
        entry = cached.store().entry(session_id)
    except UnknownSession:
        st.info("No data are stored for this session: no face was seen, or it has been deleted.")
        return
    if entry.rows == 0:
        st.info("The session ended before the first frame was analysed.")
        return
    st.subheader("Your session", anchor=False)
    title.edit_title(entry)
    if shown_as.name == MEASURES_ONLY:
        _draw_without_expressions(entry)
        return
    excerpt = cached.whole_session(entry, shown_as)
    summary = cached.summary_of(excerpt)
    session_view.draw_numbers(summary)
    summary_tables.draw_rate(summary)
    session_view.draw_trend(summary, cached.trend_of(excerpt), key="ended")
    session_view.draw_shares(summary, key="ended")
    summary_tables.draw_faces(summary)
    session_view.draw_changes(summary.changes)
    summary_tables.draw_marks(summary.marks)
    with st.container(horizontal=True):
        session_view.draw_downloads(entry, shown_as)
    st.page_link(SESSIONS.path, label="Open in Sessions", icon=SESSIONS.icon)


def _draw_without_expressions(entry: SessionEntry) -> None:
    summary = cached.summary_of(cached.whole_session(entry))
    summary_tables.draw_rate(summary)
    summary_tables.draw_marks(summary.marks)
    st.caption(
        "Measures only: expressions are not summarised here. The files hold the measures of each "
        "row, and the scores of the model."
    )
    with st.container(horizontal=True):
        session_view.draw_downloads(entry, view_named(cached.scheme_of(entry), OWN))
    st.page_link(SESSIONS.path, label="Open in Sessions", icon=SESSIONS.icon)
