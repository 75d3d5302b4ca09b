"""Live camera: expressions as they show, and a session to keep."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.live import LiveSession
from core.policy import UsePolicy
from core.vocabulary import ModelCard
from pages.parts import camera, live_control, live_view, memory, notice, shared
from pages.parts.frame import open_page
from pages.parts.gate import pass_gate
from pages.parts.live_summary import draw_ended

REFRESH_S = 0.5


def _draw_page() -> None:
    st.title("Live camera", anchor=False)
    policy = pass_gate()
    if policy is None:
        return
    with notice.on_error():
        for entry in shared.recovered():
            st.info(f"A session was cut off; everything up to then is kept: {entry.session.id}.")
        card = shared.judge().card
        _draw_live(shared.live_session(), card, policy)


def _draw_live(live: LiveSession, card: ModelCard, policy: UsePolicy) -> None:
    controls = st.container(horizontal=True, vertical_alignment="center", gap="medium")
    live_control.arrive()
    with controls:
        live_control.draw_switch()
    live_control.ask_for_camera()
    live_control.keep_in_step(live, card, policy)
    with controls:
        live_control.draw_buttons(live, card, policy)
    picture, beside = st.columns([3, 2], gap="medium")
    with picture:
        _draw_camera(live)
    with beside:
        _draw_beside(live, card)
    _draw_below(live)
    if ended_id := memory.ended_session.get():
        draw_ended(ended_id)


def _draw_camera(live: LiveSession) -> None:
    wanted, mounted = memory.camera_allowed.get(), memory.camera_mounted.get()
    state = camera.camera_stream(
        live.see,
        # Bound to this session: the end of an old stream may be told after a new one began.
        partial(live.finish, memory.begun_session.get() or "none"),
        wanted=wanted and mounted,
        ice_servers=shared.settings().ice_servers,
    )
    memory.camera_mounted.set(True)
    if wanted and not mounted:
        st.rerun()
    if not memory.camera_wanted.get():
        st.caption("No camera at hand? The home page shows a session made by code.")
    elif not wanted:
        st.caption("Please allow the camera in the browser's own question.")
    elif not state.playing:
        st.caption("The camera is starting.")


@st.fragment(run_every=REFRESH_S)
def _draw_beside(live: LiveSession, card: ModelCard) -> None:
    view = live.view()
    if view.session is None and memory.begun_session.get() is not None:
        st.rerun()  # the stream ended by itself: redraw the whole page once
    live_view.draw_faces(view, card)


@st.fragment(run_every=REFRESH_S)
def _draw_below(live: LiveSession) -> None:
    view = live.view()
    if view.session is None:
        return
    live_view.draw_strip(view)
    choice = st.segmented_control(
        "Trend",
        [live_view.RECENT, live_view.WHOLE],
        default=live_view.RECENT,
        key="trend-choice",
        label_visibility="collapsed",
    )
    live_view.draw_trend(view, choice or live_view.RECENT)


open_page("pages/live_camera.py")
_draw_page()
