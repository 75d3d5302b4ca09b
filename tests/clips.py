"""Small videos made by the tests themselves."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from tests.face_clip import draw_face

MILLISECOND = Fraction(1, 1000)


def write_video(path: Path, pictures: list[np.ndarray], times_ms: list[int]) -> Path:
    """An H.264 video whose frames have exactly these times."""
    high, wide = pictures[0].shape[:2]
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=30, options={"crf": "12", "bf": "0"})
        stream.width, stream.height, stream.pix_fmt = wide, high, "yuv420p"
        stream.codec_context.time_base = MILLISECOND
        for picture, time_ms in zip(pictures, times_ms, strict=True):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = time_ms, MILLISECOND
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def write_face_video(path: Path, *, frames: int = 45) -> Path:
    """A drawn face that sways and smiles, 30 frames a second."""
    turns = [2 * np.pi * number / frames for number in range(frames)]
    pictures = [draw_face(smile=float(np.sin(t)), shift_px=round(25 * np.sin(t))) for t in turns]
    return write_video(path, pictures, [round(number * 1000 / 30) for number in range(frames)])
