"""Caches of the stored sessions, shared by all visitors, with their lifetimes.

Returned values are read-only by agreement.
"""

from __future__ import annotations

from datetime import UTC, datetime
from math import inf

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from core.domain import FER7, LabelScheme, Session, Timeline
from core.measures import (
    MEASURES,
    OWN,
    Columns,
    IndexWindows,
    MeasureFigure,
    ScoreView,
    SessionSummary,
    Synchrony,
    Trend,
    binned_measure,
    binned_trend,
    group_synchrony,
    in_view,
    index_windows,
    measure_figures,
    measure_session,
    seconds_of_rows,
    summarise,
    view_named,
)
from core.sessions import (
    Recovery,
    SessionEntry,
    SessionStore,
    demo_session,
    own_values,
    read_by,
    read_by_text,
    session_table,
)
from core.sessions.exporters import derive_columns, threshold_of
from pages.parts.sessions.excerpt import Excerpt
from pages.parts.sessions.measure_chart import OverTime, parts_over_time
from pages.parts.shell import cached as shell_cached
from pages.parts.shell.cached import settings

_DEMO_TIME = datetime(2026, 1, 1, 12, tzinfo=UTC)  # fixed, so that equal demos make equal files
_SEED = 7

TREND_STEP_S = 0.5
"""Resolution of a session's trend; long sessions have a coarser one (`measures.binned_trend`)."""

TREND_STEPS = 600
"""Of a measure over time, at most."""


@st.cache_resource(max_entries=1, show_spinner=False)
def store() -> SessionStore:
    """The session database.

    Raises:
        StoreError: it cannot be opened.
    """
    return SessionStore.open(settings().database_url)


@st.cache_resource(max_entries=1, show_spinner=False)
def demo() -> tuple[Session, Timeline]:
    """The demo session, without storing it; always the same."""
    session, moments = demo_session(_DEMO_TIME, np.random.default_rng(_SEED))
    return session, Timeline.from_frames(FER7, moments)


@st.cache_resource(max_entries=1, show_spinner=False)
def recovery() -> Recovery:
    """The recovery of interrupted sessions.

    Raises:
        StoreError: the database cannot be opened.
    """
    return Recovery(store())


def whole_session(entry: SessionEntry, shown_as: ScoreView | None = None) -> Excerpt:
    """A whole stored session, with the threshold that it was shown with.

    Args:
        shown_as: None for the model's own classes.
    """
    threshold = threshold_of(entry.session, shell_cached.cards())
    name = OWN if shown_as is None else shown_as.name
    return Excerpt(entry.session.id, entry.rows, threshold, shown_as=name)


# A session of 100,000 rows takes 44 MB.
@st.cache_resource(max_entries=4, show_spinner="Reading the session …")
def rows_of(session_id: str, rows: int) -> Timeline:  # noqa: ARG001 - rows is part of the key
    """Every row of a stored session, with the model's own scores.

    Raises:
        UnknownSession, StoreError.
    """
    return store().read(session_id)


def read_by_words(entry: SessionEntry) -> str:
    """Who read a session's faces, in words.

    Raises:
        UnknownSession, StoreError.
    """
    return _read_by_words(entry.session.id, entry.rows)


@st.cache_data(max_entries=256, show_spinner=False)
def _read_by_words(session_id: str, rows: int) -> str:  # noqa: ARG001 - rows is part of the key
    return read_by_text(read_by(store(), store().entry(session_id)))


def scheme_of(entry: SessionEntry) -> LabelScheme:
    """The classes of a stored session's model.

    Raises:
        UnknownSession, StoreError.
    """
    return rows_of(entry.session.id, entry.rows).scheme


def timeline_of(excerpt: Excerpt) -> Timeline:
    """The rows of an excerpt, in its view.

    Raises:
        UnknownSession, StoreError.
    """
    timeline = _all_faces(excerpt)
    return timeline if excerpt.face_id is None else timeline.of_face(excerpt.face_id)


def _all_faces(excerpt: Excerpt) -> Timeline:
    """The rows of all faces in an excerpt's time range, in its view."""
    timeline = _rows_in_view(excerpt.session_id, excerpt.rows, excerpt.shown_as)
    if excerpt.from_s > 0 or excerpt.to_s < inf:
        is_inside = (timeline.time_s >= excerpt.from_s) & (timeline.time_s <= excerpt.to_s)
        timeline = timeline.where(is_inside)
    return timeline


@st.cache_resource(max_entries=4, show_spinner="Reading the session …")
def _rows_in_view(session_id: str, rows: int, shown_as: str) -> Timeline:
    """All rows in a view: a row's values may depend on the rows before it."""
    timeline = rows_of(session_id, rows)
    own = own_values(store().calibrations(session_id))
    return in_view(view_named(timeline.scheme, shown_as), timeline, own)


@st.cache_data(max_entries=256, show_spinner=False)
def summary_of(excerpt: Excerpt) -> SessionSummary:
    """The summary of an excerpt.

    Raises:
        UnknownSession, StoreError.
    """
    return summarise(
        _all_faces(excerpt), not_sure_below=excerpt.not_sure_below, face_id=excerpt.face_id
    )


@st.cache_data(max_entries=32, show_spinner=False)
def trend_of(excerpt: Excerpt) -> Trend:
    """The trend of an excerpt, for charts.

    Raises:
        UnknownSession, StoreError.
    """
    return binned_trend(timeline_of(excerpt), every_s=TREND_STEP_S)


def index_windows_of(excerpt: Excerpt, face_id: int) -> IndexWindows:
    """The engagement index of one face in an excerpt's time range.

    Raises:
        UnknownSession, StoreError.
    """
    windows = _index_windows(excerpt.session_id, excerpt.rows, face_id)
    return windows.between(excerpt.from_s, excerpt.to_s)


@st.cache_data(max_entries=32, show_spinner=False)
def _index_windows(session_id: str, rows: int, face_id: int) -> IndexWindows:
    own = own_values(store().calibrations(session_id))
    return index_windows(rows_of(session_id, rows), face_id, own.get(face_id))


@st.cache_data(max_entries=64, show_spinner=False)
def figures_of(excerpt: Excerpt, face_id: int) -> tuple[MeasureFigure, ...]:
    """Every measure of one face in an excerpt's time range.

    Raises:
        UnknownSession, StoreError.
    """
    own, columns = _measured_rows(excerpt, face_id)
    seconds = seconds_of_rows(rows_of(excerpt.session_id, excerpt.rows))
    return measure_figures(seconds[own], columns)


@st.cache_data(max_entries=64, show_spinner=False)
def measure_over_time(excerpt: Excerpt, face_id: int, measure_id: str) -> OverTime:
    """A measure of one face over an excerpt's time range, for charts.

    Raises:
        UnknownSession, StoreError.
    """
    whole = rows_of(excerpt.session_id, excerpt.rows)
    from_s = max(excerpt.from_s, float(whole.time_s[0]))
    to_s = min(excerpt.to_s, float(whole.time_s[-1]))
    own, columns = _measured_rows(excerpt, face_id)
    rows = whole.where(own)
    step_s = max(TREND_STEP_S, (to_s - from_s) / TREND_STEPS)
    parts = parts_over_time(MEASURES[measure_id])
    binned = {
        part.name: binned_measure(
            rows, columns[part.column], between_s=(from_s, to_s), step_s=step_s
        )
        for part in parts
    }
    return binned[parts[0].name][0], {name: means for name, (_, means) in binned.items()}


@st.cache_data(max_entries=16, show_spinner="Shuffling windows …")
def synchrony_of(excerpt: Excerpt) -> Synchrony:
    """Synchrony of all faces in an excerpt's time range; the same each time.

    Raises:
        UnknownSession, StoreError.
    """
    whole = rows_of(excerpt.session_id, excerpt.rows)
    inside = (whole.time_s >= excerpt.from_s) & (whole.time_s <= excerpt.to_s)
    smile = _measured(excerpt.session_id, excerpt.rows)["smile"]
    return group_synchrony(whole.where(inside), smile[inside], np.random.default_rng(_SEED))


def _measured_rows(excerpt: Excerpt, face_id: int) -> tuple[NDArray[np.bool_], Columns]:
    """Which rows are of one face in an excerpt's time range, and its measures at them."""
    whole = rows_of(excerpt.session_id, excerpt.rows)
    own = whole.face_id == face_id
    own &= (whole.time_s >= excerpt.from_s) & (whole.time_s <= excerpt.to_s)
    columns = _measured(excerpt.session_id, excerpt.rows)
    return own, {name: values[own] for name, values in columns.items()}


# Of a session of 100,000 rows: 50 MB.
@st.cache_resource(max_entries=2, show_spinner="Measuring the session …")
def _measured(session_id: str, rows: int) -> Columns:
    """All measures of all faces, by their calibrations: the columns of the session file."""
    own = own_values(store().calibrations(session_id))
    return measure_session(rows_of(session_id, rows), own)


def table_of(excerpt: Excerpt) -> pd.DataFrame:
    """An excerpt with the columns of the session file.

    Raises:
        UnknownSession, StoreError.
    """
    table = _table(excerpt.session_id, excerpt.rows, (excerpt.shown_as, excerpt.not_sure_below))
    is_inside = table["t_s"].between(excerpt.from_s, excerpt.to_s)
    if excerpt.face_id is not None:
        is_inside &= (table["face_id"] == excerpt.face_id).fillna(value=False)
    return table[is_inside]


@st.cache_resource(max_entries=2, show_spinner="Reading the session …")
def _table(session_id: str, rows: int, shown: tuple[str, float]) -> pd.DataFrame:
    timeline = rows_of(session_id, rows)
    name, threshold = shown
    view = view_named(timeline.scheme, name)
    measured = derive_columns(
        timeline,
        not_sure_below=threshold,
        shown_as=view,
        calibrations=own_values(store().calibrations(session_id)),
    )
    return session_table(store().entry(session_id).session, timeline, measured)


def forget_rows() -> None:
    """Forget what was made of rows: a session may have as many again after some were deleted."""
    for one in (rows_of, _rows_in_view, _measured, _table, _index_windows, _read_by_words):
        one.clear()
    for other in (summary_of, trend_of, figures_of, measure_over_time, synchrony_of):
        other.clear()
