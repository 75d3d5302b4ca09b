"""The calibration of a live session: offered, guided step by step, kept where a person asks for it.

Any page with a `LiveSession` calls `draw_calibration`; nothing else of the page changes meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.live import (
    PART_STEPS,
    CalibrationProgress,
    CalibrationState,
    LiveCalibration,
    LiveSession,
)
from pages.parts.live.calibration_dot import draw_dot
from pages.parts.live.calibration_words import (
    ANOTHER_FACE,
    PLACE,
    STEP_NAME,
    STEP_TEXT,
    parts_text,
    seconds_text,
    skipped_text,
    waiting_text,
)
from pages.parts.sessions import kept_calibrations
from pages.parts.shell import error_box, fragments
from pages.parts.shell.theme import plain, when

REFRESH_S = 0.4
OFFERED_REFRESH_S = 2.0

_HELP = (
    "About 20 seconds: look at a dot in each corner of the window and in its middle, then close "
    "your eyes once. Make the window as large as the screen first, and sit as you usually do. "
    "Every step can be skipped. The numbers stay with this session and are deleted with it."
)


def draw_calibration(live: LiveSession) -> None:
    """Offer a calibration of the running session, and guide through it. Nothing without a session,
    unless calibrations are kept from earlier ones.
    """
    calibration = live.calibration
    runs = calibration is not None and _is_running(calibration.state())
    # Load-bearing: also while it is only offered. The redraw after a press on it may be lost.
    every_s = REFRESH_S if runs else None if calibration is None else OFFERED_REFRESH_S
    fragments.fragment(run_every=every_s)(_draw)(live, runs)


@error_box.on_error()
def _draw(live: LiveSession, ran: bool) -> None:
    calibration = live.calibration
    state = CalibrationState() if calibration is None else calibration.state()
    if _is_running(state) != ran:
        st.rerun()  # the whole page once, for redrawing by itself begins or ends
    if calibration is None:
        kept_calibrations.draw_kept()
    elif state.progress is not None and state.progress.step is not None:
        waits = waiting_text(state.progress, live.view())
        _draw_step(calibration, state.progress, waits)
    else:
        _draw_offer(calibration, state)


def _is_running(state: CalibrationState) -> bool:
    return state.progress is not None and state.progress.step is not None


def _draw_step(calibration: LiveCalibration, progress: CalibrationProgress, waits: str) -> None:
    """One step: what to do, how far it is, and its buttons; and the dot in the window."""
    step = progress.step
    if step is None:
        return
    draw_dot(PLACE[step], waits or STEP_TEXT[step], share=progress.share, waits=bool(waits))
    with st.container(border=True):
        st.markdown(
            f"**Calibration, step {progress.number} of {len(STEP_TEXT)}.** {STEP_TEXT[step]}"
        )
        st.progress(progress.share, text=waits or seconds_text(progress))
        if progress.began_again:
            st.caption(ANOTHER_FACE)
        with st.container(horizontal=True, gap="small"):
            _button("Redo step", "replay", calibration.redo)
            _button("Skip step", "skip_next", calibration.skip)
            _button("Cancel", "close", calibration.stop)


def _draw_offer(calibration: LiveCalibration, state: CalibrationState) -> None:
    """What is calibrated, why a part is not, and buttons to calibrate, redo and keep."""
    if not state.all_skipped or state.by_face:
        _draw_state(state)
    if state.all_skipped:
        st.info(plain(skipped_text(state)), icon=":material/info:")
    for one in state.problems:
        st.warning(f"{plain(one.message)} {plain(one.advice)}", icon=":material/info:")
    with st.container(horizontal=True, gap="small"):
        again = "Calibrate" if state.measured is None else "Calibrate again"
        if (other := state.of_another_face) is not None:
            st.button(
                "Same person",
                icon=":material/person_check:",
                on_click=calibration.use,
                args=(other,),
                key="calibration-same",
                help="Uses the newest calibration of this session for this face too.",
            )
        _button(again, "center_focus_weak", calibration.begin, help_text=_HELP)
        if state.progress is not None:
            with st.popover("Redo a step", icon=":material/replay:"):
                for step in STEP_NAME:
                    st.button(
                        STEP_NAME[step],
                        on_click=calibration.redo,
                        args=(step,),
                        key=f"calibration-redo-{step}",
                    )
        kept_calibrations.draw_kept(state.measured, calibration.use)


def _draw_state(state: CalibrationState) -> None:
    if state.of_another_face is not None:
        st.caption(f"Face {state.face_id} is not calibrated; another face of this session is.")
        return
    if state.measured is None:
        st.caption(
            f"Not calibrated: {parts_text(PART_STEPS)} are compared with typical values.",
            help=_HELP,
        )
        return
    known = [part for part in PART_STEPS if state.measured.calibration.has(part)]
    missing = [part for part in PART_STEPS if part not in known]
    sentences = [f"Calibrated {when(state.measured.measured_at)}: {parts_text(known)}."]
    if missing:
        sentences.append(f"Not calibrated: {parts_text(missing)}.")
    st.caption(" ".join(sentences))


def _button(text: str, icon: str, act: Callable[[], None], *, help_text: str | None = None) -> None:
    st.button(
        text,
        icon=f":material/{icon}:",
        on_click=act,
        key=f"calibration-{act.__name__}",
        help=help_text,
    )
