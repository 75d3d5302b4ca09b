"""The server's end of the camera's connection; the only module that imports streamlit_webrtc."""

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

_ANSWERS_WITHIN_S = 10.0  # looking for addresses alone may take five with servers that are away

_REFUSALS = (
    *(SignallingTimeoutError, ValueError),
    *(InternalError, InvalidStateError, OperationError),
)

OnFrames = Callable[[Sequence[Any]], Any]

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Ends:
    """What happens with the pictures, and when no more come; both on other threads.

    Attributes:
        on_frames: all frames since the last call in, one frame to send back out.
        on_ended: the page was left, the tab closed, the camera switched off or unplugged.
    """

    on_frames: OnFrames
    on_ended: Callable[[], object]


class CameraLink:
    """Answers each offer of the browser once, however often it is told of it.

    A new offer means that the browser gave the connection before up: that is closed, and its end
    is not taken for the end of the stream. Used by one tab's script thread only, but for the ends.
    """

    def __init__(self) -> None:
        self.offer = ""
        self._sdp = ""
        self._worker: Any = None
        self._ends: Ends | None = None

    def follow(self, ends: Ends) -> None:
        """From the next frame on, pictures go here: another session may have begun."""
        self._ends = ends

    def answer(self, offer: str, sdp: str, ice_servers: list[dict[str, Any]]) -> dict[str, str]:
        """The answer to an offer; with an empty `sdp` if none could be made.

        Args:
            offer: its name, never used twice.
            sdp: as the browser made it.
            ice_servers: STUN and TURN servers; none are needed on one machine.
        """
        if offer != self.offer:
            self.close()
            self.offer, self._sdp = offer, ""
            worker = self._open(offer, ice_servers)
            try:
                self._sdp = worker.process_offer(sdp, "offer", timeout=_ANSWERS_WITHIN_S).sdp
            except _REFUSALS as error:
                _log.warning("an offer of the camera could not be answered: %s", error)
            else:
                self._worker = worker
        return {"offer": offer, "sdp": self._sdp}

    def close(self) -> None:
        """Let go of the connection; idempotent. It may take a second, which nobody waits for."""
        worker, self._worker, self.offer = self._worker, None, ""
        if worker is not None:
            Thread(target=worker.stop, name="camera-closing", daemon=True).start()

    def _open(self, offer: str, ice_servers: list[dict[str, Any]]) -> Any:
        async def on_frames(frames: Sequence[Any]) -> Any:
            ends = self._ends
            if ends is None or offer != self.offer:
                return [frames[-1]]
            return await ends.on_frames(frames)

        def on_ended() -> None:
            if self._ends is not None and offer == self.offer:
                self._ends.on_ended()

        nothing = dict.fromkeys(_UNUSED)
        return WebRtcWorker(
            mode=WebRtcMode.SENDRECV,
            rtc_configuration=compile_rtc_configuration({"iceServers": ice_servers}),
            queued_video_frames_callback=on_frames,
            on_video_ended=on_ended,
            async_processing=True,
            video_receiver_size=1,
            audio_receiver_size=1,
            sendback_video=True,
            sendback_audio=False,
            **nothing,
        )


_UNUSED = (
    *("source_video_track", "source_audio_track", "sink_video_track", "sink_audio_track"),
    *("player_factory", "in_recorder_factory", "out_recorder_factory"),
    *("video_frame_callback", "audio_frame_callback", "queued_audio_frames_callback"),
    *("on_audio_ended", "video_processor_factory", "audio_processor_factory"),
)
