"""Sessions and practices beyond their retention period, offered for deletion."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from core.domain.counted import counted
from core.policy import overdue, retention_days
from core.practice import delete_practice, practices
from core.sessions import SessionEntry
from pages.parts.policy import policy_form
from pages.parts.practice.cached import forget_measured
from pages.parts.sessions import cached


def draw_offer(entries: Sequence[SessionEntry], now: datetime) -> None:
    """Offer the deletion of what is older than its purpose allows; nothing where there is none.

    Args:
        entries: all sessions.
        now: aware, UTC.
    """
    stored = practices(cached.store())
    sessions = overdue([one.session for one in entries if not one.may_continue(now)], now)
    practised = overdue(stored, now)
    found = [
        f"{len(old)} of {counted(total, noun)}"
        for old, total, noun in (
            (sessions, len(entries), "session"),
            (practised, len(stored), "practice"),
        )
        if old
    ]
    if not found:
        return
    purposes = {one.purpose for one in sessions} | {one.purpose for one in practised}
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(
            f":material/schedule: **{' and '.join(found)} are older than the retention period** "
            f"({_limits(purposes)}). Nothing is deleted automatically."
        )
        with st.popover("Delete these"):
            st.write("This cannot be undone.")
            if st.button("Delete for good", type="primary", key="delete-overdue"):
                _delete([one.id for one in sessions], [one.id for one in practised])
                st.rerun()


def _delete(session_ids: Sequence[str], practice_ids: Sequence[str]) -> None:
    for session_id in session_ids:
        cached.store().delete(session_id)
    for practice_id in practice_ids:
        delete_practice(cached.store(), practice_id)
    forget_measured()


def _limits(purposes: set[str]) -> str:
    return ", ".join(
        f"{policy_form.PURPOSE_WORDS.get(purpose, purpose)}: {retention_days(purpose)} days"
        for purpose in sorted(purposes)
    )
