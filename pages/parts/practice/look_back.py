"""Looking back on practices: of the one that has just ended, or of anybody who practised."""

from __future__ import annotations

import streamlit as st

from core.practice import people, practice_of
from pages.parts.practice import tab_state
from pages.parts.practice.progress import draw_progress
from pages.parts.sessions import cached
from pages.parts.shell.theme import plain

_NOBODY = "Without a name"


def draw_ended(practice_id: str) -> None:
    """The practice that has just ended, with those before it.

    Raises:
        StoreError, UnknownPractice.
    """
    practice = practice_of(cached.store(), practice_id)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/check: **The practice is over.** {plain(practice.set_name)}")
        st.button(
            "Practise again",
            type="primary",
            icon=":material/replay:",
            key="practice-anew",
            on_click=tab_state.ended_practice.set,
            args=("",),
        )
    draw_progress(practice.person)


def draw_earlier() -> None:
    """Practices of before, of one person.

    Raises:
        StoreError: the database cannot be read.
    """
    st.divider()
    names = people(cached.store())
    person = names[0] if names else ""
    if len(names) > 1:
        person = st.selectbox(
            "Look back on the practices of",
            names,
            format_func=lambda one: one or _NOBODY,
            key=f"practice-people-{len(names)}",
            width=520,
        )
    draw_progress(person)
