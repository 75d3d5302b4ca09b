"""The camera's switch and buttons, and the session they control."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import streamlit as st

from core.domain import AnalysisSite, ModelCard, SourceKind, new_session_id
from core.domain.errors import UnknownSession
from core.live import LiveSession, LiveView
from core.policy import UsePolicy
from core.sessions import new_session
from core.vision import OverlayStyle
from pages.parts.live import camera_permission, downloads, reading_place, title
from pages.parts.live.camera import CameraReport
from pages.parts.sessions import cached
from pages.parts.shell import error_box, fragments, presses, session_state

_STYLE_KEY = "all-expressions"
_FINISH_TIMEOUT_S = 3.0


def arrive() -> None:
    """Switch the camera off on entering the page, as leaving the page switched it off; unless it
    was just requested with the consent, or goes on after the server was started again.

    Load-bearing: the request is kept until the switches are drawn. A rerun may be cut off by the
    next one, which would find them not drawn yet, and switch the camera off.
    """
    if session_state.is_not_drawn_yet(_STYLE_KEY):
        session_state.camera_on.set(session_state.camera_autostart.get())
        session_state.camera_error.set(session_state.arrival_note.get())
        _renew_switch()
    else:
        session_state.camera_autostart.set(False)
        session_state.arrival_note.set("")


def draw_switches(live: LiveSession) -> None:
    """The camera's switch, off at each visit and after the camera stopped by itself; and the switch
    for all scores.
    """
    is_on = st.toggle(
        "Camera on",
        value=session_state.camera_on.get(),
        key=f"camera-switch-{session_state.camera_round.get()}",
        help="Switching on starts a session, switching off ends it. Only numbers are stored.",
    )
    session_state.camera_on.set(is_on)
    full = st.toggle(
        "Show all scores",
        key=_STYLE_KEY,
        help="Draws the scores of all expressions beside each face.",
    )
    session_state.all_scores.set(full)
    live.set_style(overlay_style())


def overlay_style() -> OverlayStyle:
    """How much is drawn on each face, as chosen."""
    return OverlayStyle.FULL if session_state.all_scores.get() else OverlayStyle.QUIET


def draw_while_off() -> None:
    """While the camera is off: the next session's title, and why it stopped by itself."""
    if not session_state.camera_on.get():
        title.ask_title()
    draw_trouble()


def draw_trouble() -> None:
    """Why the camera stopped by itself, and another way to read where there is one."""
    if session_state.camera_on.get():
        session_state.camera_error.set("")
        session_state.server_offered.set(False)
        return
    if not (trouble := session_state.camera_error.get()):
        return
    st.warning(trouble, icon=":material/videocam_off:")
    if session_state.server_offered.get():
        st.button(
            "Read on the server",
            icon=":material/dns:",
            key="read-on-server",
            on_click=_read_on_server,
            help="Switches the camera on. Pictures are sent to the server, analysed in memory and "
            "not stored.",
        )


def follow_camera(live: LiveSession, report: CameraReport) -> None:
    """Rerun the page when the camera was refused, started or stopped."""
    if report.answer in camera_permission.PERMISSION_TEXT:
        title.restore_title(live.finish())
        session_state.recorded_session.set(None)  # without frames there is no summary
        _switch_off(camera_permission.PERMISSION_TEXT[report.answer])
    if report.ended and live.finish(session_state.recorded_session.get()) is not None:
        st.rerun()
    if report.playing != session_state.camera_playing.get():
        session_state.camera_playing.set(report.playing)
        if report.playing:
            st.rerun()


def stop(live: LiveSession, trouble: str) -> None:
    """Switch the camera off and say why; what was recorded until now is kept and shown."""
    session_id, analysed = session_state.recorded_session.get(), live.view().analysed
    ended = live.finish(wait_s=_FINISH_TIMEOUT_S)
    if analysed:
        session_state.ended_session.set(session_id)
    else:
        title.restore_title(ended)
    session_state.recorded_session.set(None)
    _switch_off(trouble)


def sync_session(live: LiveSession, card: ModelCard, policy: UsePolicy) -> None:
    """Begin or finish the session, as the switch and the stream require."""
    is_on, session_id = session_state.camera_on.get(), session_state.recorded_session.get()
    if session_id is None:
        if is_on:
            _begin(live, card, policy)
            session_state.camera_start.set(session_state.recorded_session.get() or "")
            session_state.ended_session.set(None)
            _follow_lost_session(live)
        return
    if is_on and live.view().session is not None:
        return
    analysed = live.view().analysed
    ended = live.finish(wait_s=_FINISH_TIMEOUT_S)
    if not analysed:
        title.restore_title(ended)
    session_state.recorded_session.set(None)
    session_state.ended_session.set(session_id)
    if is_on:  # not switched off: it was unplugged, or the page was left
        _switch_off("")
    st.rerun()  # the choice of a model, above, was drawn for a running camera


def _follow_lost_session(live: LiveSession) -> None:
    """The session that began goes on with one that was cut off, if there is one."""
    if lost := session_state.lost_session.take():
        session_state.went_on.set(session_state.recorded_session.get() or "")
        session_state.camera_continues.set(lost)
    if session_state.begins_paused.take():
        session_state.camera_continues.set(None)  # what was read in a pause is never sent
        live.pause()


def draw_buttons(live: LiveSession, card: ModelCard, policy: UsePolicy, site: AnalysisSite) -> None:
    """Pause, reset, screenshot, export; disabled before the picture plays.

    Load-bearing: each acts before the page is drawn again, as the next rerun may cut that off, and
    with it a press that only the drawing would have seen.
    """
    ready = _is_ready(live.view())
    off = not ready
    fragments.fragment(width="content")(_draw_pause)(live, site, disabled=off)
    st.button(
        "Reset",
        icon=":material/restart_alt:",
        disabled=off,
        key="reset",
        on_click=_reset,
        args=(live, card, policy, site),
        help="Ends this session, keeps its data and starts a new one.",
    )
    downloads.draw_downloads(live, site, disabled=off)
    session_state.buttons_drawn.set(ready)


def are_buttons_stale(view: LiveView) -> bool:
    """Whether the buttons were drawn for something else than what is so now: whether the picture
    plays, and whether the session is paused.

    Compared at each look: the rerun that a first frame or a press asks for may be lost. A press on
    what stands there still would pause a second time.
    """
    drawn = session_state.buttons_drawn.get(), session_state.pause_drawn.get()
    return drawn != (_is_ready(view), view.paused)


def _is_ready(view: LiveView) -> bool:
    """Whether the picture plays: the browser says so, or frames arrive."""
    plays = session_state.camera_playing.get() or view.analysed > 0
    return plays and session_state.camera_on.get()


@presses.once
def _reset(live: LiveSession, card: ModelCard, policy: UsePolicy, site: AnalysisSite) -> None:
    with error_box.on_error():
        _begin(live, card, policy)
        if site is AnalysisSite.BROWSER:  # it writes one session for each start
            session_state.camera_start.set(session_state.recorded_session.get() or "")


@error_box.on_error()
def _draw_pause(live: LiveSession, site: AnalysisSite, *, disabled: bool) -> None:
    """Pause or resume. Load-bearing: a press reruns this part alone, and acts before that; it once
    redrew the whole page twice, charts included, which took seconds on a busy machine.
    """
    paused, drawn = live.view().paused, session_state.pause_drawn.get()
    if paused:
        st.button(
            "Resume",
            icon=":material/play_arrow:",
            disabled=disabled,
            key="resume",
            on_click=live.resume,
        )
    else:
        st.button(
            "Pause",
            icon=":material/pause:",
            disabled=disabled,
            key="pause",
            on_click=live.pause,
        )
    session_state.pause_drawn.set(paused)
    if site is AnalysisSite.BROWSER and paused != drawn:
        st.rerun()  # afterwards: the browser draws the overlay, and has to be told


def _read_on_server() -> None:
    """Switch the camera on where the server reads, as the person was told."""
    reading_place.choose_server()
    session_state.camera_on.set(True)
    _renew_switch()


def _switch_off(trouble: str) -> None:
    session_state.camera_error.set(trouble)
    session_state.camera_on.set(False)
    _renew_switch()
    st.rerun()


def _renew_switch() -> None:
    """Load-bearing: a browser may keep showing the old switch in its last state. After leaving and
    returning quickly it was shown on while the camera was off, and a press switched it off.
    """
    session_state.camera_round.set(session_state.camera_round.get() + 1)


def _begin(live: LiveSession, card: ModelCard, policy: UsePolicy) -> None:
    now, consent = datetime.now(UTC), session_state.consent.get()
    session_id = _unused_id(now)
    session = new_session(
        card,
        SourceKind.CAMERA,
        session_id=session_id,
        title=title.take_title(session_id, now),
        began_at=now,
    ).recorded_for(policy.purpose.value, consent_at=None if consent is None else consent.given_at)
    live.begin(session)
    session_state.recorded_session.set(session.id)


def _unused_id(now: datetime) -> str:
    """An id that no stored session has.

    Raises:
        StoreError: the database cannot be read.
    """
    rng = np.random.default_rng()
    while True:
        name = new_session_id(now, rng)
        try:
            cached.store().entry(name)
        except UnknownSession:
            return name
