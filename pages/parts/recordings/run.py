"""The view of an analysis run: its progress, and the sessions it stored."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from core.domain import Run, RunStatus, SourceKind
from core.domain.counted import counted
from core.domain.errors import UnknownRun, UnknownSession
from core.jobs import find
from core.recordings import (
    KIND,
    RunSession,
    discard_of_ended_runs,
    names_of,
    remaining_s,
    run_sessions,
)
from core.sessions import SessionEntry
from pages.parts.sessions import cached as sessions_cached
from pages.parts.sessions import session_view, show_as, summary_tables
from pages.parts.shell import cached as shell_cached
from pages.parts.shell import error_box, fragments, run_panel, session_state
from pages.parts.shell.navigation import SESSIONS
from pages.parts.shell.theme import percent, plain, roughly


def clear_up() -> None:
    """Delete uploads of killed runs when the page is opened."""
    now, memory_of_runs = datetime.now(UTC), shell_cached.run_cache()
    discard_of_ended_runs(shell_cached.settings(), now=now, memory=memory_of_runs)


def follow() -> bool:
    """Show the active run: this visitor's own, or the newest one, which may have been started in
    another tab.

    Returns:
        Whether there is one.
    """
    run = _followed_run() or run_panel.active_run((KIND,))
    if run is None:
        return False
    session_state.recording_run.set(run.id)
    if run.status.is_over:
        return False
    run_id = run.id

    @fragments.fragment(run_every=run_panel.POLL_INTERVAL_S)
    @error_box.on_error()
    def view() -> None:
        latest = run_panel.current_run(run_id)
        if latest.status.is_over:
            st.rerun()
        _draw_progress(latest)

    view()
    return True


def draw_result() -> None:
    """The result of the run that this visitor follows, once it is over."""
    run = _followed_run()
    if run is None or not run.status.is_over:
        return
    sessions = _sessions(run)
    if run.status is not RunStatus.COMPLETED:
        _draw_end(run)
    if run.warnings and run.status is RunStatus.COMPLETED:
        st.warning("\n\n".join(plain(one) for one in run.warnings))
    if not sessions:
        return
    chosen = sessions[0]
    if len(sessions) == 1:
        st.subheader(f"Result: {plain(chosen.file_name)}", anchor=False)
    else:
        st.subheader("Result", anchor=False)
        chosen = _choose(sessions)
    try:
        entry = sessions_cached.store().entry(chosen.session)
    except UnknownSession:
        st.info("This session was deleted.")
        return
    _draw_session(entry)


def _followed_run() -> Run | None:
    run_id = session_state.recording_run.get()
    if run_id is None:
        return None
    try:
        return run_panel.current_run(run_id)
    except UnknownRun:  # deleted meanwhile
        session_state.recording_run.set(None)
        return None


def _sessions(run: Run) -> tuple[RunSession, ...]:
    return run_sessions(shell_cached.settings().runs_dir / run.id)


def _draw_progress(run: Run) -> None:
    remaining = remaining_s(run, now=datetime.now(UTC))
    parts = [f"{percent(run.progress.fraction)} analysed"]
    if remaining is not None:
        parts.append(f"about {roughly(remaining)} left")
    with st.container(border=True, width=640):
        st.markdown("**Analysing**")
        st.progress(run.progress.fraction, text=" · ".join(parts))
        st.caption(plain(run.progress.sentence))
        done = sum(one.is_done for one in _sessions(run))
        if done:
            st.caption(f"{counted(done, 'file')} analysed and stored, one session per file.")
        if run.status is RunStatus.QUEUED:
            st.caption("Queued: it starts automatically.")
        run_panel.draw_stop(run)


def _draw_end(run: Run) -> None:
    """The end of a run that did not complete; without its uploads it cannot be resumed."""
    _, plan, _ = find(shell_cached.settings().runs_dir, run.id).read_plan()
    if not plan.get("is_upload"):
        run_panel.draw_end(run, forget=lambda: session_state.recording_run.set(None))
        return
    if run.finished is not None and run.finished.error:
        error_box.show_message(run.finished.error, run.finished.advice)
    elif run.status is RunStatus.LOST:
        st.warning(
            "It was interrupted: its process has ended. Upload the files again to analyse them."
        )
    else:
        st.info("It was cancelled. The uploads are deleted; what was analysed so far is stored.")


def _choose(sessions: tuple[RunSession, ...]) -> RunSession:
    names = names_of(sessions)
    at = st.selectbox(
        "Recording",
        range(len(sessions)),
        format_func=names.__getitem__,
        key=f"recording-result-{len(sessions)}",
        width=420,
    )
    return sessions[at]


def _draw_session(entry: SessionEntry) -> None:
    view = show_as.choose_view(sessions_cached.scheme_of(entry))
    excerpt = sessions_cached.whole_session(entry, view)
    summary = sessions_cached.summary_of(excerpt)
    key = f"recording-{entry.session.id}"
    session_view.draw_numbers(summary)
    if entry.session.source is SourceKind.RECORDING:
        summary_tables.draw_rate(summary)
        session_view.draw_trend(summary, sessions_cached.trend_of(excerpt), key=key)
    session_view.draw_shares(summary, key=key)
    summary_tables.draw_faces(summary)
    summary_tables.draw_changes(summary)
    with st.container(horizontal=True, vertical_alignment="center"):
        session_view.draw_downloads(entry, view)
        session_state.chosen_session.set(entry.session.id)
        st.page_link(SESSIONS.path, label="Open in Sessions", icon=SESSIONS.icon)
