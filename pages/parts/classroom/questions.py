"""Raised hands and questions: for the teacher only, never on the projector."""

from __future__ import annotations

import streamlit as st

from core.classroom.board import BoardView
from pages.parts.classroom import tab_state
from pages.parts.classroom.tab_state import Said
from pages.parts.shell.theme import clock_time, plain

_MOST = 20


def draw_questions(view: BoardView) -> None:
    """What waits for an answer: hands, longest up first, and questions, newest first."""
    hands = [(one.name, "", (one.learner, one.since_s, "")) for one in view.hands]
    asked = [(one.name, one.words, (one.learner, one.time_s, one.words)) for one in view.questions]
    answered = tab_state.answered_flags.get()
    waiting = [one for one in (*hands, *asked) if one[2] not in answered]
    st.markdown(f"**Hands and questions** ({len(waiting)})")
    if not waiting:
        st.caption("Nothing waits for an answer.")
    for name, words, said in waiting[:_MOST]:
        _draw_one(name, words, said)
    if len(waiting) > _MOST:
        st.caption(f"{len(waiting) - _MOST} more wait.")


def _draw_one(name: str, words: str, said: Said) -> None:
    number, time_s, _ = said
    icon = ":material/contact_support:" if words else ":material/front_hand:"
    who = name or ("A learner" if number is None else f"Learner {number}")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        what = plain(words) if words else "hand up"
        st.markdown(f"{icon} {plain(who)}, {clock_time(time_s)}: {what}", width="stretch")
        st.button(
            "Answered",
            icon=":material/check:",
            type="tertiary",
            key=f"answered-{number}-{time_s:.3f}-{'question' if words else 'hand'}",
            on_click=_answer,
            args=(said,),
        )


def _answer(said: Said) -> None:
    tab_state.answered_flags.set(tab_state.answered_flags.get() | {said})
