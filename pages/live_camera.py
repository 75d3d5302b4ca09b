"""Live camera: expressions as they show, and a session to keep."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import streamlit as st

from core.live import LiveSession
from core.perception import OverlayStyle
from core.policy import UsePolicy
from core.vocabulary import ModelCard, Session, SourceKind, new_id
from pages.parts import camera, live_view, memory, notice, shared
from pages.parts.frame import open_page
from pages.parts.gate import pass_gate
from pages.parts.live_summary import draw_ended

REFRESH_S = 0.5

open_page("pages/live_camera.py")


def _switched() -> None:
    """The toggle was moved: remember it, and begin or finish a session."""
    memory.camera_wanted.set(bool(st.session_state["camera-switch"]))


def _new_session(policy: UsePolicy, card: ModelCard) -> Session:
    now = datetime.now(UTC)
    consent = memory.consent.get()
    return Session(
        id=new_id(now, np.random.default_rng()),
        source=SourceKind.CAMERA,
        title="Live camera",
        card_name=card.name,
        scheme_name=card.scheme.name,
        began_at=now,
        purpose=policy.purpose.value,
        consent_at=consent.given_at if consent else None,
    )


def _draw_page() -> None:
    st.title("Live camera", anchor=False)
    policy = pass_gate()
    if policy is None:
        return
    with notice.on_error():
        for entry in shared.recovered():
            st.info(f"A session was cut off and has been recovered: {entry.session.title}.")
        judge = shared.judge()
        live = shared.live_session()
        _draw_live(live, judge.card, policy)


def _draw_live(live: LiveSession, card: ModelCard, policy: UsePolicy) -> None:
    wanted = memory.camera_wanted.get()
    recording = live.view().session
    if wanted and recording is None:
        live.begin(_new_session(policy, card))
        memory.ended_session.set(None)
    if not wanted and recording is not None:
        ended = live.finish()
        memory.ended_session.set(ended.id if ended else None)
    _draw_controls(live, card, policy, wanted=wanted)
    picture, beside = st.columns([3, 2], gap="medium")
    with picture:
        _draw_camera(live, wanted=wanted)
    with beside:
        _draw_beside(live, card)
    _draw_below(live)
    if not wanted and (ended_id := memory.ended_session.get()):
        draw_ended(ended_id)


def _draw_controls(live: LiveSession, card: ModelCard, policy: UsePolicy, *, wanted: bool) -> None:
    paused = live.view().paused
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.toggle(
            "Camera on",
            value=wanted,
            key="camera-switch",
            on_change=_switched,
            help="On begins a session, off ends it. Only numbers are stored, never a picture.",
        )
        full = st.toggle("All expressions", key="all-expressions", disabled=not wanted)
        live.set_style(OverlayStyle.FULL if full else OverlayStyle.QUIET)
        if st.button(
            "Resume" if paused else "Pause",
            icon=":material/play_arrow:" if paused else ":material/pause:",
            disabled=not wanted,
            key="pause",
        ):
            live.resume() if paused else live.pause()
            st.rerun()
        if st.button(
            "Reset",
            icon=":material/restart_alt:",
            disabled=not wanted,
            key="reset",
            help="Keeps what is stored so far and begins a new session.",
        ):
            live.begin(_new_session(policy, card))
            st.rerun()
        st.download_button(
            "Screenshot",
            lambda: live.screenshot() or b"",
            file_name="mien-screenshot.png",
            mime="image/png",
            icon=":material/photo_camera:",
            on_click="ignore",
            disabled=not wanted,
            key="screenshot",
            help="Saves the newest picture on your own device. Mien keeps none.",
        )


def _draw_camera(live: LiveSession, *, wanted: bool) -> None:
    shared_settings = shared.settings()
    # First drawn switched off, then on: see camera.camera_stream.
    mounted = memory.camera_mounted.get()
    state = camera.camera_stream(
        live.see,
        _on_ended(live),
        wanted=wanted and mounted,
        ice_servers=shared_settings.ice_servers,
    )
    memory.camera_mounted.set(True)
    if wanted and not mounted:
        st.rerun()
    if not wanted:
        st.caption(
            "The camera is off. No camera at hand? The home page shows a session made by code."
        )
    elif not state.playing:
        st.caption(
            "Waiting for the camera. If the browser asks, allow it; if nothing happens, see "
            "whether another program uses it."
        )


def _on_ended(live: LiveSession) -> Callable[[], None]:
    def ended() -> None:
        live.finish()

    return ended


@st.fragment(run_every=REFRESH_S)
def _draw_beside(live: LiveSession, card: ModelCard) -> None:
    live_view.draw_faces(live.view(), card)


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


_draw_page()
