"""Deleting one try, one practice, or all: each says what goes, and asks once more."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from core.domain.counted import counted
from core.domain.practice import Attempt
from core.practice import PracticeTries, delete_all_practices, delete_attempt, delete_practice
from pages.parts.practice import tab_state
from pages.parts.practice.cached import forget_measured
from pages.parts.sessions.cached import store


def offer_deletion(opened: PracticeTries, person: str, practices: int) -> None:
    """Buttons to delete the opened practice, or all of a person.

    Args:
        practices: how many there are of this person.
    """
    tries = counted(len(opened.attempts), "try", "tries")
    _offer(
        "Delete this practice",
        f"The practice with {tries} goes: its sessions with everything measured in them, your own "
        "views, and what you said of moments. This cannot be undone.",
        partial(delete_practice, store(), opened.practice.id),
        key=f"practice-{opened.practice.id}",
    )
    if practices > 1:
        _offer(
            "Delete all practices",
            f"All {practices} practices go, each with its sessions, your own views, and what you "
            "said of moments. Your sets of questions stay. This cannot be undone.",
            partial(delete_all_practices, store(), person),
            key="practices-all",
        )


def offer_try_deletion(attempt: Attempt) -> None:
    """A button to delete one try."""
    _offer(
        "Delete this try",
        "This try goes: what was measured while you answered, your own view, and what you said of "
        "its moments. Other tries stay. This cannot be undone.",
        partial(delete_attempt, store(), attempt.id),
        key=f"try-{attempt.id}",
    )


def _offer(title: str, what_goes: str, delete: Callable[[], None], *, key: str) -> None:
    with st.popover(title, icon=":material/delete:"):
        st.write(what_goes)
        if st.button("Delete for good", type="primary", key=f"delete-{key}"):
            delete()
            forget_measured()
            tab_state.chosen_practice.set(None)
            st.rerun()
