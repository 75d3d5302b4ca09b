"""Live camera: expressions in real time, recorded as a session."""

from __future__ import annotations

import streamlit as st

from core.domain import AnalysisSite, ModelCard
from core.live import LiveSession
from core.measures import MEASURES_ONLY, MeasuresOnly, ScoreView
from core.policy import UsePolicy
from pages.parts.live import (
    blendshapes,
    calibration,
    going_on,
    keys,
    live_view,
    marks,
    meters,
    model_choice,
    own_device,
    reading_place,
    resolution,
)
from pages.parts.live import cached as live_cached
from pages.parts.live import controls as live_control
from pages.parts.live.ended_session import draw_ended
from pages.parts.live.picture import Reading, draw_picture
from pages.parts.policy.consent_gate import current_policy, draw_waiting, pass_gate
from pages.parts.sessions.interrupted import draw_interrupted
from pages.parts.sessions.show_as import choose_view
from pages.parts.shell import browser_download, error_box, fragments, session_state
from pages.parts.shell.navigation import ANALYSE_RECORDING, HOME, LIVE_CAMERA, open_page

REFRESH_S = 0.5
MEASURES_REFRESH_S = 1.0


def _draw_page() -> None:
    st.title(LIVE_CAMERA.title, anchor=False)
    before = going_on.learn()
    policy = pass_gate()
    if policy is None:
        return
    if before is False:
        draw_waiting()
        return
    with error_box.on_error():
        going_on.go_on(before)
        live_control.arrive()
        # Small: a wider gap breaks the row once the camera brings a scroll bar, and all moves down.
        with st.container(horizontal=True, gap="small"):
            used = model_choice.choose_model()
            resolution.choose()
        card = live_cached.loaded_model(used).card
        site = reading_place.choose(card)
        _draw_live(live_cached.live_session(used, site), card, policy, site)
        return
    st.page_link(
        HOME.path,
        label="Home shows the status of this installation and an example session",
        icon=HOME.icon,
    )


def _draw_live(live: LiveSession, card: ModelCard, policy: UsePolicy, site: AnalysisSite) -> None:
    controls = st.container(horizontal=True, vertical_alignment="center", gap="small")
    notices = st.container()
    with controls:
        live_control.draw_switches(live)
    with notices:
        draw_interrupted()
        going_on.draw_notice()
        live_control.draw_while_off()
    live_control.sync_session(live, card, policy)
    # Without a recording or unsaved samples nothing changes, and no automatic reruns are needed.
    waits = live.view().unsaved > 0
    moves = session_state.recorded_session.get() is not None or waits
    every_s = REFRESH_S if moves else None
    picture, beside = st.columns([11, 9], gap="medium")
    with beside:
        shown_as = choose_view(card.scheme, MeasuresOnly(card.scheme))
        live.show_as(shown_as)
    with picture:
        fragments.fragment()(_draw_picture)(live, Reading(card, policy, site), shown_as)
        fragments.fragment(run_every=MEASURES_REFRESH_S if moves else None)(marks.draw_mark)(live)
        calibration.draw_calibration(live)
        if session_state.camera_on.get():
            keys.draw_help(keys.LIVE_KEYS)
    with controls:
        live_control.draw_buttons(live, card, policy, site)
    with beside:
        fragments.fragment(run_every=every_s)(_draw_beside)(live, card, policy, moves, shown_as)
    measures_every_s = MEASURES_REFRESH_S if moves else None
    fragments.fragment(run_every=measures_every_s)(_draw_measures)(live)
    if shown_as.name != MEASURES_ONLY:
        fragments.fragment(run_every=every_s)(_draw_below)(live, shown_as)
    if (ended_id := session_state.ended_session.get()) and not waits:
        draw_ended(ended_id, shown_as)
    browser_download.draw()
    keys.listen(keys.LIVE_KEYS)
    going_on.keep(live, site)


@error_box.on_error()
def _draw_picture(live: LiveSession, reading: Reading, shown_as: ScoreView) -> None:
    """The camera picture. Reports of the browser rerun only this fragment."""
    report = draw_picture(live, reading, shown_as, live_control.overlay_style())
    resolution.draw_actual(report)
    if not session_state.camera_on.get() and session_state.ended_session.get() is None:
        st.caption("No camera? Home shows an example session.")
        st.page_link(
            ANALYSE_RECORDING.path,
            label="Analyse a video or a picture",
            icon=ANALYSE_RECORDING.icon,
        )


@error_box.on_error()
def _draw_beside(
    live: LiveSession, card: ModelCard, policy: UsePolicy, moved: bool, shown_as: ScoreView
) -> None:
    if current_policy() != policy:
        st.rerun()  # the use policy was changed, perhaps in another tab
    view = live.view().with_view(shown_as)
    if live_control.are_buttons_stale(view):
        st.rerun()
    if view.session is None and session_state.recorded_session.get() is not None:
        st.rerun()  # the stream ended by itself: rerun the whole page once
    if moved and not view.unsaved and session_state.recorded_session.get() is None:
        # Load-bearing: the last samples are stored by now, so the session can be summarised; or the
        # page's own rerun after the switch was lost, as on a busy machine.
        st.rerun()
    live_view.draw_trouble(view)
    own_device.draw_status(live)
    live_view.draw_faces(view, card)
    if view.analysed:
        live_view.draw_strip(view)
    resolution.draw_advice(view)


@error_box.on_error()
def _draw_measures(live: LiveSession) -> None:
    view, face_id = live.view(), session_state.watched_face.get()
    if view.session is None or face_id is None:
        return
    meters.draw_meters(view.measures_of(face_id))
    blendshapes.draw_blendshapes(view)


@error_box.on_error()
def _draw_below(live: LiveSession, shown_as: ScoreView) -> None:
    view = live.view().with_view(shown_as)
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
