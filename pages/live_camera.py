"""Live camera: expressions as they show, and a session to keep."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from core.domain import ModelCard
from core.live import LiveSession
from core.measures import ScoreView
from core.policy import UsePolicy
from pages.parts import (
    browser_download,
    camera,
    fragments,
    live_control,
    live_keys,
    live_model,
    live_resolution,
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
        with st.container(horizontal=True, gap="medium"):
            used = live_model.choose_model()
            live_resolution.choose()
        _draw_live(shared.live_session(used), shared.judge(used).card, policy)
        return
    st.page_link(
        HOME.path, label="Home says what is ready, and shows a synthetic session", icon=HOME.icon
    )


def _draw_live(live: LiveSession, card: ModelCard, policy: UsePolicy) -> None:
    controls = st.container(horizontal=True, vertical_alignment="center", gap="small")
    asking = st.container()
    with controls:
        live_control.draw_switches(live)
    with asking:
        draw_cut_off()
        live_control.draw_while_off()
    live_control.keep_in_step(live, card, policy)
    picture, beside = st.columns([11, 9], gap="medium")
    with picture:
        fragments.fragment()(_draw_camera)(live, shared.settings().ice_server_list())
        live_take.draw_mark(live)
        if memory.camera_wanted.get():
            live_keys.draw_help()
    with controls:
        live_control.draw_buttons(live, card, policy)
    # Nothing moves while nothing is recorded or waits to be stored: then nothing is drawn anew.
    waits = live.view().unsaved > 0
    moves = memory.begun_session.get() is not None or waits
    every_s = REFRESH_S if moves else None
    with beside:
        shown_as = choose_view(card.scheme)
        live.show_as(shown_as)
        fragments.fragment(run_every=every_s)(_draw_beside)(live, card, policy, moves, shown_as)
    fragments.fragment(run_every=every_s)(_draw_below)(live, shown_as)
    if (ended_id := memory.ended_session.get()) and not waits:
        draw_ended(ended_id, shown_as)
    browser_download.draw()
    live_keys.listen()


@notice.on_error()
def _draw_camera(live: LiveSession, ice_servers: list[dict[str, Any]]) -> None:
    """The picture, or a word on what it waits for. What the browser tells redraws this alone."""
    # Bound to this session: frames and the end of an old stream may come after a new one began.
    session_id = memory.begun_session.get() or "none"
    report = camera.camera_stream(
        partial(live.see, session_id=session_id),
        partial(live.finish, session_id),
        wish=camera.CameraWish(
            start=memory.camera_start.get() if memory.camera_wanted.get() else "",
            resolution=live_resolution.chosen(),
            ice_servers=ice_servers,
        ),
    )
    live_control.follow_camera(live, report)
    live_resolution.draw_given(report)
    if not memory.camera_wanted.get() and memory.ended_session.get() is None:
        st.caption("No camera at hand? Home shows a synthetic session.")
        st.page_link(
            ANALYSE_RECORDING.path,
            label="Analyse a video or a picture",
            icon=ANALYSE_RECORDING.icon,
        )


@notice.on_error()
def _draw_beside(
    live: LiveSession, card: ModelCard, policy: UsePolicy, moved: bool, shown_as: ScoreView
) -> None:
    if current_policy() != policy:
        st.rerun()  # what is allowed here was changed, in another tab perhaps
    view = live.view().under(shown_as)
    if view.session is None and memory.begun_session.get() is not None:
        st.rerun()  # the stream ended by itself: redraw the whole page once
    if moved and not view.unsaved and memory.begun_session.get() is None:
        # Load-bearing: the last moments are stored by now, and the session can be summed up; or the
        # page's own redraw after the switch was lost, as on a busy machine.
        st.rerun()
    live_view.draw_trouble(view)
    live_view.draw_faces(view, card)
    if view.analysed:
        live_view.draw_strip(view)
    live_resolution.draw_advice(view)


@notice.on_error()
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
        wrap=True,
    )
    live_view.draw_trend(view, choice or live_view.RECENT)


open_page(LIVE_CAMERA.path)
_draw_page()
