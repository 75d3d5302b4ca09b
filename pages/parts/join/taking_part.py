"""A learner in a class: the camera with the numbers that leave, flags, pause, leave."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

import streamlit as st

from core.classroom import agree_again
from core.domain.classroom import Classroom, Learner, LearnerSite, LearnerState
from core.domain.errors import MienError
from core.policy import class_notice, class_notice_version
from pages.parts.eye.cached import class_ingest, server_learners
from pages.parts.join import tab_state
from pages.parts.join.class_eye import draw_class_eye, start_of
from pages.parts.join.class_eye_words import UNABLE_TEXT, WAY_TEXT
from pages.parts.join.flags import draw_flags, draw_question
from pages.parts.join.joining import draw_notice
from pages.parts.join.server_camera import draw_server_camera, stop_server_camera
from pages.parts.live.browser_eye import EyeReport, EyeState
from pages.parts.live.camera_permission import PERMISSION_TEXT
from pages.parts.sessions.cached import store
from pages.parts.shell import error_box
from pages.parts.shell.theme import plain

GOES_ON_WITHIN = timedelta(minutes=5)
"""A tab that comes back within this goes on by itself: rows wait so long in the browser. Later the
person is asked, as nobody expects a camera to start."""

PAUSED = "Paused. What you press is still sent."
LEFT = "You have left the class."
AWAY = "You were away for more than five minutes, so the camera does not start by itself."
ENDED = "The camera stopped by itself: another program may have taken it, or it was unplugged."
WITHOUT_CAMERA = "You take part without a camera: only what you press is sent."
OTHER_NOTICE = (
    "The notice has changed since you agreed. Nothing leaves this device until you agree."
)
SERVER_MAY = (
    "The server can read instead, if you choose so: five small pictures a second are sent to it, "
    "analysed in its memory and not stored."
)
CLOSED = (
    "This class is closed. Nothing leaves this device any more. If the teacher opens it again, "
    "reload this page to go on."
)

_READS = {LearnerState.MEASURING, LearnerState.HIDDEN, LearnerState.NO_CAMERA}


def draw_taking_part(classroom: Classroom, learner: Learner, secret: str) -> None:
    """Draw what a learner does in an open class.

    Args:
        secret: of the learner's own link.
    """
    member = classroom, learner
    doing = _doing(learner)
    if doing is LearnerState.LEFT:
        st.info(AWAY if tab_state.was_away.get() else LEFT, icon=":material/logout:")
        _draw_off(member)
        _button("Come back", "login", member, LearnerState.MEASURING)
        return
    draw_flags(secret)
    draw_question(secret)
    buttons = st.container(horizontal=True, gap="small")
    if doing is LearnerState.PAUSED:
        st.info(PAUSED, icon=":material/pause:")
        _draw_off(member)
    elif learner.site is LearnerSite.NOWHERE:
        st.info(WITHOUT_CAMERA, icon=":material/videocam_off:")
        _draw_site("Take part with my camera", member, LearnerSite.BROWSER)
    elif learner.site is LearnerSite.SERVER:
        with error_box.on_error():
            draw_server_camera(classroom, learner)
        _draw_site("Take part without a camera", member, LearnerSite.NOWHERE)
    else:
        _draw_eye(member)
    with buttons:  # above the numbers, of which there may be many
        if doing is LearnerState.PAUSED:
            _button("Go on", "play_arrow", member, LearnerState.MEASURING)
        elif learner.site is not LearnerSite.NOWHERE:
            _button("Pause", "pause", member, LearnerState.PAUSED)
        _button("Leave", "logout", member, LearnerState.LEFT)


def begin(learner: Learner) -> None:
    """Take part in this tab from now on: the learner has just joined."""
    tab_state.doing.set((learner.id, LearnerState.MEASURING))
    tab_state.class_start.set("")


def _doing(learner: Learner) -> LearnerState:
    """What this tab does; at first what the learner did last."""
    known = tab_state.doing.get()
    if known is not None and known[0] == learner.id:
        return known[1]
    is_new = datetime.now(UTC) - learner.seen_at < GOES_ON_WITHIN
    reads = learner.state in _READS
    goes_on, was_away = reads and is_new, reads and not is_new
    doing = learner.state
    if reads:
        doing = LearnerState.MEASURING if goes_on else LearnerState.LEFT
    tab_state.doing.set((learner.id, doing))
    tab_state.class_start.set("")
    tab_state.asks_browser.set(goes_on)
    tab_state.was_away.set(was_away)
    return doing


def _button(text: str, icon: str, member: tuple[Classroom, Learner], doing: LearnerState) -> None:
    st.button(
        text,
        type="primary" if doing in _READS else "secondary",
        icon=f":material/{icon}:",
        key=f"join-{doing.value}",
        on_click=_change,
        args=(*member, doing),
        width="stretch",
    )


def _change(classroom: Classroom, learner: Learner, doing: LearnerState) -> None:
    """Do something else in this tab, and tell the board at once."""
    stop_server_camera()
    tab_state.was_away.set(False)
    tab_state.doing.set((learner.id, doing))
    tab_state.class_start.set("")
    if doing in _READS and learner.site is not LearnerSite.NOWHERE:
        return  # the board hears of it with the first numbers
    try:
        # What is under way is not taken any more, nor what another tab of the learner sends.
        class_ingest().open(classroom, learner)
        server_learners().end(learner.id)
    except MienError as error:  # the camera is off nevertheless
        tab_state.join_note.set((error.message, error.advice))
    _tell(learner, doing)


def _draw_site(text: str, member: tuple[Classroom, Learner], site: LearnerSite) -> None:
    """Offer another place where the face is read, or none."""
    st.button(text, key=f"join-site-{site.value}", on_click=_agree, args=(*member, site))


def draw_new_notice(classroom: Classroom, learner: Learner) -> None:
    """Ask for consent once more, where the notice is another one than was agreed to."""
    st.info(OTHER_NOTICE, icon=":material/edit_note:")
    draw_notice(class_notice(classroom))
    st.button(
        "I agree",
        type="primary",
        icon=":material/check:",
        key="join-agree",
        on_click=_agree,
        args=(classroom, learner, learner.site),
    )


def _agree(classroom: Classroom, learner: Learner, site: LearnerSite) -> None:
    version = class_notice_version(classroom)
    try:
        agree_again(store(), learner.id, site=site, notice_version=version, now=datetime.now(UTC))
    except MienError as error:
        tab_state.join_note.set((error.message, error.advice))
        return
    stop_server_camera()
    begin(learner)


def _draw_off(member: tuple[Classroom, Learner]) -> None:
    """The browser stops at once: one that sees its element vanish waits whether it comes back."""
    classroom, learner = member
    if learner.site is LearnerSite.BROWSER:
        draw_class_eye(classroom, learner.id, start="", token="")


def _draw_eye(member: tuple[Classroom, Learner]) -> None:
    """Draw the own picture with its numbers, or why there is none and what to do."""
    classroom, learner = member
    if not tab_state.class_start.get():
        tab_state.class_start.set(start_of(learner.id, secrets.token_hex(8)))
    start = tab_state.class_start.get()
    token = _token(classroom, learner, start)
    report = draw_class_eye(classroom, learner.id, start=start, token=token)
    known = tab_state.class_token.get()
    if report.state is EyeState.TOKEN and known is not None and known[1] == report.refused:
        tab_state.class_token.set(None)  # the server was started again: another, once for each
        st.rerun()
    if report.state is EyeState.READING:
        st.caption(WAY_TEXT.get(report.way, ""))
    elif problem := _problem(report):
        st.warning(plain(problem), icon=":material/videocam_off:")
        st.button("Try again", icon=":material/refresh:", key="join-again", on_click=_begin_anew)
        if report.state is not EyeState.OVER:
            _tell_without_camera(learner)
            if report.server_may:
                st.caption(SERVER_MAY)
                _draw_site("Let the server read", member, LearnerSite.SERVER)
            _draw_site("Take part without a camera", member, LearnerSite.NOWHERE)


def _tell_without_camera(learner: Learner) -> None:
    """Tell the board once that there is no camera: nothing of it is heard from the browser."""
    if learner.state is not LearnerState.NO_CAMERA:
        _tell(learner, LearnerState.NO_CAMERA)


def _tell(learner: Learner, state: LearnerState) -> None:
    """Tell the board within a second, after what the device's messages told; it waits for a
    database that is away.
    """
    class_ingest().writer.set_state(learner.id, state)


def _token(classroom: Classroom, learner: Learner, start: str) -> str:
    known = tab_state.class_token.get()
    if known is not None and known[0] == start:
        return known[1]
    # Perhaps this browser reads still, as before the server was started again: it is asked first.
    asks = tab_state.asks_browser.take()
    token = "" if asks else class_ingest().open(classroom, learner)
    tab_state.class_token.set((start, token))
    return token


def _problem(report: EyeReport) -> str:
    if report.state is EyeState.UNABLE:
        return UNABLE_TEXT.get(report.obstacle, UNABLE_TEXT["engine"])
    if report.state is EyeState.REFUSED:
        return PERMISSION_TEXT[report.answer]
    if report.state is EyeState.ENDED:
        return ENDED
    return report.sentence if report.state is EyeState.OVER else ""


def _begin_anew() -> None:
    tab_state.class_start.set("")
