"""A practice that goes on: the question, the time that is left, and nothing else that moves."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core.live import LiveSession
from core.measures import OWN, view_named
from core.practice import Flow, Phase, RunningPractice
from core.vision import OverlayStyle
from pages.parts.live import calibration, controls, going_on, live_view, own_device, resolution
from pages.parts.live.picture import Reading, draw_picture
from pages.parts.policy.consent_gate import current_policy
from pages.parts.practice import buttons, readable, speech, steps, tab_state, timer
from pages.parts.practice.cached import holders
from pages.parts.practice.microphone import draw_microphone
from pages.parts.shell import error_box, fragments, session_state
from pages.parts.shell.theme import plain

FOLLOWS_EVERY_S = 0.5
_WIDTH_PX = 720
_LONG = 140
"""Characters of a question above which it is written smaller."""

_HIDDEN = """<style>.st-key-practice-picture {
  height: 1px; opacity: 0; overflow: hidden; pointer-events: none; position: absolute;
  width: 1px; }</style>"""
_SHOWN = "<style>.st-key-practice-picture { max-width: 26rem; }</style>"
_CAMERA_OFF = (
    "The camera stopped: it was unplugged, or another program took it. Time stands still, and what "
    "was answered is kept. Switch the camera on, then resume."
)
_CUT_OFF = (
    "This answer ended when the page was left. What was recorded until then is kept; **Try again** "
    "begins the answer anew."
)
_MOVES = frozenset({Phase.READY, Phase.THINKING, Phase.ANSWERING})
_LABEL = {Phase.THINKING: "Time to think", Phase.ANSWERING: "Time to answer"}


def draw_stage(running: RunningPractice, live: LiveSession, reading: Reading) -> None:
    """Draw where the practice stands.

    Load-bearing: what stands above the picture has a container of its own, so that the picture
    stays where it is: a camera that is mounted again is another camera.

    Args:
        reading: how this tab reads faces.
    Raises:
        NotAllowedHere, StoreError, UnknownPractice.
    """
    live.set_style(OverlayStyle.NONE)
    live.show_as(view_named(reading.card.scheme, OWN))
    with st.container(width=_WIDTH_PX):
        with st.container():
            going_on.draw_notice()
            controls.draw_trouble()
            _draw_camera_off()
        with st.container():
            _draw_question(running)
        with st.container(key="practice-picture"):
            fragments.fragment()(_draw_picture)(live, reading)
        st.html(_SHOWN if _shows_picture(running) else _HIDDEN)
        moves = running.flow.phase in _MOVES and session_state.camera_on.get()
        every_s = FOLLOWS_EVERY_S if moves else None
        drawn = _Drawn(running.flow, live.time_now is not None)
        fragments.fragment(run_every=every_s)(_follow)(running, live, reading, drawn)
        fragments.fragment()(_listen)(running, live)
        if running.flow.phase is Phase.READY:
            calibration.draw_calibration(live)
        buttons.draw_buttons(running, live)


def _draw_camera_off() -> None:
    """What happened, where nothing else says it."""
    if not session_state.camera_on.get() and not session_state.camera_error.get():
        st.warning(_CAMERA_OFF, icon=":material/videocam_off:")


def _draw_question(running: RunningPractice) -> None:
    flow = running.flow
    count = len(running.practice.questions)
    attempt = f", try {flow.number}" if flow.number > 1 else ""
    st.caption(f"Question {flow.index + 1} of {count}{attempt}")
    if flow.step is Phase.READY:
        st.write(
            "Sit as you usually do, and look at the screen. The question is shown when you begin."
        )
        _be_silent(running)
        return
    question = running.practice.questions[flow.index]
    draw = st.header if len(question.text) <= _LONG else st.subheader
    draw(plain(question.text), anchor=False)
    _read_aloud(running)
    if flow.step is Phase.REVIEW and question.good_answer:
        st.caption(f"What a good answer shows: {plain(question.good_answer)}")
    if flow.step is Phase.REVIEW and running.attempt_id == tab_state.cut_off_attempt.get():
        st.info(_CUT_OFF, icon=":material/info:")
    if flow.step in _LABEL:
        left_s = flow.remaining_s(steps.time_now().clock_s) or 0.0
        label = "Paused." if flow.phase is Phase.PAUSED else _LABEL[flow.step]
        timer.draw_timer(label, left_s, runs=flow.phase is not Phase.PAUSED)


def _read_aloud(running: RunningPractice) -> None:
    flow, practice = running.flow, running.practice
    if not tab_state.reads_aloud.get():
        return
    # Once for each try: not again after a pause.
    asked = "" if flow.step is Phase.REVIEW else f"{practice.id}-{flow.index}-{flow.number}"
    speech.read_aloud(practice.questions[flow.index].text, practice.language, asked=asked)


def _be_silent(running: RunningPractice) -> None:
    if tab_state.reads_aloud.get():
        speech.read_aloud("", running.practice.language, asked="")


def _shows_picture(running: RunningPractice) -> bool:
    return tab_state.shows_picture.get() and running.flow.step is not Phase.REVIEW


@error_box.on_error()
def _draw_picture(live: LiveSession, reading: Reading) -> None:
    """The own picture with nothing over it. Reports of the browser rerun only this fragment."""
    view = view_named(reading.card.scheme, OWN)
    report = draw_picture(live, reading, view, OverlayStyle.NONE)
    resolution.draw_actual(report)


@error_box.on_error()
def _listen(running: RunningPractice, live: LiveSession) -> None:
    """The microphone, if it was chosen: its reports rerun only this fragment."""
    draw_microphone(live, wanted=running.practice.with_sound)


@dataclass(frozen=True)
class _Drawn:
    """What the page was drawn for.

    Attributes:
        flow: where the practice stood.
        reads: whether a session recorded.
    """

    flow: Flow
    reads: bool


@error_box.on_error()
def _follow(running: RunningPractice, live: LiveSession, reading: Reading, drawn: _Drawn) -> None:
    """What time changes, and the light.

    Load-bearing: what is drawn decides whether the page is drawn again, not what this look has
    changed: a redraw may be lost, and is then asked for by the next look.
    """
    if current_policy() != reading.policy:
        st.rerun()  # the use policy was changed, perhaps in another tab
    if not holders().keep(running, live):
        steps.let_go_elsewhere()
        st.rerun()
    is_over = session_state.recorded_session.get() is not None and live.session_id is None
    lost = is_over or bool(live.lost)
    before = running.flow
    running.tick(steps.time_now(live))
    reads = live.time_now is not None
    if running.flow is not before:
        steps.stand_still(live, running)
    if lost or running.flow is not drawn.flow or reads != drawn.reads:
        st.rerun()
    if running.flow.phase in _MOVES and session_state.camera_on.get():
        readable.draw_light(live)
        live_view.draw_trouble(live.view())
        own_device.draw_status(live)
