"""The microphone: how loud each tenth of a second is, as numbers; no sound leaves the browser.

The browser's side is `microphone.js`; what it sends is described in `eye/README.md`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import streamlit as st

from core.domain.counted import counted
from core.domain.errors import NotAllowedHere
from core.live import LiveSession
from core.web import LEVELS_PATH
from pages.parts.eye.cached import level_ingest
from pages.parts.policy.consent_gate import use_policy
from pages.parts.practice import tab_state
from pages.parts.shell import session_state
from pages.parts.shell.theme import plain

_KEY = "microphone"
SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")

_TENTHS_PER_S = 10


class MicrophoneState(StrEnum):
    """What the microphone is doing."""

    OFF = "off"
    """It is not wanted, or the practice is paused."""
    WAITING = "waiting"
    """The browser asks the person, or starts it."""
    MEASURING = "measuring"
    """It gives levels."""
    SILENT = "silent"
    """It has given silence for five seconds."""
    REFUSED = "refused"
    """The person, or a rule of the browser, denied it."""
    NONE = "none"
    """There is none, or it cannot be opened."""


MICROPHONE_TEXT = {
    MicrophoneState.WAITING: "Please allow the microphone when your browser asks.",
    MicrophoneState.SILENT: "The microphone gives silence: switch it on, or choose another in your "
    "browser.",
    MicrophoneState.REFUSED: "Access to the microphone was denied: allow it in the browser's "
    "address bar, or answer without it.",
    MicrophoneState.NONE: "No microphone could be opened: connect one, or answer without it.",
}
"""One sentence each, where there is something to do."""


@dataclass(frozen=True)
class MicrophoneReport:
    """What the browser says of its microphone.

    Attributes:
        state: of the microphone.
        late: whether levels wait, as the server does not take them.
        dropped: levels that were not stored, as they waited for too long or were refused.
    """

    state: MicrophoneState = MicrophoneState.OFF
    late: bool = False
    dropped: int = 0

    @property
    def sentence(self) -> str:
        """What to do, or what is missing; empty where all is well."""
        sentences = [MICROPHONE_TEXT.get(self.state, "")]
        if self.late:
            sentences.append("Levels of the microphone wait: the server does not take them.")
        if self.dropped:
            lost_s = max(1, round(self.dropped / _TENTHS_PER_S))
            sentences.append(f"{counted(lost_s, 'second')} of levels were not stored.")
        return " ".join(filter(None, sentences))


def draw_microphone(live: LiveSession, *, wanted: bool) -> MicrophoneReport:
    """Measure the microphone while it is wanted, and say in one sentence what is wrong with it.

    Its levels go to the session that is being recorded. In a pause the microphone is off.

    Args:
        live: records the session.
        wanted: whether the person chose it, and an answer is practised.
    """
    if not wanted:
        return MicrophoneReport()
    state = session_state.component_state(_KEY)
    told = getattr(state, "told", None)
    told = told if isinstance(told, Mapping) else {}
    _forget_token(str(told.get("token", "")))
    show = st.components.v2.component("mien_microphone", js=SCRIPT)
    show(
        key=_KEY,
        data={"wanted": not live.view().paused, "token": _token(live), "url": LEVELS_PATH},
        on_told_change=lambda: None,
    )
    report = _report(told)
    if report.sentence:
        st.caption(plain(report.sentence))
    return report


def _token(live: LiveSession) -> str:
    """The token of the session being recorded, made once; empty while there is none."""
    session_id, known = live.session_id, tab_state.microphone_token.get()
    if session_id is None:
        return ""
    if known is not None and known[0] == session_id:
        return known[1]
    policy = use_policy()
    if policy is None:
        return ""
    try:
        token = level_ingest().open(live, policy=policy, consent=session_state.consent.get())
    except NotAllowedHere:  # it ended meanwhile, or the gate of the camera says why
        return ""
    tab_state.microphone_token.set((session_id, token))
    return token


def _forget_token(refused: str) -> None:
    """Make another token where the browser was told that this one is not known."""
    known = tab_state.microphone_token.get()
    if known is not None and known[1] == refused:
        tab_state.microphone_token.set(None)


def _report(told: Mapping[str, Any]) -> MicrophoneReport:
    """What the browser told, which is untrusted."""
    names = {one.value for one in MicrophoneState}
    name, dropped = str(told.get("state", "")), told.get("dropped")
    return MicrophoneReport(
        MicrophoneState(name) if name in names else MicrophoneState.WAITING,
        late=told.get("late") is True,
        dropped=max(0, dropped) if isinstance(dropped, int) else 0,
    )
