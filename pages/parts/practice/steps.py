"""The practice of this tab: begun, stepped through by presses, gone on with, and let go."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import monotonic

import numpy as np

from core.domain import new_session_id
from core.domain.errors import MienError, UnknownPractice, UnknownSession
from core.domain.practice import Practice
from core.live import LiveSession
from core.practice import (
    Flow,
    Phase,
    Return,
    RunningPractice,
    StepTime,
    attempts_of,
    begin_practice,
    practice_of,
    resume_practice,
)
from core.sessions import MAX_TITLE_LENGTH, MeasuredCalibration
from pages.parts.live.tab_reading import TabReading
from pages.parts.practice import tab_state
from pages.parts.practice.cached import holders
from pages.parts.sessions.cached import store
from pages.parts.shell import presses, session_state

ELSEWHERE = "This practice goes on in another tab."
ELSEWHERE_ADVICE = "Go on there, or end it there first."

LOST_ADVICE = "Time stands still. Switch the camera on, then resume: another session begins."

_CARRIED_FOR = timedelta(hours=1)
"""So long a calibration of the practice is used again: later somebody may sit differently."""

Step = Callable[[RunningPractice, StepTime], None]
"""A step of a practice, such as `RunningPractice.answer`."""


def new_id(now: datetime) -> str:
    """An id of a practice or a try."""
    return new_session_id(now, np.random.default_rng())


def time_now(live: LiveSession | None = None) -> StepTime:
    """When a step is taken."""
    return StepTime(monotonic(), datetime.now(UTC), None if live is None else live.time_now)


def begin(practice: Practice) -> None:
    """Store a practice, and let it begin in this tab.

    Raises:
        StoreError: the database refuses.
    """
    begin_practice(store(), practice)
    flow = Flow(len(practice.questions), practice.think_s, practice.answer_s)
    tab_state.carried_calibration.set(None)
    _run(RunningPractice(store(), practice, flow, new_id=new_id))


def go_on(practice_id: str) -> None:
    """Go on with a practice that was left; a callback."""
    try:
        practice = practice_of(store(), practice_id)
        cut_off = [one.id for one in attempts_of(store(), practice_id) if one.outcome is None]
        tab_state.cut_off_attempt.set("".join(cut_off[-1:]))
        running = resume_practice(store(), practice, time_now(), new_id=new_id)
        tab_state.carried_calibration.set(_calibration_of(practice))
    except MienError as error:
        tell(error)
        return
    _run(running)


def go_on_at_once(reading: TabReading) -> None:
    """Go on with what this tab did when the server was lost; nothing where that is over.

    Raises:
        StoreError: the database cannot be read.
    """
    try:
        practice = practice_of(store(), reading.practice)
    except UnknownPractice:  # the tab had none, or it was deleted
        return
    if practice.ended_at is not None:
        return
    returns = Return.IN_A_PAUSE if reading.paused else Return.AT_ONCE
    running = resume_practice(store(), practice, time_now(), new_id=new_id, returns=returns)
    tab_state.carried_calibration.set(_calibration_of(practice))
    title = session_state.next_title.get()
    _run(running)
    session_state.next_title.set(title or session_state.next_title.get())


@presses.once
def press(live: LiveSession, step: Step) -> None:
    """Take a step; a callback. The session that records stands still with the practice."""
    running = tab_state.practice_run.get()
    if running is None:
        return
    if not holders().keep(running, live):
        let_go_elsewhere()
        return
    try:
        if step is not RunningPractice.pause:
            live.resume()  # beforehand: the step is taken in the session's running time
        step(running, time_now(live))
    except UnknownPractice as deleted:  # perhaps in another tab
        let_go()
        tell(deleted)
        return
    except MienError as error:
        tell(error)
    stand_still(live, running)
    tab_state.practice_light.set(None)


def stand_still(live: LiveSession, running: RunningPractice) -> None:
    """Let the session record only while it is needed: not in a pause, nor in a review."""
    stands = running.flow.phase in {Phase.PAUSED, Phase.REVIEW, Phase.OVER}
    if stands != live.view().paused:
        (live.pause if stands else live.resume)()


def leave_session(live: LiveSession) -> None:
    """Switch the camera off where nothing more is stored of its session: the next one is another,
    and the practice stands still until then.
    """
    session_state.camera_error.set(f"{live.lost} {LOST_ADVICE}")
    session_state.camera_on.set(False)


def switch_camera_on() -> None:
    """Have the camera switched on again; a callback."""
    session_state.camera_on.set(True)


def carry_calibration(live: LiveSession) -> None:
    """Keep the newest calibration of the practice, and begin its next session with it."""
    calibration, session_id = live.calibration, live.session_id
    if calibration is None or session_id is None:
        return
    if found := calibration.state().by_face:
        tab_state.carried_calibration.set(list(found.values())[-1])
    elif (carried := tab_state.carried_calibration.get()) and (
        tab_state.carried_into.get() != session_id
    ):
        calibration.use(carried)
    tab_state.carried_into.set(session_id)


def let_go_elsewhere() -> None:
    """The same, as it goes on in another tab."""
    let_go()
    tab_state.practice_note.set((ELSEWHERE, ELSEWHERE_ADVICE))


def let_go() -> None:
    """End it in this tab: what is stored stays, and an unfinished practice is offered."""
    if running := tab_state.practice_run.take():
        holders().let_go(running)
    session_state.next_title.set("")
    session_state.camera_on.set(False)


def tell(error: MienError) -> None:
    """Say what went wrong in a callback when the page is drawn."""
    tab_state.practice_note.set((error.message, error.advice))


def _run(running: RunningPractice) -> None:
    tab_state.practice_run.set(running)
    tab_state.ended_practice.set("")
    tab_state.practice_note.set(None)
    tab_state.practice_light.set(None)
    tab_state.carried_into.set("")
    session_state.next_title.set(f"Practice: {running.practice.set_name}"[:MAX_TITLE_LENGTH])
    session_state.camera_error.set("")
    session_state.camera_on.set(True)


def _calibration_of(practice: Practice) -> MeasuredCalibration | None:
    """The newest calibration of the last session of a practice, if it is not old."""
    parts = [part for one in attempts_of(store(), practice.id) for part in one.parts]
    lost = session_state.lost_session.get()
    session_id = lost[0] if lost else parts[-1].session_id if parts else ""
    try:
        found = store().calibrations(session_id).values()
    except UnknownSession:
        return None
    newest = max(found, key=lambda one: one.measured_at, default=None)
    is_old = newest is None or datetime.now(UTC) - newest.measured_at > _CARRIED_FOR
    return None if is_old else newest
