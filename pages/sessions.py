"""Sessions: review, download, rename and delete recorded sessions."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from core.domain import SourceKind
from core.domain.counted import counted
from core.policy import Purpose
from core.practice import tries_in
from core.sessions import SessionEntry, title_limit
from pages.parts.drift import notice
from pages.parts.policy import consent_gate
from pages.parts.practice.cached import forget_measured
from pages.parts.sessions import cached, demo_sessions, overdue_data, session_view
from pages.parts.sessions.session_list import choose_session
from pages.parts.sessions.session_view import NO_TITLE
from pages.parts.sessions.show_as import choose_view
from pages.parts.shell import error_box, session_state
from pages.parts.shell.navigation import ANALYSE_RECORDING, LIVE_CAMERA, SESSIONS, open_page
from pages.parts.shell.theme import plain


def _draw_empty() -> None:
    with st.container(border=True, width=640):
        st.markdown("**No sessions yet.** A session is listed here as soon as it starts.")
        with st.container(horizontal=True, vertical_alignment="center"):
            if st.button("Add the demo session", type="primary", key="add-demo"):
                session_state.chosen_session.set(demo_sessions.add_demo_session(datetime.now(UTC)))
                st.rerun()
            if _is_research() and st.button("Add a demo group", key="add-demo-group"):
                session_state.chosen_session.set(demo_sessions.add_demo_group(datetime.now(UTC)))
                st.rerun()
            st.page_link(LIVE_CAMERA.path, label="Open the camera", icon=LIVE_CAMERA.icon)
            st.page_link(
                ANALYSE_RECORDING.path, label="Analyse a recording", icon=ANALYSE_RECORDING.icon
            )


def _is_research() -> bool:
    policy = consent_gate.current_policy()
    return policy is not None and policy.purpose is Purpose.RESEARCH


def _draw_chosen(entry: SessionEntry, now: datetime) -> None:
    st.subheader(plain(entry.session.title), anchor=False)
    allowed = _may_show(entry)
    shown_as = None
    if allowed and entry.rows:
        shown_as = choose_view(cached.scheme_of(entry))
    with st.container(horizontal=True):
        if shown_as is not None:
            session_view.draw_downloads(entry, shown_as)
        _draw_actions(entry, now)
    if entry.is_interrupted(now):
        st.info(
            "This session was interrupted. Its data up to the last second are stored.",
            icon=":material/info:",
        )
    if entry.rows == 0:
        st.write("No data yet.")
    elif shown_as is not None:
        st.caption(
            f"Read by **{plain(cached.read_by_words(entry))}**",
            help="Where faces were found and measured: on this server, from the pictures of a "
            "camera or a file, or in the visitor's browser, which sends numbers and no picture. "
            "A synthetic session was read by nobody.",
        )
        session_view.draw_session(entry, shown_as)


def _may_show(entry: SessionEntry) -> bool:
    """Whether expressions may be shown here; if not, draw why."""
    return entry.session.source is SourceKind.DEMO or consent_gate.allows_expressions()


def _draw_actions(entry: SessionEntry, now: datetime) -> None:
    session_id = entry.session.id
    with st.popover("Rename", icon=":material/edit:"), st.form("rename", border=False):
        old = entry.session.title
        title = st.text_input("Title", old, max_chars=title_limit(old), key=f"title-{session_id}")
        if st.form_submit_button("Save", key="rename-save"):
            if title.strip():
                cached.store().rename(session_id, title.strip())
                st.rerun()
            st.warning(NO_TITLE, icon=":material/info:")
    with st.popover("Delete", icon=":material/delete:", disabled=entry.is_live(now)):
        if entry.is_live(now):  # the content of a closed popover still runs
            return
        st.write("All its data are deleted. This cannot be undone.")
        if tries := tries_in(cached.store(), session_id):
            st.write(
                f"It recorded {counted(tries, 'try', 'tries')} of a practice. What was measured "
                "then goes too; your own views stay until the practice is deleted."
            )
        # A key per session: another one may be selected by the time the click arrives.
        if st.button("Delete for good", type="primary", key=f"delete-session-{session_id}"):
            cached.store().delete(session_id)
            forget_measured()
            session_state.chosen_session.set(None)
            st.rerun()


def _draw_page() -> None:
    entries = cached.store().sessions()
    now = datetime.now(UTC)
    overdue_data.draw_offer(entries, now)
    if not entries:
        _draw_empty()
        return
    notice.draw_notice(entries, now)
    chosen = choose_session(entries, now)
    _draw_chosen(chosen, now)


open_page(SESSIONS.path)
st.title(SESSIONS.title, anchor=False)
with error_box.on_error():
    _draw_page()
