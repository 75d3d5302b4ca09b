"""Sessions, practices and classes beyond their retention period, offered for deletion."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import streamlit as st

from core.classroom import classrooms, delete_classroom, overdue_classrooms
from core.domain import Classroom, Practice, Session
from core.domain.counted import counted
from core.domain.wording import listed
from core.policy import overdue, retention_days
from core.practice import delete_practice, practices
from core.sessions import SessionEntry
from pages.parts.policy import policy_form
from pages.parts.practice.cached import forget_measured
from pages.parts.sessions import cached
from pages.parts.shell.theme import plain


class _Overdue(NamedTuple):
    sessions: tuple[Session, ...]
    practices: tuple[Practice, ...]
    classes: tuple[Classroom, ...]


def draw_offer(entries: Sequence[SessionEntry], now: datetime) -> None:
    """Offer the deletion of what is older than its purpose allows; nothing where there is none.

    Args:
        entries: all sessions.
        now: aware, UTC.
    """
    stored, classes = practices(cached.store()), classrooms(cached.store())
    old = _Overdue(
        overdue([one.session for one in entries if not one.may_continue(now)], now),
        overdue(stored, now),
        overdue_classrooms(cached.store(), now),
    )
    found = [
        f"{len(some)} of {counted(total, *nouns)}"
        for some, total, nouns in (
            (old.sessions, len(entries), ("session",)),
            (old.practices, len(stored), ("practice",)),
            (old.classes, len(classes), ("class", "classes")),
        )
        if some
    ]
    if not found:
        return
    purposes = {one.purpose for some in old for one in some}
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(
            f":material/schedule: **{plain(listed(found))} are older than the retention period** "
            f"({_limits(purposes)}). Nothing is deleted automatically."
        )
        with st.popover("Delete these"):
            st.write("This cannot be undone.")
            if st.button("Delete for good", type="primary", key="delete-overdue"):
                _delete(old)
                st.rerun()


def _delete(old: _Overdue) -> None:
    for session in old.sessions:
        cached.store().delete(session.id)
    for practice in old.practices:
        delete_practice(cached.store(), practice.id)
    for classroom in old.classes:
        delete_classroom(cached.store(), classroom.id)
    forget_measured()


def _limits(purposes: set[str]) -> str:
    return ", ".join(
        f"{policy_form.PURPOSE_WORDS.get(purpose, purpose)}: {retention_days(purpose)} days"
        for purpose in sorted(purposes)
    )
