"""Learners of `bench_class_cameras`: senders of five small pictures a second, in one process.

They are WebRTC peers of aiortc, no browsers: a dozen of those would take the cores of the server.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from fractions import Fraction
from typing import Any
from urllib.request import Request, urlopen

import av
import cv2
import numpy as np
from aiortc import RTCPeerConnection, RTCSessionDescription, VideoStreamTrack

from tests.conftest import SHARED_MEDIA
from tests.face_clip import draw_face
from tests.numbered_clip import stamp

FPS, PICTURE_PX, CLOCK_RATE = 5, (320, 240), 90_000
_EVERY = 6  # of a clip with 30 a second


def faces() -> list[np.ndarray]:
    """Pictures of a face, luma `(480, 640)` uint8."""
    clip = SHARED_MEDIA / "fakecam_expressive_640x480.mjpeg"
    if not clip.exists():
        return [cv2.cvtColor(draw_face(smile=at / 10), cv2.COLOR_RGB2GRAY) for at in range(10)]
    with av.open(str(clip), format="mjpeg") as source:
        pictures = [one.to_ndarray(format="gray") for one in source.decode(video=0)]
    return pictures[::_EVERY]


class Camera(VideoStreamTrack):
    """A camera whose pictures carry their numbers.

    Args:
        pictures: shown in turn.
        first_s: monotonic time of the first; number n is captured n / `FPS` later.
        offset: of this camera, in pictures.
    """

    def __init__(self, pictures: list[np.ndarray], first_s: float, offset: int) -> None:
        super().__init__()
        self._pictures = pictures
        self._first_s = first_s
        self._offset = offset
        self._number = 0
        self.captured_s: list[float] = []

    async def recv(self) -> av.VideoFrame:
        """The next picture, when its time has come."""
        number, self._number = self._number, self._number + 1
        await asyncio.sleep(max(0.0, self._first_s + number / FPS - time.monotonic()))
        self.captured_s.append(time.monotonic())
        luma = self._pictures[(number + self._offset) % len(self._pictures)].copy()
        stamp(luma, number)
        small = cv2.resize(luma, PICTURE_PX, interpolation=cv2.INTER_AREA)
        frame = av.VideoFrame.from_ndarray(cv2.cvtColor(small, cv2.COLOR_GRAY2RGB), format="rgb24")
        frame.pts, frame.time_base = number * CLOCK_RATE // FPS, Fraction(1, CLOCK_RATE)
        return frame


async def send_all(port: int, learners: int, first_s: float, seconds: float) -> list[list[float]]:
    """Send from so many cameras; returns when each captured each of its pictures, monotonic.

    Args:
        first_s: monotonic time of the first picture; the cameras are spread over a fifth of a
            second.
        seconds: how long.
    """
    pictures = faces()
    cameras = [
        Camera(pictures, first_s + at / learners / FPS, offset=7 * at) for at in range(learners)
    ]
    peers = [await _connect(port, at, camera) for at, camera in enumerate(cameras)]
    await asyncio.sleep(max(0.0, first_s + seconds - time.monotonic()))
    for peer in peers:
        await peer.close()
    return [camera.captured_s for camera in cameras]


async def _connect(port: int, number: int, camera: Camera) -> RTCPeerConnection:
    peer = RTCPeerConnection()
    peer.addTransceiver(camera, direction="sendonly")
    await peer.setLocalDescription(await peer.createOffer())
    said = json.dumps({"number": number, "sdp": peer.localDescription.sdp}).encode()
    answer = await asyncio.to_thread(_ask, port, said)
    await peer.setRemoteDescription(RTCSessionDescription(answer["sdp"], "answer"))
    return peer


def _ask(port: int, said: bytes) -> dict[str, Any]:
    with urlopen(Request(f"http://127.0.0.1:{port}/offer", data=said), timeout=30) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def main() -> None:
    """Read what to do from the input, as JSON; print when pictures were captured."""
    captured = asyncio.run(send_all(**json.loads(sys.stdin.readline())))
    print(json.dumps(captured), flush=True)
    os._exit(0)  # threads of encoders may wait for ever


if __name__ == "__main__":
    main()
