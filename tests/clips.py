"""Small videos made by the tests themselves."""

from __future__ import annotations

import struct
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


def turn_header(clip: Path, matrix: tuple[int, int, int, int]) -> None:
    """Note in an MP4 file how players shall turn its picture: ISO 14496-12, track header box.

    Args:
        matrix: a, b, c, d; the picture's right is (a, b), its down is (c, d).
    """
    content = bytearray(clip.read_bytes())
    at = content.index(b"tkhd") + 44
    a, b, c, d = (part << 16 for part in matrix)
    struct.pack_into(">9i", content, at, a, b, 0, c, d, 0, 0, 0, 1 << 30)
    clip.write_bytes(content)


def write_face_video(path: Path, *, frames: int = 45) -> Path:
    """A synthetic face that sways and smiles, 30 frames a second."""
    turns = [2 * np.pi * number / frames for number in range(frames)]
    pictures = [draw_face(smile=float(np.sin(t)), shift_px=round(25 * np.sin(t))) for t in turns]
    return write_video(path, pictures, [round(number * 1000 / 30) for number in range(frames)])


def write_coded_video(
    path: Path,
    pictures: list[np.ndarray],
    *,
    codec: str = "libx264",
    pixels: str = "yuv420p",
    pixel_shape: Fraction | None = None,
    options: dict[str, str] | None = None,
) -> Path:
    """A video of 25 frames a second as any program may write it; the ending says the container.

    Args:
        pixels: FFmpeg's name of how a picture is kept.
        pixel_shape: how wide a pixel is shown, by its height; None says nothing.
        options: of the container.
    """
    high, wide = pictures[0].shape[:2]
    quiet = {"libx265": {"x265-params": "log-level=none"}, "libx264": {"crf": "12"}}
    with av.open(str(path), "w", options=options or {}) as container:
        stream = container.add_stream(codec, rate=25, options=quiet.get(codec, {}))
        stream.width, stream.height, stream.pix_fmt = wide, high, pixels
        if pixel_shape is not None:
            stream.codec_context.sample_aspect_ratio = pixel_shape
        for picture in pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return path
