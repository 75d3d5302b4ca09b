"""Live camera: expressions as they show, and a session to keep."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.live import LiveSession
from core.measures import ScoreView
from core.policy import UsePolicy
from core.vocabulary import ModelCard
from pages.parts import (
    browser_download,
    camera,
    live_control,
    live_keys,
    live_model,
    live_take,
    live_view,
    memory,
    notice,
    shared,
)
from pages.parts.cut_off import draw_cut_off
from pages.parts.frame import ANALYSE_RECORDING, HOME, LIVE_CAMERA, open_page
from pages.parts.gate import current_policy, pass_gate
from pages.parts.live_summary import draw_ended
from pages.parts.show_as import choose_view

REFRESH_S = 0.5


def _draw_page() -> None:
    st.title(LIVE_CAMERA.title, anchor=False)
    policy = pass_gate()
    if policy is None:
        return
    with notice.on_error():
        live_control.arrive()
        used = live_model.choose_model()
        _draw_live(shared.live_session(used), shared.judge(used).card, policy)
        return
    st.page_link(
        HOME.path, label="Home says what is ready, and shows a session made by code", icon=HOME.icon
    )


def _draw_live(live: LiveSession, card: ModelCard, policy: UsePolicy) -> None:
    # Load-bearing: whatever may or may not be drawn before the camera has a container that is
    # always there. A place further down, and the browser would mount the camera's frame anew, which
    # then opens three connections at once and shows its first picture after half a minute.
    controls = st.container(horizontal=True, vertical_alignment="center", gap="small")
    asking = st.container()
    with controls:
        live_control.draw_switches(live)
    with asking:
        draw_cut_off()
        live_control.ask_for_camera()
    live_control.keep_in_step(live, card, policy)
    picture, beside = st.columns([11, 9], gap="medium")
    with picture:
        playing = _draw_camera(live)
        live_take.draw_mark(live)
        live_keys.draw_help()
    with controls:
        live_control.draw_buttons(live, card, policy, playing=playing)
    # Nothing moves while nothing is recorded or waits to be stored: then nothing is drawn anew.
    waits = live.view().unsaved > 0
    moves = memory.begun_session.get() is not None or waits
    every_s = REFRESH_S if moves else None
    with beside:
        shown_as = choose_view(card.scheme)
        live.show_as(shown_as)
        st.fragment(_draw_beside, run_every=every_s)(live, card, policy, waits, shown_as)
    st.fragment(_draw_below, run_every=every_s)(live, shown_as)
    if (ended_id := memory.ended_session.get()) and not waits:
        draw_ended(ended_id, shown_as)
    browser_download.draw()
    live_keys.listen()


def _draw_camera(live: LiveSession) -> bool:
    """The picture, and a word on what it waits for; whether it plays."""
    # Bound to this session: frames and the end of an old stream may come after a new one began.
    session_id = memory.begun_session.get() or "none"
    playing = camera.camera_stream(
        partial(live.see, session_id=session_id),
        partial(live.finish, session_id),
        attempt=memory.camera_attempt.get(),
        wanted=memory.camera_allowed.get(),
        ice_servers=shared.settings().ice_server_list(),
    )
    if not memory.camera_wanted.get():
        st.caption("No camera at hand? The home page shows a session made by code.")
        st.page_link(
            ANALYSE_RECORDING.path,
            label="Or analyse a video or a picture",
            icon=ANALYSE_RECORDING.icon,
        )
    elif not memory.camera_allowed.get():
        st.caption("Please allow the camera in the browser's own question.")
    elif not playing:
        st.caption("The camera is starting.")
    return playing


def _draw_beside(
    live: LiveSession, card: ModelCard, policy: UsePolicy, waits: bool, shown_as: ScoreView
) -> None:
    if current_policy() != policy:
        st.rerun()  # what is allowed here was changed, in another tab perhaps
    view = live.view().under(shown_as)
    if view.session is None and memory.begun_session.get() is not None:
        st.rerun()  # the stream ended by itself: redraw the whole page once
    if waits and not view.unsaved and memory.begun_session.get() is None:
        st.rerun()  # the last moments are stored by now: the session can be summed up
    live_view.draw_trouble(view)
    live_view.draw_faces(view, card)
    if view.analysed:
        live_view.draw_strip(view)


def _draw_below(live: LiveSession, shown_as: ScoreView) -> None:
    view = live.view().under(shown_as)
    if view.session is None:
        return
    choice = st.segmented_control(
        "Trend",
        [live_view.RECENT, live_view.WHOLE],
        default=live_view.RECENT,
        key="trend-choice",
        label_visibility="collapsed",
    )
    live_view.draw_trend(view, choice or live_view.RECENT)


open_page(LIVE_CAMERA.path)
_draw_page()
