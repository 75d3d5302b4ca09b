"""Watch drift: compare recent sessions with a model's training data or earlier sessions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import streamlit as st

from core.domain import SourceKind
from core.domain.counted import counted
from core.domain.wording import listed
from core.drift import DriftReference, DriftVerdict, Window, measure, window_of
from core.sessions import SessionEntry
from pages.parts.drift import cached as drift_cached
from pages.parts.drift import drift_report, training
from pages.parts.drift.comparison_form import choose_reference, choose_window
from pages.parts.policy import consent_gate
from pages.parts.sessions import cached as sessions_cached
from pages.parts.sessions import demo_sessions
from pages.parts.shell import error_box
from pages.parts.shell.navigation import LIVE_CAMERA, WATCH_DRIFT, open_page
from pages.parts.shell.theme import plain


def _draw_empty() -> None:
    with st.container(border=True, width=640):
        st.markdown(
            "**Nothing is stored yet.** Drift detection compares a session with a model's "
            "training data, or with earlier sessions."
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            if st.button("Add the demo session", type="primary", key="drift-add-demo"):
                demo_sessions.add_demo_session(datetime.now(UTC))
                st.rerun()
            st.page_link(LIVE_CAMERA.path, label="Go to the camera", icon=LIVE_CAMERA.icon)


def _allowed(entries: Sequence[SessionEntry]) -> list[SessionEntry]:
    """The sessions whose expressions may be shown here; if not all, draw why."""
    if consent_gate.allows_expressions():
        return list(entries)
    return [entry for entry in entries if entry.session.source is SourceKind.DEMO]


def _draw_report(reference: DriftReference, chosen: Sequence[SessionEntry]) -> None:
    window = window_of(drift_cached.session_columns(chosen), reference)
    columns = window.columns
    report = measure(reference, columns)
    drift_report.draw_verdict(report)
    st.caption(plain(_about(reference, chosen, window)))
    if report.verdict is DriftVerdict.TOO_FEW_SAMPLES:
        if report.not_judged:
            drift_report.draw_not_compared(report)
        return
    with st.container(horizontal=True):
        drift_report.draw_downloads(report)
    drift_report.draw_quantities(report, reference, columns)
    consistency = drift_report.draw_labels(reference.agreement)
    if drift_report.draw_proposal(report, consistency):
        training.draw_start(reference.model)


def _about(reference: DriftReference, chosen: Sequence[SessionEntry], window: Window) -> str:
    count = counted(len(chosen), "session")
    words = (
        f"Compared: {count}, {len(window.columns):,} seconds of faces. Reference: "
        f"{reference.source}"
    )
    if window.left_out:
        whose = f"{reference.model}'s" if reference.model else "the reference's"
        words += (
            f" Some of it was classified by {listed(window.left_out)}: expressions and "
            f"confidence are compared for {whose} predictions only, everything else for all "
            "sessions."
        )
    if any(entry.session.id in reference.session_ids for entry in chosen):
        return f"{words} Some of the compared sessions are in the reference, which hides drift."
    if len(reference.session_ids) == 1:
        return (
            f"{words} A reference from one session covers one day and one lighting: other "
            "sessions may differ without drift."
        )
    if len(chosen) == 1:
        return (
            f"{words} One session covers one room and one lighting: compare several to see "
            "lasting drift."
        )
    return words


def _draw_page() -> None:
    now = datetime.now(UTC)
    stored = [entry for entry in sessions_cached.store().sessions() if entry.rows]
    if not stored:
        _draw_empty()
        return
    entries = _allowed(stored)
    if not entries:
        return
    with st.container(border=True):
        left, right = st.columns([2, 3], gap="large")
        with left:
            reference = choose_reference(entries, now)
        if reference is None:
            return
        with right:
            chosen = choose_window(entries, reference.session_ids, now)
    if not chosen:
        st.info("No session is selected, or none began in that period.", icon=":material/info:")
        return
    _draw_report(reference, chosen)


open_page(WATCH_DRIFT.path)
st.title(WATCH_DRIFT.title, anchor=False)
st.write("Have recent sessions drifted from a model's training data, or from earlier sessions?")
with error_box.on_error():
    _draw_page()
