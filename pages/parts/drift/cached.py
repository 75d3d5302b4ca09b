"""Cached data of drift detection, with their lifetimes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import streamlit as st

from core.domain.errors import StoreError
from core.drift import (
    Columns,
    DriftReport,
    SessionColumns,
    columns_of_timeline,
    list_references,
    load_reference,
    measure,
    watched_sessions,
    window_of,
)
from core.sessions import SessionEntry
from pages.parts.sessions import cached as sessions_cached
from pages.parts.shell import cached as shell_cached


# At most one row a face a second: a session of an hour takes 0.4 MB.
@st.cache_resource(max_entries=256, show_spinner="Reading the sessions …")
def columns_of(session_id: str, rows: int) -> Columns:
    """The columns of a stored session.

    Raises:
        UnknownSession, StoreError.
    """
    return columns_of_timeline(sessions_cached.rows_of(session_id, rows))


def session_columns(entries: Sequence[SessionEntry]) -> list[SessionColumns]:
    """The columns of several sessions, each with its model's name.

    Raises:
        UnknownSession, StoreError.
    """
    return [
        SessionColumns(entry.session.card_name, columns_of(entry.session.id, entry.rows))
        for entry in entries
    ]


def recent_report(entries: Sequence[SessionEntry], now: datetime) -> DriftReport | None:
    """The drift report of recent sessions against the reference of their model.

    Args:
        entries: newest first.
    Returns:
        None without recent sessions, or if their model has no readable reference.
    Raises:
        UnknownSession, StoreError.
    """
    watched = watched_sessions(entries, now=now)
    if not watched:
        return None
    model = watched[0].session.card_name
    references = [
        one
        for one in list_references(
            shell_cached.settings().data_dir, shell_cached.settings().models_dir
        )
        if one.of_model and one.name == model
    ]
    if not references:
        return None
    sessions_key = tuple((entry.session.id, entry.rows) for entry in watched)
    return _recent(
        model, str(references[0].path), references[0].path.stat().st_mtime_ns, sessions_key
    )


# A report takes some kilobytes; it is computed once, not at every rerun.
@st.cache_data(max_entries=32, show_spinner=False)
def _recent(
    model: str,
    path: str,
    modified_ns: int,  # noqa: ARG001 - part of the key
    sessions_key: tuple[tuple[str, int], ...],
) -> DriftReport | None:
    try:
        reference = load_reference(Path(path))
    except StoreError:  # the page Watch drift shows the error
        return None
    parts = [SessionColumns(model, columns_of(name, rows)) for name, rows in sessions_key]
    return measure(reference, window_of(parts, reference).columns)
