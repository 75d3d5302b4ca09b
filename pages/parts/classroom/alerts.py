"""Quiet alerts: sentences that a teacher can close. No sound, no blinking."""

from __future__ import annotations

import streamlit as st

from core.classroom.board import Alert, BoardView
from pages.parts.classroom import tab_state
from pages.parts.classroom.view_words import alert_words
from pages.parts.shell.theme import plain


def draw_alerts(view: BoardView) -> None:
    """Alerts that hold now and were not dismissed in this tab."""
    for alert in view.alerts:
        key = _key(alert)
        if key in tab_state.dismissed_alerts.get():
            continue
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f":material/notifications: {plain(alert_words(alert))}", width="content")
            st.button(
                "Dismiss", type="tertiary", key=f"close-{key}", on_click=_dismiss, args=(key,)
            )


def _key(alert: Alert) -> str:
    flag = "" if alert.flag is None else alert.flag.value
    return f"alert-{alert.figure}{flag}-{alert.since_s:.0f}"


def _dismiss(key: str) -> None:
    tab_state.dismissed_alerts.set(tab_state.dismissed_alerts.get() | {key})
