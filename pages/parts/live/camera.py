"""The browser's camera: what the page wants of it, and what it says.

The browser's side is `camera.js`, the server's `CameraLink`; a start is told to both by its name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.live import DEFAULT_RESOLUTION, Resolution
from pages.parts.live.camera_link import CameraLink, Ends
from pages.parts.live.camera_permission import CameraAnswer, answer_of
from pages.parts.shell import session_state

FPS = 30

GIVES_UP_S = 5.0
"""A start that brings no picture for so long is given up, and begun anew by itself."""

WAITS_FOR_ANSWER_S = 15.0
"""While the server has not answered yet: asked again, a busy one would only be busier."""

WORDS = {
    "off": "The camera is off.",
    "asking": "Please allow the camera when your browser asks.",
    "starting": "The camera is starting.",
    "again": "No frame received yet. Restarting the camera. This machine may be busy.",
}
"""What stands where the picture will be."""

_HERE = Path(__file__)
_KEY = "camera"
SCRIPT = _HERE.with_name("camera.js").read_text(encoding="utf-8")
_LOOKS = _HERE.with_name("camera.css").read_text(encoding="utf-8")

SeeFrame = Callable[..., NDArray[np.uint8]]
"""`see(rgb, sent_s, *, skipped)`: called from the camera's thread; answers what to send back."""


@dataclass(frozen=True)
class CameraWish:
    """What the page wants of the camera.

    Attributes:
        start: the name of this start, never used before; empty while the camera is to be off.
        resolution: what to ask for; another one in a running start replaces the picture only.
        ice_servers: STUN and TURN servers; none are needed on one machine.
    """

    start: str
    resolution: Resolution
    ice_servers: list[dict[str, Any]]


@dataclass(frozen=True)
class CameraReport:
    """How a start stands.

    Attributes:
        answer: what the browser said when it was asked for the camera.
        playing: pictures have come back.
        ended: they came, and come no more.
        width_px, height_px: what the camera gives; 0 before it is known.
    """

    answer: CameraAnswer = CameraAnswer.WAITING
    playing: bool = False
    ended: bool = False
    width_px: int = 0
    height_px: int = 0


def camera_stream(
    see: SeeFrame, on_ended: Callable[[], object], *, wish: CameraWish
) -> CameraReport:
    """Draw the camera's picture and have every newest frame seen; how it stands is the answer.

    However often this runs, a start opens one connection: the browser's side alone decides when,
    and here each of its offers is answered once.

    Args:
        see: called from the camera's thread; must never raise and never use Streamlit.
        on_ended: called when the stream ended, from another thread: the page was left, the tab
            closed, or the camera switched off.
        wish: what is wanted of the camera.
    """
    link = session_state.camera_link.get() or CameraLink()
    session_state.camera_link.set(link)
    link.follow(Ends(newest_only(see), on_ended))
    # Load-bearing: read before the component is drawn, so that the answer goes out in this run.
    told = _told(session_state.component_state(_KEY), wish.start)
    if not told or told["state"] in {"refused", "ended"}:
        link.close()
    answer = None
    if told.get("sdp"):
        answer = link.answer(told["offer"], told["sdp"], wish.ice_servers)
    show = st.components.v2.component("mien_camera", js=SCRIPT, css=_LOOKS)
    show(
        key=_KEY,
        data={
            "start": wish.start,
            "width": wish.resolution.width_px,
            "height": wish.resolution.height_px,
            # Else browsers send smaller pictures for a while, or for good on a slow machine.
            "keepsSize": wish.resolution != DEFAULT_RESOLUTION,
            "fps": FPS,
            # Load-bearing: an empty list. Left out, some other server would be asked.
            "iceServers": wish.ice_servers,
            "answer": answer,
            "givesUpS": GIVES_UP_S,
            "waitsForAnswerS": WAITS_FOR_ANSWER_S,
            "words": WORDS,
        },
        on_told_change=lambda: None,
    )
    return _report(told, link)


def _told(state: Any, start: str) -> dict[str, Any]:
    """What the browser told of this very start; empty if nothing yet."""
    told = getattr(state, "told", None)
    if not start or not isinstance(told, dict) or told.get("start") != start:
        return {}
    return told


def _report(told: dict[str, Any], link: CameraLink) -> CameraReport:
    if not told:
        return CameraReport()
    if told["state"] == "refused":
        return CameraReport(answer_of(str(told.get("error"))))
    return CameraReport(
        CameraAnswer.ALLOWED,
        playing=told["state"] == "playing" and told.get("offer") == link.offer,
        ended=told["state"] == "ended",
        width_px=int(told.get("width", 0)),
        height_px=int(told.get("height", 0)),
    )


def newest_only(see: SeeFrame) -> Callable[[Sequence[Any]], Any]:
    """The callback streamlit-webrtc wants: all frames since the last call in, one frame out.

    Older frames are passed over, and `see` is told how many: a queue would make the picture lag
    more and more behind the face.
    """

    async def on_frames(frames: Sequence[av.VideoFrame]) -> list[av.VideoFrame]:
        newest = frames[-1]
        sent_s = 0.0 if newest.time is None else float(newest.time)
        try:
            rgb = newest.to_ndarray(format="rgb24")
        except (ValueError, av.FFmpegError):
            return [newest]  # a frame no one can read is passed on: an error would end the stream
        drawn = see(rgb, sent_s, skipped=len(frames) - 1)
        return [av.VideoFrame.from_ndarray(drawn, format="rgb24")]

    return on_frames
