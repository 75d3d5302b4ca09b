"""A person's own report on an answer, before anything that was measured is shown."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from core.domain.practice import HIGHEST_RATING, MAX_REPORT_LENGTH, Attempt, SelfReport
from core.practice import reveal, save_report
from pages.parts.sessions.cached import store
from pages.parts.shell.theme import plain

_RATINGS = range(HIGHEST_RATING + 1)
_SCALE = f"0 is not at all, {HIGHEST_RATING} completely."


def ask_own_report(attempt: Attempt) -> None:
    """Ask how the answer was, and show what was measured when that is pressed.

    No figure of the answer is computed for the page before.
    """
    with st.form(f"own-report-{attempt.id}"):
        st.markdown("**First your own view.** What was measured comes after it.")
        calm = _rating("How calm were you?", f"calm-{attempt.id}")
        satisfied = _rating("How satisfied are you with the answer?", f"satisfied-{attempt.id}")
        words = st.text_input(
            "In one line (optional)",
            max_chars=MAX_REPORT_LENGTH,
            key=f"report-words-{attempt.id}",
        )
        with st.container(horizontal=True):
            gives = st.form_submit_button(
                "Show what was measured", type="primary", key=f"give-report-{attempt.id}"
            )
            skips = st.form_submit_button(
                "Show without my view",
                key=f"skip-report-{attempt.id}",
                help="Then the figures of this answer cannot be compared with your own view.",
            )
    if gives and (calm is None or satisfied is None):
        st.warning(
            "Choose a number for both questions, or press **Show without my view**.",
            icon=":material/edit:",
        )
    elif gives or skips:
        now = datetime.now(UTC)
        if calm is not None and satisfied is not None and gives:
            save_report(store(), attempt.id, SelfReport(calm, satisfied, words.strip(), now))
        reveal(store(), attempt.id, at=now)
        st.rerun()


def draw_own_report(attempt: Attempt) -> None:
    """What the person said, or that they said nothing."""
    report = attempt.report
    if report is None:
        st.caption("You gave no view of your own on this answer.")
        return
    calm, satisfied = st.columns(2)
    calm.metric("Calm, your own view", f"{report.calm} of {HIGHEST_RATING}")
    satisfied.metric("Satisfied, your own view", f"{report.satisfied} of {HIGHEST_RATING}")
    if report.words:
        st.markdown(f"“{plain(report.words)}”")


def _rating(question: str, key: str) -> int | None:
    """None until one is chosen: a preselected number would draw answers to itself."""
    return st.segmented_control(question, _RATINGS, help=_SCALE, key=key, wrap=True)
