"""The browser's camera; the only module that imports streamlit_webrtc."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import av
import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit_webrtc import WebRtcMode, webrtc_streamer
from streamlit_webrtc.component import generate_frontend_component_key

WIDTH_PX, HEIGHT_PX, FPS = 640, 480, 30

# What the component says inside its frame when the browser does not give us the camera.
_WORDS = {
    "media_api_not_available": (
        "This browser gives no camera to this address. Open Mien as https:// or on localhost."
    ),
    "device_ask_permission": "Please allow the camera in the browser's own question.",
    "device_not_available": (
        "No camera was found, or another program uses it. Plug one in, close the other program, "
        "then switch the camera off and on again."
    ),
    "device_access_denied": (
        "The camera was refused. Allow it in the browser's address bar, then switch the camera "
        "off and on again."
    ),
}

SeeFrame = Callable[..., NDArray[np.uint8]]
"""`see(rgb, sent_s, *, skipped)`: called from the camera's thread; answers what to send back."""


def camera_stream(
    see: SeeFrame,
    on_ended: Callable[[], object],
    *,
    attempt: int,
    wanted: bool,
    ice_servers: list[dict[str, Any]],
) -> bool:
    """Draw the camera's picture and have every newest frame seen; whether it plays is the answer.

    It starts once the component stands in the browser, never sooner: see `_is_mounted`.

    Args:
        see: called from the camera's thread; must never raise and never use Streamlit.
        on_ended: called when the stream ended, from another thread: the page was left, the tab
            closed, or the camera switched off.
        attempt: another number at each start. Load-bearing: a component that has just stopped
            believes half a second later once more that it stops; started anew by then, it opens two
            connections, and shows a picture after 17 to 60 seconds instead of one or two.
        wanted: whether the camera should run.
        ice_servers: STUN and TURN servers; none are needed on one machine.
    """
    key = f"camera-{attempt}"
    context = webrtc_streamer(
        key=key,
        mode=WebRtcMode.SENDRECV,
        desired_playing_state=wanted and _is_mounted(key),
        rtc_configuration={"iceServers": ice_servers},
        media_stream_constraints={
            "video": {
                "width": {"ideal": WIDTH_PX},
                "height": {"ideal": HEIGHT_PX},
                "frameRate": {"ideal": FPS},
                "facingMode": "user",
            },
            "audio": False,
        },
        queued_video_frames_callback=newest_only(see),
        on_video_ended=on_ended,
        async_processing=True,
        video_html_attrs={
            "autoPlay": True,
            "controls": False,
            "muted": True,
            "style": {"width": "100%", "borderRadius": "8px"},
        },
        translations=_WORDS,
        media_toggle_controls=False,
    )
    return bool(context.state.playing)


def _is_mounted(key: str) -> bool:
    """Whether the component has told its first state, as it does when the browser has drawn it.

    Load-bearing: asked to play sooner, it opens a connection for each rerun until its code is
    loaded, with the same effect.
    """
    return st.session_state.get(generate_frontend_component_key(key)) is not None


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
