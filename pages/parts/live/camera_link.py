"""The server's side of the WebRTC connection; only this module imports streamlit_webrtc."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Thread
from typing import Any

from aiortc.exceptions import InternalError, InvalidStateError, OperationError
from streamlit_webrtc import WebRtcMode, WebRtcWorker
from streamlit_webrtc.config import compile_rtc_configuration
from streamlit_webrtc.webrtc import SignallingTimeoutError

_OFFER_TIMEOUT_S = 10.0  # gathering addresses may take five with unreachable servers

_SIGNALLING_ERRORS = (
    *(SignallingTimeoutError, ValueError),
    *(InternalError, InvalidStateError, OperationError),
)

OnFrames = Callable[[Sequence[Any]], Any]

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Offer:
    """A browser's offer of a connection.

    Attributes:
        name: unique.
        sdp: the browser's session description.
        comes_back: whether frames are sent back; otherwise the browser only sends.
    """

    name: str
    sdp: str
    comes_back: bool = True


@dataclass(frozen=True)
class StreamCallbacks:
    """Callbacks of a stream, called on other threads.

    Attributes:
        on_frames: all frames since the last call in, one frame to send back out.
        on_ended: the page was left, the tab closed, the camera switched off or unplugged.
    """

    on_frames: OnFrames
    on_ended: Callable[[], object]


class CameraLink:
    """Answers each offer of the browser once, however often it is repeated.

    A new offer means that the browser dropped the connection before: that is closed, and its end
    does not count as the end of the stream. Used by one tab's script thread only, except the
    callbacks.
    """

    def __init__(self) -> None:
        self.offer = ""
        self._sdp = ""
        self._worker: Any = None
        self._callbacks: StreamCallbacks | None = None

    def follow(self, callbacks: StreamCallbacks) -> None:
        """Set the callbacks from the next frame on: another session may have begun."""
        self._callbacks = callbacks

    def answer(self, offer: Offer, ice_servers: list[dict[str, Any]]) -> dict[str, str]:
        """The answer to an offer; with an empty `sdp` if none could be made.

        Args:
            offer: of the browser.
            ice_servers: STUN and TURN servers; none are needed on one machine.
        """
        if offer.name != self.offer:
            self.close()
            self.offer, self._sdp = offer.name, ""
            worker = self._open(offer, ice_servers)
            try:
                self._sdp = worker.process_offer(offer.sdp, "offer", timeout=_OFFER_TIMEOUT_S).sdp
            except _SIGNALLING_ERRORS as error:
                _log.warning("an offer of the camera could not be answered: %s", error)
            else:
                self._worker = worker
        return {"offer": offer.name, "sdp": self._sdp}

    def close(self) -> None:
        """Close the connection in the background; idempotent. It may take a second."""
        worker, self._worker, self.offer = self._worker, None, ""
        if worker is not None:
            Thread(target=worker.stop, name="camera-closing", daemon=True).start()

    def _open(self, offer: Offer, ice_servers: list[dict[str, Any]]) -> Any:
        async def on_frames(frames: Sequence[Any]) -> Any:
            callbacks = self._callbacks
            if callbacks is None or offer.name != self.offer:
                return [frames[-1]]
            return await callbacks.on_frames(frames)

        def on_ended() -> None:
            if self._callbacks is not None and offer.name == self.offer:
                self._callbacks.on_ended()

        unused = dict.fromkeys(_UNUSED)
        return WebRtcWorker(
            # As the browser has it: who gets nothing back only sends.
            mode=WebRtcMode.SENDRECV if offer.comes_back else WebRtcMode.SENDONLY,
            rtc_configuration=compile_rtc_configuration({"iceServers": ice_servers}),
            queued_video_frames_callback=on_frames,
            on_video_ended=on_ended,
            async_processing=True,
            video_receiver_size=1,
            audio_receiver_size=1,
            sendback_video=offer.comes_back,
            sendback_audio=False,
            **unused,
        )


_UNUSED = (
    *("source_video_track", "source_audio_track", "sink_video_track", "sink_audio_track"),
    *("player_factory", "in_recorder_factory", "out_recorder_factory"),
    *("video_frame_callback", "audio_frame_callback", "queued_audio_frames_callback"),
    *("on_audio_ended", "video_processor_factory", "audio_processor_factory"),
)
