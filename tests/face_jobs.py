"""The face extraction job, slow and with fake face models, for a worker process that is killed:
`python -m tests.face_jobs RUN_FOLDER`.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from core.datasets.face_extraction import job
from core.datasets.face_extraction.main_face import MainFace
from core.domain import Box, Face, Frame
from core.jobs import JobContext
from core.jobs.worker import command
from core.settings import Settings
from core.vision import from_video
from tests.fakes import FakeDetector, FakeLandmarker

JOBS = {"faces": "tests.face_jobs:run"}
OPENED = "opened.txt"
BOX = Box(220.0, 100.0, 420.0, 370.0)


def fake_main_face(_: Settings, *, size_px: int, every_s: float) -> MainFace:
    """Detects one face in the centre of every frame."""
    return MainFace(
        FakeDetector([BOX]), FakeLandmarker(in_cut_outs=True), size_px=size_px, every_s=every_s
    )


class SlowDetector(FakeDetector):
    """Slow, so that the process can be killed while it works."""

    def detect(self, frame: Frame) -> list[Face]:
        time.sleep(0.02)
        return super().detect(frame)


def run(plan: Mapping[str, Any], context: JobContext) -> dict[str, str]:
    """The real job; each video that is opened leaves a line in the run's folder."""

    def from_video_recorded(path: Path, *, every_s: float) -> Iterator[Frame]:
        with (context.folder / OPENED).open("a") as file:
            file.write(f"{path.name}\n")
        return from_video(path, every_s=every_s)

    def slow_main_face(_: Settings, *, size_px: int, every_s: float) -> MainFace:
        landmarker = FakeLandmarker(in_cut_outs=True)
        return MainFace(SlowDetector([BOX]), landmarker, size_px=size_px, every_s=every_s)

    job.from_video = from_video_recorded
    job.open_main_face = slow_main_face
    return job.run(plan, context)


if __name__ == "__main__":
    sys.exit(command(sys.argv[1:], JOBS))
