"""Home: what Mien is, its status, where to go, and an example session."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

import streamlit as st

from core.domain import Session, Timeline
from core.domain.wording import listed
from core.measures import MEASURES, binned_trend, summarise
from core.sessions import ShownAs
from core.sessions.exporters import ExportSource, derive_columns
from core.system_check import camera_over
from pages.parts.drift import notice
from pages.parts.policy import consent_gate
from pages.parts.sessions import cached as sessions_cached
from pages.parts.sessions import downloads, session_view
from pages.parts.shell import cached as shell_cached
from pages.parts.shell import error_box, home_cards, readiness
from pages.parts.shell.navigation import HOME, SYSTEM_CHECK, open_page
from pages.parts.shell.theme import plain

_MEASURES = ("facing", "eyes", "blinks", "smile", "mouth_moving", "expressiveness", "tension")


def _draw_readiness() -> None:
    readiness.draw([*shell_cached.app_check_results(), camera_over(st.context.url or "")])
    st.page_link(
        SYSTEM_CHECK.path, label="Check this machine and the camera", icon=SYSTEM_CHECK.icon
    )


def _draw_eye_and_measures() -> None:
    titles = [MEASURES[name].title for name in _MEASURES]
    measures = listed([f"{title[:1].lower()}{title[1:]}" for title in titles])
    st.caption(
        ':material/smartphone: Faces can be read on your own device: switch on "Read on this '
        'device" on Practice or Live camera, and only numbers leave the browser. Measured beside '
        f"expressions: {plain(measures)}. Each measure says what it cannot tell."
    )


def _draw_demo() -> None:
    session, timeline = sessions_cached.demo()
    one_face = timeline.of_face(1)
    summary = summarise(timeline, not_sure_below=0.0, face_id=1)
    st.caption(
        ":material/smart_toy: Synthetic: nobody was recorded. In the gap the face is turned away. "
        "The figures are those of face 1; the downloads also contain a second face."
    )
    session_view.draw_numbers(summary)
    trend = binned_trend(one_face, every_s=sessions_cached.TREND_STEP_S)
    session_view.draw_trend(summary, trend, key="demo")
    session_view.draw_shares(summary, key="demo")
    with st.container(horizontal=True):
        downloads.draw_downloads(
            session,
            timeline.scheme,
            partial(_demo_source, session, timeline),
            shown_as=ShownAs(timeline.scheme.labels, 0.0),
        )


def _demo_source(session: Session, timeline: Timeline) -> ExportSource:
    return ExportSource(session, timeline, derive_columns(timeline, not_sure_below=0.0))


open_page(HOME.path)
st.title("Mien", anchor=False)
st.write(
    "Mien recognises facial expressions in real time, through the browser's camera. It stores "
    "numbers, never pictures, and says when it is not sure."
)
with error_box.on_error():
    notice.draw_notice(sessions_cached.store().sessions(), datetime.now(UTC))
if consent_gate.may_show_expressions():
    _draw_eye_and_measures()
home_cards.draw_cards()
st.subheader("Status", anchor=False)
with error_box.on_error():
    _draw_readiness()
st.subheader("Example session", anchor=False)
with error_box.on_error():
    _draw_demo()
st.subheader("All pages", anchor=False)
home_cards.draw_pages()
