"""The browser's camera: requests to it, and its state.

The browser's side is `camera.js`, the server's `CameraLink`; each start has a name for both.
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
from pages.parts.live.camera_link import CameraLink, Offer, StreamCallbacks
from pages.parts.live.camera_permission import CameraPermission, permission_from
from pages.parts.shell import session_state

FPS = 30

START_KBPS, MAX_KBPS, MAX_LARGE_KBPS = 1000, 1700, 2500
"""What the stream begins with, and the most it sends, of the default resolution and larger ones."""

MAX_SMALL_KBPS = 300
"""The same of smaller ones: a twelfth of the picture is sent, a few times a second."""

START_TIMEOUT_S = 5.0
"""A start without a picture for this time is aborted, and repeated automatically."""

ANSWER_TIMEOUT_S = 15.0
"""The same while the server has not answered: repeating would add load to a busy server."""

STATUS_TEXT = {
    "off": "The camera is off.",
    "asking": "Please allow the camera when your browser asks.",
    "starting": "The camera is starting.",
    "again": "No frame received yet. Restarting the camera. This machine may be busy.",
}
"""Texts in place of the picture."""

_HERE = Path(__file__)
_KEY = "camera"
SCRIPT = _HERE.with_name("camera.js").read_text(encoding="utf-8")
_CSS = _HERE.with_name("camera.css").read_text(encoding="utf-8")

FrameCallback = Callable[..., NDArray[np.uint8] | None]
"""`on_frame(rgb, sent_s, *, skipped)`, called on the camera's thread; returns the frame to show, or
None where none comes back."""


@dataclass(frozen=True)
class CameraRequest:
    """The page's request to the camera.

    Attributes:
        start: unique name of this start; empty to switch the camera off.
        resolution: changing it in a running start only changes the picture.
        ice_servers: STUN and TURN servers; none are needed on one machine.
        comes_back: whether the browser shows what the server sends back; otherwise it only sends,
            and shows its own picture.
        fps: frames a second.
        regions: rows and columns that are drawn over the browser's own picture.
    """

    start: str
    resolution: Resolution
    ice_servers: list[dict[str, Any]]
    comes_back: bool = True
    fps: int = FPS
    regions: tuple[int, int] = (1, 1)


@dataclass(frozen=True)
class CameraReport:
    """The state of a start.

    Attributes:
        answer: the browser's permission for the camera.
        playing: whether pictures arrive.
        ended: whether they stopped arriving.
        width_px, height_px: the camera's resolution; 0 while unknown.
    """

    answer: CameraPermission = CameraPermission.WAITING
    playing: bool = False
    ended: bool = False
    width_px: int = 0
    height_px: int = 0


def camera_stream(
    on_frame: FrameCallback, on_ended: Callable[[], object], *, request: CameraRequest
) -> CameraReport:
    """Draw the camera's picture and pass on the newest frames; returns the state of the start.

    However often this runs, a start opens one connection: the browser's side alone decides when,
    and each of its offers is answered once.

    Args:
        on_frame: called from the camera's thread; must never raise and never use Streamlit.
        on_ended: called when the stream ended, from another thread: the page was left, the tab
            closed, or the camera switched off.
        request: to the camera.
    """
    link = session_state.camera_link.get() or CameraLink()
    session_state.camera_link.set(link)
    link.follow(StreamCallbacks(newest_only(on_frame), on_ended))
    # Load-bearing: read before the component is drawn, so that the answer goes out in this run.
    state = _state_of(session_state.component_state(_KEY), request.start)
    if not state or state["state"] in {"refused", "ended"}:
        link.close()
    answer = None
    if state.get("sdp"):
        offer = Offer(state["offer"], state["sdp"], comes_back=request.comes_back)
        answer = link.answer(offer, request.ice_servers)
    show = st.components.v2.component("mien_camera", js=SCRIPT, css=_CSS)
    show(key=_KEY, data=_data(request) | {"answer": answer}, on_told_change=lambda: None)
    return _report(state, link)


def _data(request: CameraRequest) -> dict[str, Any]:
    """What the browser's side is told."""
    max_kbps = _max_kbps(request.resolution)
    return {
        "start": request.start,
        "width": request.resolution.width_px,
        "height": request.resolution.height_px,
        # Otherwise browsers send smaller pictures for a while, or always on a slow machine.
        "keepsSize": request.resolution != DEFAULT_RESOLUTION,
        "startKbps": min(START_KBPS, max_kbps),
        "maxKbps": max_kbps,
        "fps": request.fps,
        "comesBack": request.comes_back,
        "regions": request.regions,
        # Load-bearing: also an empty list. Without it, a default server would be contacted.
        "iceServers": request.ice_servers,
        "givesUpS": START_TIMEOUT_S,
        "waitsForAnswerS": ANSWER_TIMEOUT_S,
        "words": STATUS_TEXT,
    }


def _max_kbps(resolution: Resolution) -> int:
    if resolution == DEFAULT_RESOLUTION:
        return MAX_KBPS
    is_larger = resolution.width_px > DEFAULT_RESOLUTION.width_px
    return MAX_LARGE_KBPS if is_larger else MAX_SMALL_KBPS


def _state_of(component: Any, start: str) -> dict[str, Any]:
    """The browser's state of this start; empty before the first."""
    state = getattr(component, "told", None)
    if not start or not isinstance(state, dict) or state.get("start") != start:
        return {}
    return state


def _report(state: dict[str, Any], link: CameraLink) -> CameraReport:
    if not state:
        return CameraReport()
    if state["state"] == "refused":
        return CameraReport(permission_from(str(state.get("error"))))
    return CameraReport(
        CameraPermission.ALLOWED,
        playing=state["state"] == "playing" and state.get("offer") == link.offer,
        ended=state["state"] == "ended",
        width_px=int(state.get("width", 0)),
        height_px=int(state.get("height", 0)),
    )


def newest_only(on_frame: FrameCallback) -> Callable[[Sequence[Any]], Any]:
    """The callback for streamlit-webrtc: all frames since the last call in, one frame out.

    Older frames are skipped, and `on_frame` gets their number: with a queue the picture would lag
    more and more behind the face.
    """

    async def on_frames(frames: Sequence[av.VideoFrame]) -> list[av.VideoFrame]:
        newest = frames[-1]
        sent_s = 0.0 if newest.time is None else float(newest.time)
        try:
            rgb = newest.to_ndarray(format="rgb24")
        except (ValueError, av.FFmpegError):
            return [newest]  # an unreadable frame is returned: an error would end the stream
        drawn = on_frame(rgb, sent_s, skipped=len(frames) - 1)
        if drawn is None:
            return [newest]
        return [av.VideoFrame.from_ndarray(drawn, format="rgb24")]

    return on_frames
