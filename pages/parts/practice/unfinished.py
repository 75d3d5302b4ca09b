"""Practices that nobody ended: offered to go on with, or to be ended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import streamlit as st

from core.domain.errors import MienError
from core.domain.practice import Practice
from core.practice import end_practice, unfinished
from pages.parts.practice import steps
from pages.parts.practice.cached import holders
from pages.parts.sessions import cached
from pages.parts.shell import error_box, fragments
from pages.parts.shell.theme import plain, when

_MOST = 3
"""So many are offered, the newest: more would hide the page."""

_LOOKS_EVERY_S = 2.0

OFFERED_FOR = timedelta(days=7)
"""So long after it began; later it is among those that are looked back on."""

IN_ANOTHER_TAB = "A practice goes on in another tab: go on there, or end it there first."


def draw_unfinished() -> None:
    """One line for each practice that nobody ended.

    Raises:
        StoreError: the database cannot be read.
    """
    now = datetime.now(UTC)
    recent = [one for one in unfinished(cached.store()) if now - one.began_at < OFFERED_FOR]
    left = [one for one in recent if not holders().is_held(one.id)]
    if held := frozenset(one.id for one in recent) - {one.id for one in left}:
        st.caption(IN_ANOTHER_TAB)
        fragments.fragment(run_every=_LOOKS_EVERY_S)(_follow)(held)
    for practice in left[:_MOST]:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            _draw_one(practice)


@error_box.on_error()
def _follow(held: frozenset[str]) -> None:
    """Draw the page again once another tab let a practice go, such as this one before it came back.

    Load-bearing: compared at each look, as a redraw that is asked for may be lost.
    """
    if not all(holders().is_held(one) for one in held):
        st.rerun()


def _draw_one(practice: Practice) -> None:
    at = min(practice.question_index + 1, len(practice.questions))
    who = f" of {plain(practice.person)}" if practice.person else ""
    st.markdown(
        f":material/restore: **A practice{who} is not finished.** {plain(practice.set_name)}, "
        f"question {at} of {len(practice.questions)}, begun {when(practice.began_at)}."
    )
    st.button(
        "Go on",
        icon=":material/play_arrow:",
        key=f"practice-go-on-{practice.id}",
        on_click=steps.go_on,
        args=(practice.id,),
    )
    st.button(
        "End it",
        type="tertiary",
        key=f"practice-end-{practice.id}",
        on_click=_end,
        args=(practice.id,),
        help="What was answered is kept.",
    )


def _end(practice_id: str) -> None:
    try:
        end_practice(cached.store(), practice_id, ended_at=datetime.now(UTC))
    except MienError as error:
        steps.tell(error)
