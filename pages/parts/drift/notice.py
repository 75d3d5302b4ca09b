"""A notice about drift on other pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from core.drift import WATCHED_DAYS, DriftVerdict, drift_notice
from core.sessions import SessionEntry
from pages.parts.drift import cached
from pages.parts.policy import consent_gate
from pages.parts.shell.navigation import WATCH_DRIFT
from pages.parts.shell.theme import plain


def draw_notice(entries: Sequence[SessionEntry], now: datetime) -> None:
    """Draw a sentence and a link to the page Watch drift; nothing without drift.

    Args:
        entries: all stored sessions, newest first.
    Raises:
        UnknownSession, StoreError.
    """
    if not consent_gate.may_show_expressions():
        return
    report = cached.recent_report(entries, now)
    if report is None or report.verdict is not DriftVerdict.DRIFT:
        return
    what, meaning = drift_notice(report, days=WATCHED_DAYS)
    with st.container(border=True):
        st.markdown(
            f":orange[:material/trending_up:] **{plain(what)}** {plain(meaning)}",
            help="This is called drift. The page Watch drift compares each quantity.",
        )
        st.page_link(WATCH_DRIFT.path, label="See what changed", icon=WATCH_DRIFT.icon)
