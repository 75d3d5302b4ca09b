"""Looking back: practices with their tries, what changed over days, and how reports agree."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import streamlit as st

from core.domain.counted import counted
from core.domain.practice import Attempt, AttemptOutcome
from core.practice import (
    PracticeTries,
    add_example,
    history_of,
    is_example,
)
from pages.parts.practice import tab_state
from pages.parts.practice.deletion import offer_deletion, offer_try_deletion
from pages.parts.practice.over_days import draw_over_days
from pages.parts.practice.review import draw_review
from pages.parts.practice.take_home import offer_downloads
from pages.parts.sessions.cached import store
from pages.parts.shell import session_state
from pages.parts.shell.theme import plain, when

_PRACTICE_KEY = "practice-history"


def draw_progress(person: str) -> None:
    """The practices of a person: each can be opened, taken home and deleted.

    Args:
        person: as they call themselves; empty for the one who always practises here.
    Raises:
        StoreError: the database cannot be read.
    """
    history = history_of(store(), person)
    if not history:
        _draw_empty(person)
        return
    st.subheader("Your practices")
    opened = _choose(history)
    if is_example(opened.practice):
        st.info(
            "This is an example: a program made its numbers, and nobody practised.",
            icon=":material/science:",
        )
    with st.container(horizontal=True):
        offer_downloads(opened.practice)
        offer_deletion(opened, person, len(history))
    attempt = _choose_attempt(opened)
    if attempt is None:
        st.caption("No question of this practice was answered.")
    else:
        question = opened.practice.questions[attempt.question_index]
        st.markdown(f"**{plain(question.text)}**")
        draw_review(opened.practice, attempt)
        offer_try_deletion(attempt)
    draw_over_days(history)


def _draw_empty(person: str) -> None:
    with st.container(border=True, width=640):
        st.markdown(
            "**No practices yet.** Each answer you give is listed here, with what was measured "
            "and what you said of it yourself."
        )
        if st.button("Try with an example", key="add-practice-example"):
            made = add_example(store(), person, now=datetime.now(UTC), rng=np.random.default_rng())
            tab_state.chosen_practice.set(made.id)
            st.rerun()
        st.caption("The example is made by a program, and marked as such. It needs no camera.")


def _choose(history: Sequence[PracticeTries]) -> PracticeTries:
    """The practice that is looked back on: the newest until another is chosen."""
    by_id = {one.practice.id: one for one in history}
    remembered = tab_state.chosen_practice.get()
    if session_state.is_not_drawn_yet(_PRACTICE_KEY) or remembered not in by_id:
        chosen = remembered if remembered in by_id else next(iter(by_id))
        session_state.set_widget(_PRACTICE_KEY, chosen)
    chosen = st.selectbox(
        "Practice",
        list(by_id),
        format_func=lambda one: _practice_words(by_id[one]) if one in by_id else "",
        key=_PRACTICE_KEY,
        width=520,
    )
    tab_state.chosen_practice.set(chosen)
    return by_id[chosen]


def _practice_words(practised: PracticeTries) -> str:
    answers = sum(one.outcome is AttemptOutcome.ANSWERED for one in practised.attempts)
    practice = practised.practice
    state = "" if practice.ended_at is not None else ", not finished"
    began = when(practice.began_at)
    return f"{began}: {practice.set_name}, {counted(answers, 'answer')}{state}"


def _choose_attempt(practised: PracticeTries) -> Attempt | None:
    """The try that is looked at: the first that was answered, until another is chosen."""
    over = [one for one in practised.attempts if one.outcome is not None]
    if not over:
        return None
    over.sort(key=lambda one: (one.question_index, one.number))
    by_id = {one.id: one for one in over}
    words = {one.id: _attempt_words(practised, one) for one in over}
    chosen = st.selectbox(
        "Question and try",
        list(by_id),
        format_func=lambda one: words.get(one, ""),
        key=f"practice-try-{practised.practice.id}",
        width=520,
    )
    return by_id[chosen]


def _attempt_words(practised: PracticeTries, attempt: Attempt) -> str:
    text = " ".join(practised.practice.questions[attempt.question_index].text.split())
    short = text if len(text) <= 60 else f"{text[:59]}…"
    skipped = ", skipped" if attempt.outcome is AttemptOutcome.SKIPPED else ""
    return f"{attempt.question_index + 1}. {short} (try {attempt.number}{skipped})"
