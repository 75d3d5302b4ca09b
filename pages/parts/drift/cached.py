"""What is looked at for drift, and each thing's lifetime."""

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
    """A stored session as it is compared for drift.

    Raises:
        UnknownSession, StoreError.
    """
    return columns_of_timeline(sessions_cached.rows_of(session_id, rows))


def parts_of(entries: Sequence[SessionEntry]) -> list[SessionColumns]:
    """Several sessions as they are compared, each with the model that read it.

    Raises:
        UnknownSession, StoreError.
    """
    return [
        SessionColumns(entry.session.card_name, columns_of(entry.session.id, entry.rows))
        for entry in entries
    ]


def recent_report(entries: Sequence[SessionEntry], now: datetime) -> DriftReport | None:
    """What was watched in the last days beside what the model that read it learned from.

    Args:
        entries: newest first.
    Returns:
        None where nothing was watched, or its model has no reference that can be read.
    Raises:
        UnknownSession, StoreError.
    """
    watched = watched_sessions(entries, now=now)
    if not watched:
        return None
    model = watched[0].session.card_name
    own = [
        one
        for one in list_references(
            shell_cached.settings().data_dir, shell_cached.settings().models_dir
        )
        if one.of_model and one.name == model
    ]
    if not own:
        return None
    seen = tuple((entry.session.id, entry.rows) for entry in watched)
    return _recent(model, str(own[0].path), own[0].path.stat().st_mtime_ns, seen)


# A report takes some kilobytes; what is in it is worked out once, not at every look at a page.
@st.cache_data(max_entries=32, show_spinner=False)
def _recent(
    model: str,
    path: str,
    modified_ns: int,  # noqa: ARG001 - part of the key
    seen: tuple[tuple[str, int], ...],
) -> DriftReport | None:
    try:
        reference = load_reference(Path(path))
    except StoreError:  # the page that compares says what is wrong with it
        return None
    parts = [SessionColumns(model, columns_of(name, rows)) for name, rows in seen]
    return measure(reference, window_of(parts, reference).columns)
