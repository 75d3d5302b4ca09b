"""What learners say by pressing: large buttons, and a question in words."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from time import monotonic

import streamlit as st

from core.classroom import add_flag, learner_of_secret, one_line
from core.domain.classroom import MAX_QUESTION_LENGTH, Flag, FlagKind
from core.domain.counted import counted
from core.domain.errors import MienError
from core.policy import class_refusal
from pages.parts.join import tab_state
from pages.parts.join.cached import flag_limit
from pages.parts.policy.consent_gate import use_policy
from pages.parts.sessions.cached import store
from pages.parts.shell import error_box, fragments, presses, session_state
from pages.parts.shell.theme import plain, zone

FLAG_TEXT = {
    FlagKind.LOST: ("I am lost", ":material/help:"),
    FlagKind.TOO_FAST: ("Too fast", ":material/fast_forward:"),
    FlagKind.AGAIN: ("Again", ":material/replay:"),
    FlagKind.FINE: ("All fine", ":material/thumb_up:"),
    FlagKind.HAND: ("Hand up", ":material/front_hand:"),
    FlagKind.QUESTION: ("Question", ":material/chat:"),
}
"""Words and icon of each flag."""

QUESTION = "A question, to the teacher only"
HAND_DOWN = f' "{FLAG_TEXT[FlagKind.FINE][0]}" takes it down.'
CLOSED = "This class is closed: nothing was sent."
GONE = "Nothing was sent: the class was deleted, or you deleted what you shared."
NO_WORDS = "Not sent: write the question first."


@fragments.fragment()
@error_box.on_error()
def draw_flags(secret: str) -> None:
    """Draw the flags of a learner; each press redraws these alone.

    Args:
        secret: of the learner's own link.
    """
    with st.container(key="join-flags", horizontal=True, gap="small"):
        for kind in FlagKind:
            if kind is not FlagKind.QUESTION:
                text, icon = FLAG_TEXT[kind]
                st.button(
                    text,
                    icon=icon,
                    key=f"flag-{kind.value}",
                    on_click=_press,
                    args=(secret, kind),
                    width="stretch",
                )
    _draw_answer(tab_state.flag_answer.get())


@fragments.fragment()
@error_box.on_error()
def draw_question(secret: str) -> None:
    """Draw the field of a question; sending one redraws it alone.

    Args:
        secret: of the learner's own link.
    """
    key = f"flag-words-{tab_state.question_round.get()}"
    with st.form("join-question", border=False):
        st.text_input(
            QUESTION,
            key=key,
            max_chars=MAX_QUESTION_LENGTH,
            placeholder=QUESTION,
            label_visibility="collapsed",
        )
        st.form_submit_button(
            "Send the question",
            icon=FLAG_TEXT[FlagKind.QUESTION][1],
            on_click=_ask,
            args=(secret, key),
            width="stretch",
        )
    _draw_answer(tab_state.question_answer.get())


def _draw_answer(answer: str) -> None:
    if answer:
        st.caption(plain(answer))


@presses.once
def _press(secret: str, kind: FlagKind) -> None:
    tab_state.flag_answer.set(_said(secret, kind)[1])


@presses.once
def _ask(secret: str, key: str) -> None:
    words = one_line(str(session_state.component_state(key) or ""))
    if not words:
        tab_state.question_answer.set(NO_WORDS)
        return
    is_sent, answer = _said(secret, FlagKind.QUESTION, words)
    tab_state.question_answer.set(answer)
    if is_sent:
        tab_state.question_round.set(tab_state.question_round.get() + 1)


def _said(secret: str, kind: FlagKind, words: str = "") -> tuple[bool, str]:
    """Send a flag; returns whether it was sent, and what is said of it."""
    now = datetime.now(UTC)
    try:
        obstacle = _send(secret, kind, words, now)
    except MienError as error:
        obstacle = f"Not sent. {error}"
    at_time = f"{now.astimezone(zone()):%H:%M:%S}"
    hint = HAND_DOWN if kind is FlagKind.HAND else ""
    return not obstacle, obstacle or f"Sent at {at_time}: {FLAG_TEXT[kind][0]}.{hint}"


def _send(secret: str, kind: FlagKind, words: str, now: datetime) -> str:
    """Why a flag was not sent; empty where it was.

    Raises:
        StoreError: the database refuses it.
    """
    member = learner_of_secret(store(), secret)
    if member is None:
        return GONE
    classroom, learner = member
    if not classroom.is_open:
        return CLOSED
    if refusal := class_refusal(use_policy(), classroom):
        return f"Not sent. {refusal}"
    if wait_s := flag_limit().wait_s(learner.id, kind, monotonic()):
        return f"Not sent: wait {counted(math.ceil(wait_s), 'second')}, then press again."
    time_s = max(0.0, classroom.second_at(now))  # servers' clocks differ
    try:
        add_flag(store(), classroom.id, Flag(learner.number, time_s, kind, words))
    except MienError:
        flag_limit().take_back(learner.id, kind)
        raise
    return ""
