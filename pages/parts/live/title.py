"""What a session is called: asked before it begins, and again when it has ended."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from core.domain import Session
from core.sessions import LONGEST_TITLE, SessionEntry, default_title, title_room
from pages.parts.sessions import cached
from pages.parts.shell import session_state
from pages.parts.shell.theme import when


def ask_title() -> None:
    """A field for the next session's title, while the camera is off."""
    typed = st.text_input(
        "Title of the next session (optional)",
        session_state.next_title.get(),
        placeholder="If empty: date and time",
        max_chars=LONGEST_TITLE,
        key=f"session-title-{session_state.title_round.get()}",
        width=420,
    )
    session_state.next_title.set(typed.strip())


def take_title(session_id: str, now: datetime) -> str:
    """The title that was asked for, for this session alone; else its own, by time and words."""
    session_state.title_round.set(session_state.title_round.get() + 1)
    return session_state.next_title.take() or default_title(session_id, when(now))


def give_back(session: Session | None) -> None:
    """A session that saw nothing: the title that was asked for is the next one's."""
    if session and session.title != default_title(session.id, when(session.began_at)):
        session_state.next_title.set(session.title)


def edit_title(entry: SessionEntry) -> None:
    """The title of a stored session, to be changed."""
    session_id, title = entry.session.id, entry.session.title
    # The title is in the key: renamed in another tab, the field is a new one. The old one would
    # rename the session back.
    typed = st.text_input(
        "Title",
        title,
        max_chars=title_room(title),
        key=f"ended-title-{session_id}-{title}",
        width=420,
    ).strip()
    if typed and typed != title:
        cached.store().rename(session_id, typed)
