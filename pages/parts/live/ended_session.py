"""The session that has just ended, and its downloads."""

from __future__ import annotations

from collections.abc import Collection

import streamlit as st

from core.domain.errors import UnknownSession
from core.measures import MEASURES_ONLY, MeasuresOnly, MovementView, ScoreView
from core.sessions import SessionEntry
from pages.parts.live import title
from pages.parts.sessions import cached, measure_figures, session_view, summary_tables
from pages.parts.shell.navigation import SESSIONS

_OF_SCORES = "confident_stressed"  # the one measure that follows from the model's scores
_NEVER_HERE = ("concentration_index", "synchrony")  # no figures of one session's face


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
        shown_as = MeasuresOnly(cached.scheme_of(entry))  # perhaps of another model
        _draw_without_expressions(entry)
    else:
        _draw_with_scores(entry, shown_as)
    with st.container(horizontal=True):
        session_view.draw_downloads(entry, shown_as)
    st.page_link(SESSIONS.path, label="Open in Sessions", icon=SESSIONS.icon)


def _draw_with_scores(entry: SessionEntry, shown_as: ScoreView) -> None:
    excerpt = cached.whole_session(entry, shown_as)
    summary = cached.summary_of(excerpt)
    session_view.draw_numbers(summary)
    summary_tables.draw_rate(summary)
    session_view.draw_trend(summary, cached.trend_of(excerpt), key="ended")
    session_view.draw_shares(summary, key="ended")
    summary_tables.draw_faces(summary)
    is_level = shown_as.name == MovementView().name
    _draw_measures(entry, left_out=(_OF_SCORES, *_NEVER_HERE) if is_level else _NEVER_HERE)
    summary_tables.draw_changes(summary)
    summary_tables.draw_marks(summary.marks)


def _draw_without_expressions(entry: SessionEntry) -> None:
    summary = cached.summary_of(cached.whole_session(entry))
    session_view.draw_times(summary)
    summary_tables.draw_rate(summary)
    _draw_measures(entry, left_out=(_OF_SCORES, *_NEVER_HERE))
    session_view.draw_lost(summary, key="ended")
    summary_tables.draw_times_of_faces(summary)
    summary_tables.draw_marks(summary.marks)
    st.caption(
        "Measures only: nothing is summarised of what the face showed, and the files name no "
        "label. They hold the measures of each row, and the model's scores."
    )


def _draw_measures(entry: SessionEntry, *, left_out: Collection[str]) -> None:
    excerpt = cached.whole_session(entry)
    face_ids = cached.rows_of(entry.session.id, entry.rows).face_ids
    face_id = measure_figures.choose_face(excerpt, face_ids)
    if face_id is not None:
        measure_figures.draw_measures(excerpt, face_id, left_out=left_out)
