"""The camera's switch and buttons, and the session that goes with them."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import streamlit as st

from core.errors import UnknownSession
from core.live import LiveSession
from core.perception import OverlayStyle
from core.policy import UsePolicy
from core.vocabulary import ModelCard, Session, SourceKind, new_session_id
from pages.parts import camera_check, live_take, live_title, memory, shared
from pages.parts.camera_check import CameraAnswer

_STYLE_KEY = "all-expressions"
_STORED_WITHIN_S = 3.0


def arrive() -> None:
    """Whoever comes to the page finds the camera off: leaving the page switched it off.

    Load-bearing: the camera must not start in the run that mounts it (`camera.camera_stream`).
    """
    if memory.has_come_back_to(_STYLE_KEY):
        memory.camera_wanted.set(False)
        memory.camera_allowed.set(False)
        memory.camera_trouble.set("")


def draw_switches(live: LiveSession) -> None:
    """The camera's switch, a new one and off after the camera stopped by itself; and how much is
    drawn on the picture.
    """
    wanted = st.toggle(
        "Camera on",
        value=memory.camera_wanted.get(),
        key=f"camera-switch-{memory.camera_round.get()}",
        help="On begins a session, off ends it. Only numbers are stored, never a picture.",
    )
    if wanted and not memory.camera_wanted.get():
        memory.camera_attempt.set(memory.camera_attempt.get() + 1)
    memory.camera_wanted.set(wanted)
    full = st.toggle("All expressions", key=_STYLE_KEY, help="Draws every score beside each face.")
    live.set_style(OverlayStyle.FULL if full else OverlayStyle.QUIET)


def ask_for_camera() -> None:
    """While the switch is on: has the browser given the camera? A no switches it off, in words."""
    if not memory.camera_wanted.get():
        memory.camera_allowed.set(False)
        live_title.ask_title()
        if trouble := memory.camera_trouble.get():
            st.warning(trouble, icon=":material/videocam_off:")
        return
    memory.camera_trouble.set("")
    if memory.camera_allowed.get():
        return
    answer = camera_check.ask_for_camera(memory.camera_attempt.get())
    if answer is CameraAnswer.ALLOWED:
        memory.camera_allowed.set(True)
    elif answer is not CameraAnswer.WAITING:
        _switch_off(camera_check.ANSWER_WORDS[answer])


def keep_in_step(live: LiveSession, card: ModelCard, policy: UsePolicy) -> None:
    """Begin, finish or let go of the session, as the switch and the stream stand."""
    wanted, begun = memory.camera_allowed.get(), memory.begun_session.get()
    if begun is None:
        if wanted:
            _begin(live, card, policy)
            memory.ended_session.set(None)
        return
    if wanted and live.view().session is not None:
        return
    live.finish(wait_s=_STORED_WITHIN_S)
    memory.begun_session.set(None)
    memory.ended_session.set(begun)
    if wanted:  # nobody switched it off: it was unplugged, or the page was left
        _switch_off("")


def draw_buttons(live: LiveSession, card: ModelCard, policy: UsePolicy, *, playing: bool) -> None:
    """Pause, reset, screenshot, export; nothing can be pressed before the picture plays."""
    off = not (playing and memory.camera_allowed.get())
    _draw_pause(live, disabled=off)
    if st.button(
        "Reset",
        icon=":material/restart_alt:",
        disabled=off,
        key="reset",
        help="Keeps what is stored so far and begins a new session.",
    ):
        _begin(live, card, policy)
        st.rerun()
    live_take.draw_takes(live, disabled=off)


def _draw_pause(live: LiveSession, *, disabled: bool) -> None:
    if live.view().paused:
        if st.button("Resume", icon=":material/play_arrow:", disabled=disabled, key="resume"):
            live.resume()
            st.rerun()
    elif st.button("Pause", icon=":material/pause:", disabled=disabled, key="pause"):
        live.pause()
        st.rerun()


def _switch_off(trouble: str) -> None:
    memory.camera_trouble.set(trouble)
    memory.camera_wanted.set(False)
    memory.camera_round.set(memory.camera_round.get() + 1)
    st.rerun()


def _begin(live: LiveSession, card: ModelCard, policy: UsePolicy) -> None:
    now, consent = datetime.now(UTC), memory.consent.get()
    session_id = _unused_id(now)
    session = Session(
        id=session_id,
        source=SourceKind.CAMERA,
        title=live_title.take_title(session_id, now),
        card_name=card.name,
        scheme_name=card.scheme.name,
        labels=card.scheme.labels,
        not_sure_below=card.not_sure_below,
        began_at=now,
        purpose=policy.purpose.value,
        consent_at=None if consent is None else consent.given_at,
    )
    live.begin(session)
    memory.begun_session.set(session.id)


def _unused_id(now: datetime) -> str:
    """A name that no stored session has, and hardly one that is about to be stored.

    Raises:
        StoreError: the database cannot be read.
    """
    rng = np.random.default_rng()
    while True:
        name = new_session_id(now, rng)
        try:
            shared.store().look(name)
        except UnknownSession:
            return name
