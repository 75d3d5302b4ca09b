"""A camera that plays when it is told to."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from core.domain import RgbPicture
from core.live import Resolution
from pages.parts.live.camera import CameraReport, CameraRequest
from pages.parts.live.camera_permission import CameraPermission
from tests.fakes import ManualClock


class FakeCamera:
    """Stands for `pages.parts.live.camera.camera_stream`: while wanted, each look plays
    some seconds.

    Args:
        clock: moves on as the frames come.
        seconds: played in each run of the page; 0 for a camera that never starts.
    """

    def __init__(self, clock: ManualClock, *, seconds: float = 3.0, fps: int = 10) -> None:
        self.seconds = seconds
        self.fps = fps
        self.answer = CameraPermission.ALLOWED
        self.ended = False
        self.starts: list[str] = []
        self.resolutions: list[Resolution] = []
        self.gives_px = (1920, 1080)
        self.shown: list[RgbPicture] = []
        self.on_ended: Callable[[], object] = lambda: None
        self._clock = clock
        self._sent_s = 0.0

    @property
    def wanted(self) -> list[bool]:
        """At each look, whether the camera should run."""
        return [bool(start) for start in self.starts]

    def __call__(
        self,
        see: Callable[..., RgbPicture],
        on_ended: Callable[[], object],
        *,
        request: CameraRequest,
    ) -> CameraReport:
        self.on_ended = on_ended
        self.starts.append(request.start)
        self.resolutions.append(request.resolution)
        if not request.start:
            return CameraReport()
        if self.answer is not CameraPermission.ALLOWED or self.ended:
            return CameraReport(self.answer, ended=self.ended)
        frames = round(self.seconds * self.fps)
        for _ in range(frames):
            self.shown.append(see(np.full((240, 320, 3), 90, dtype=np.uint8), self._sent_s))
            self._sent_s += 1 / self.fps
            self._clock.advance(1 / self.fps)
        width_px = min(request.resolution.width_px, self.gives_px[0])
        height_px = min(request.resolution.height_px, self.gives_px[1])
        return CameraReport(self.answer, playing=frames > 0, width_px=width_px, height_px=height_px)
