"""The buttons of a practice, and the keys that press them."""

from __future__ import annotations

import math
from collections.abc import Mapping

import streamlit as st

from core.live import LiveSession
from core.practice import Phase, RunningPractice, attempt_of
from pages.parts.live import keys
from pages.parts.practice import steps, tab_state
from pages.parts.practice.steps import Step
from pages.parts.sessions.cached import store
from pages.parts.shell import presses, session_state

_KEYS: Mapping[str, tuple[str, str]] = {
    " ": (
        "Space",
        ".st-key-practice-ask button, .st-key-practice-answer button, "
        ".st-key-practice-finish button, .st-key-practice-resume button",
    ),
    "n": ("N", ".st-key-practice-next button, .st-key-practice-finish button"),
    "r": ("R", ".st-key-practice-again button"),
    "m": ("M", ".st-key-practice-mark button"),
    "escape": ("Esc", ".st-key-practice-pause button, .st-key-practice-resume button"),
}
"""Of the page Practice: their names, and the selectors of what they press."""

_WORDS: Mapping[Phase, Mapping[str, str]] = {
    Phase.READY: {" ": "show the question"},
    Phase.THINKING: {" ": "answer now", "escape": "pause"},
    Phase.ANSWERING: {" ": "finish the answer", "m": "mark", "escape": "pause"},
    Phase.PAUSED: {" ": "resume"},
    Phase.REVIEW: {"n": "next question", "r": "try again"},
}
"""What keys do where a practice stands; those that do nothing there are not named."""

DOUBLE_PRESS_MS = 300
"""Nobody reads a question, or answers one, in less: such a press belongs to the one before."""

_MARK = "mark"

_STEPS: Mapping[str, tuple[Step, str, str, bool]] = {
    "ask": (RunningPractice.ask, "play_arrow", "Show the question", True),
    "answer": (RunningPractice.answer, "mic", "Answer now", True),
    "finish": (RunningPractice.finish, "check", "Finish answer", True),
    "resume": (RunningPractice.resume, "play_arrow", "Resume", True),
    "next": (RunningPractice.next, "arrow_forward", "Next question", False),
    "again": (RunningPractice.again, "replay", "Try again", False),
    "skip": (RunningPractice.skip, "skip_next", "Skip question", False),
    "pause": (RunningPractice.pause, "pause", "Pause", False),
    "end": (RunningPractice.end, "stop", "End practice", False),
}
"""Name of a button -> its step, icon and text, and whether it is the one that comes next."""


def draw_buttons(running: RunningPractice, live: LiveSession) -> None:
    """Draw what can be pressed where the practice stands, and the line of keys."""
    phase = running.flow.phase
    with st.container(horizontal=True, gap="small"):
        if not session_state.camera_on.get() and phase is not Phase.REVIEW:
            _draw_camera_on()
        else:
            _draw_step(running, live)
        if phase in {Phase.THINKING, Phase.ANSWERING}:
            _button("skip", live)
            _button("pause", live)
        if phase is Phase.ANSWERING:
            st.button(
                _text_of_mark(running, live),
                icon=":material/flag:",
                key="practice-mark",
                on_click=_mark,
                args=(live,),
                help="Sets a mark at this second, in the session and its file.",
            )
        _button("end", live)
    if phase is not Phase.REVIEW:
        shown = st.toggle(
            "Show my picture",
            tab_state.shows_picture.get(),
            key="practice-shows-picture",
            help="Reading goes on while it is hidden.",
        )
        if shown != tab_state.shows_picture.get():
            tab_state.shows_picture.set(shown)
            st.rerun()
    if session_state.camera_on.get() or phase is Phase.REVIEW:
        keys.draw_help(_keys_with(_WORDS.get(phase, {})))
    # All of them at all times: what is on screen decides, also before it is drawn again.
    keys.listen(_keys_with(dict.fromkeys(_KEYS, "")), once_within_ms=DOUBLE_PRESS_MS)


def draw_way_on(running: RunningPractice, live: LiveSession) -> None:
    """The step after a review once more, where its reading ends."""
    st.divider()
    with st.container(horizontal=True, gap="small"):
        _button("next", live, _text_of_next(running), below=True)
        _button("again", live, below=True)


def _keys_with(words: Mapping[str, str]) -> keys.Keys:
    return {key: (_KEYS[key][0], does, _KEYS[key][1]) for key, does in words.items()}


def _text_of_next(running: RunningPractice) -> str:
    is_last = running.flow.index + 1 == running.flow.questions
    return "To the overview" if is_last else ""


def _draw_step(running: RunningPractice, live: LiveSession) -> None:
    """The step that comes next, and in a review another try."""
    phase = running.flow.phase
    if phase is Phase.READY:
        calibrated = live.calibration is not None and live.calibration.state().measured is not None
        text = "" if calibrated else "Skip calibration, show the question"
        _button("ask", live, text, off=live.time_now is None)
    elif phase is Phase.THINKING:
        _button("answer", live)
    elif phase is Phase.ANSWERING:
        _button("finish", live)
    elif phase is Phase.PAUSED:
        _button("resume", live, off=not session_state.camera_playing.get())
    elif phase is Phase.REVIEW:
        _button("next", live, _text_of_next(running))
        _button("again", live)


def _text_of_mark(running: RunningPractice, live: LiveSession) -> str:
    """With how many there are: nothing else on screen says that a press was heard."""
    attempt_id = running.attempt_id
    parts = () if attempt_id is None else attempt_of(store(), attempt_id).parts
    since_s = parts[-1].begins_s if parts else math.inf
    count = sum(time_s >= since_s for time_s, _ in live.view().marks)
    return f"Mark ({count})" if count else "Mark"


@presses.once
def _mark(live: LiveSession) -> None:
    live.mark(_MARK)


def _draw_camera_on() -> None:
    st.button(
        "Switch the camera on",
        type="primary",
        icon=":material/videocam:",
        key="practice-camera-on",
        on_click=steps.switch_camera_on,
    )


def _button(
    name: str, live: LiveSession, text: str = "", *, off: bool = False, below: bool = False
) -> None:
    step, icon, usual, primary = _STEPS[name]
    st.button(
        text or usual,
        type="primary" if primary or (below and name == "next") else "secondary",
        icon=f":material/{icon}:",
        key=f"practice-{name}-below" if below else f"practice-{name}",
        on_click=steps.press,
        args=(live, step),
        disabled=off,
    )
