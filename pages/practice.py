"""Practice: answer questions before the camera, and see what could be seen."""

from __future__ import annotations

import streamlit as st

from core.live import LiveSession
from core.policy import UsePolicy
from core.practice import Phase, RunningPractice, attempt_of, delete_idle_session
from core.vision.recognition import ModelVersion
from pages.parts.live import cached as live_cached
from pages.parts.live import controls, going_on, reading_place, tab_reading
from pages.parts.live.picture import Reading
from pages.parts.policy.consent_gate import draw_waiting, pass_gate
from pages.parts.practice import buttons, look_back, setup, stage, steps, tab_state, unfinished
from pages.parts.practice.cached import holders
from pages.parts.practice.review import draw_review
from pages.parts.sessions.cached import store
from pages.parts.shell import error_box, session_state
from pages.parts.shell.navigation import PRACTICE, open_page

_ENDS_WITHIN_S = 3.0


def _draw_page() -> None:
    st.title(PRACTICE.title, anchor=False)
    before = going_on.learn()
    policy = pass_gate(starts_camera=False)
    if policy is None:
        return
    if before is False:
        draw_waiting()
        return
    with error_box.on_error():
        going_on.go_on(before, steps.go_on_at_once)
        session_state.camera_autostart.set(False)
        session_state.arrival_note.set("")
        if note := tab_state.practice_note.take():
            error_box.show_message(*note)
        running = tab_state.practice_run.get()
        if running is None:
            session_state.camera_on.set(False)
            _draw_start(policy)
        else:
            _draw_running(running, policy)


def _draw_start(policy: UsePolicy) -> None:
    """Where no practice goes on in this tab."""
    tab_reading.keep(None)
    if ended := tab_state.ended_practice.get():
        look_back.draw_ended(ended)
        return
    unfinished.draw_unfinished()
    setup.draw_setup(policy)
    look_back.draw_earlier()


def _draw_running(running: RunningPractice, policy: UsePolicy) -> None:
    card = live_cached.loaded_model(_version()).card
    site = reading_place.chosen(card)
    live = live_cached.live_session(_version(), site)
    if not holders().keep(running, live):
        steps.let_go_elsewhere()
        st.rerun()
    if running.flow.phase is Phase.OVER:
        _end(running, live)
    if live.lost:
        steps.leave_session(live)
    if not session_state.camera_on.get() and running.flow.step in {Phase.THINKING, Phase.ANSWERING}:
        running.lose_session(steps.time_now())
    controls.sync_session(live, card, policy)
    steps.carry_calibration(live)
    steps.stand_still(live, running)
    stage.draw_stage(running, live, Reading(card, policy, site))
    if running.flow.phase is Phase.REVIEW and running.attempt_id is not None:
        attempt = attempt_of(store(), running.attempt_id)
        if draw_review(running.practice, attempt):
            buttons.draw_way_on(running, live)
    going_on.keep(live, site, running.practice.id)


def _end(running: RunningPractice, live: LiveSession) -> None:
    """The camera is switched off, and the overview shown."""
    session = live.finish(wait_s=_ENDS_WITHIN_S)
    if session is not None:
        delete_idle_session(store(), running.practice.id, session.id)
    session_state.recorded_session.set(None)
    tab_state.ended_practice.set(running.practice.id)
    tab_state.chosen_practice.set(running.practice.id)
    steps.let_go()
    st.rerun()


def _version() -> ModelVersion:
    """The model that was chosen for the camera: it stays the same for the whole practice."""
    used = session_state.used_card.get()
    if used is None:  # the server was started again
        name = session_state.chosen_card.get() or ""
        used = (name, live_cached.current_version(name))
        session_state.used_card.set(used)
    return used[1]


open_page(PRACTICE.path)
_draw_page()
