"""The title of a session: before it begins, and after it has ended."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from core.domain import Session
from core.sessions import MAX_TITLE_LENGTH, SessionEntry, default_title, title_limit
from pages.parts.sessions import cached
from pages.parts.sessions.session_view import NO_TITLE
from pages.parts.shell import session_state
from pages.parts.shell.theme import when


def ask_title() -> None:
    """A field for the next session's title, while the camera is off."""
    typed = st.text_input(
        "Title of the next session (optional)",
        session_state.next_title.get(),
        placeholder="If empty: date and time",
        max_chars=MAX_TITLE_LENGTH,
        key=f"session-title-{session_state.title_round.get()}",
        width=420,
    )
    session_state.next_title.set(typed.strip())


def take_title(session_id: str, now: datetime) -> str:
    """The title typed for this session, or the default one with its time."""
    session_state.title_round.set(session_state.title_round.get() + 1)
    return session_state.next_title.take() or default_title(session_id, when(now))


def restore_title(session: Session | None) -> None:
    """Keep the typed title of a session without frames for the next one."""
    if session and session.title != default_title(session.id, when(session.began_at)):
        # A new field: one that was drawn empty before would stay empty.
        session_state.title_round.set(session_state.title_round.get() + 1)
        session_state.next_title.set(session.title)


def edit_title(entry: SessionEntry) -> None:
    """The title of a stored session, to be changed."""
    session_id, title = entry.session.id, entry.session.title
    # The title is in the key: renamed in another tab, the field is a new one. The old one would
    # rename the session back.
    typed = st.text_input(
        "Title",
        title,
        max_chars=title_limit(title),
        key=f"ended-title-{session_id}-{title}",
        width=420,
    ).strip()
    if not typed:
        st.caption(NO_TITLE)
    elif typed != title:
        cached.store().rename(session_id, typed)
