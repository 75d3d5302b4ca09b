"""The list of stored sessions, a page of it at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pandas as pd
import streamlit as st

from core.sessions import SessionEntry, distinct_titles
from pages.parts.sessions import cached
from pages.parts.sessions.session_view import SOURCE_NAMES
from pages.parts.shell import session_state
from pages.parts.shell.theme import duration, percent, when

SESSIONS_A_PAGE = 8  # each session listed is read once for its summary

_PAGE_KEY = "sessions-page"


def choose_session(entries: Sequence[SessionEntry], now: datetime) -> SessionEntry:
    """Draw the list and return the open session: the newest until another is chosen."""
    pages = max(1, -(-len(entries) // SESSIONS_A_PAGE))
    page = _choose_page(entries, pages) if pages > 1 else 1
    here = slice((page - 1) * SESSIONS_A_PAGE, page * SESSIONS_A_PAGE)
    titles = distinct_titles([entry.session for entry in entries])
    listed = entries[here]
    ids = [entry.session.id for entry in listed]
    remembered = session_state.chosen_session.get()
    at = ids.index(remembered) if remembered in ids else 0
    picked = st.dataframe(
        _table(listed, titles[here], now),
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row-required",
        selection_default={"selection": {"rows": [at]}},
        key=f"sessions-{page}-{len(entries)}",
    )
    rows = picked.selection.rows
    chosen = listed[rows[0]] if rows and rows[0] < len(listed) else listed[at]
    session_state.chosen_session.set(chosen.session.id)
    return chosen


def _choose_page(entries: Sequence[SessionEntry], pages: int) -> int:
    """The page of the list; at first the one with the chosen session."""
    default = 1
    if session_state.is_not_drawn_yet(_PAGE_KEY):
        ids = [entry.session.id for entry in entries]
        remembered = session_state.chosen_session.get()
        default += ids.index(remembered) // SESSIONS_A_PAGE if remembered in ids else 0
    return st.pagination(pages, default=default, key=_PAGE_KEY)


def _table(entries: Sequence[SessionEntry], titles: Sequence[str], now: datetime) -> pd.DataFrame:
    summaries = [cached.summary_of(cached.whole_session(entry)) for entry in entries]
    return pd.DataFrame(
        {
            "Title": titles,
            "Began": [when(entry.session.began_at) for entry in entries],
            "Source": [SOURCE_NAMES[entry.session.source] for entry in entries],
            "Read by": [_reader(entry) for entry in entries],
            "Duration": [duration(entry.last_s) for entry in entries],
            "Usable": [percent(one.usable_share) for one in summaries],
            "Model": [entry.session.card_name for entry in entries],
            "State": [_state(entry, now) for entry in entries],
        }
    )


def _reader(entry: SessionEntry) -> str:
    """Who read it, short enough that the last column is not cut off."""
    words = cached.read_by_words(entry).removeprefix("the ")
    return words[:1].upper() + words[1:]


def _state(entry: SessionEntry, now: datetime) -> str:
    if entry.is_live(now):
        return "Running"
    return "Interrupted" if entry.is_interrupted(now) else "Complete"
