"""Rows of a real clip, as a recording of it stores them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from core.domain import FER7, Frame, Timeline
from core.recordings import moments_of
from core.vision import ConfirmationBuffer, build_analyser, from_video
from tests.fakes import FakeRecognizer

WHOLE = (slice(None), slice(None))


def rows_of_clip(
    assets_dir: Path,
    clip: Path,
    *,
    every_s: float,
    part: tuple[slice, slice] = WHOLE,
    times: int = 1,
) -> Timeline:
    """The rows of a clip, seen so often; perhaps of a part of its picture, or played more than
    once.
    """
    analyser = build_analyser(
        assets_dir / "face_landmarker.task", assets_dir / "centerface.onnx", FakeRecognizer()
    )
    seen = list(from_video(clip, every_s=every_s)) * times
    frames = (
        Frame(np.ascontiguousarray(one.rgb[part]), number * every_s, number)
        for number, one in enumerate(seen)
    )
    confirmed = ConfirmationBuffer()
    found = [one for moment in moments_of(analyser, frames) for one in confirmed.add(moment)]
    analyser.close()
    return Timeline.from_frames(FER7, [*found, *confirmed.flush()])
