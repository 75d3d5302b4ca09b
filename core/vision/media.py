"""Frames from files: one iterator for whatever holds pictures."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from math import floor, inf
from pathlib import Path

import av
import av.error
import cv2
import numpy as np

from core.domain import Frame, RgbPicture
from core.domain.counted import counted
from core.domain.errors import MediaError, PlanError
from core.storage.corrupt_data import may_be_decoded
from core.storage.heic import BRANDS as HEIC_BRANDS
from core.storage.heic import MOST_PIXELS, is_heic, read_heic
from core.vision.frame_times import USUAL_STEP_S, FrameTimes

VIDEO_ENDINGS = frozenset(
    {
        *(".mp4", ".m4v", ".mov", ".3gp", ".mkv", ".webm", ".ogv"),
        *(".avi", ".wmv", ".flv", ".mpg", ".mpeg", ".ts", ".mts", ".m2ts", ".mjpeg", ".gif"),
    }
)

_PATIENCE_S = 5e-4
_WIDEST_PIXEL = 4.0  # anamorphic lenses squeeze by 2 at most
_QUARTER_TURNS = {
    90: cv2.ROTATE_90_COUNTERCLOCKWISE,
    180: cv2.ROTATE_180,
    270: cv2.ROTATE_90_CLOCKWISE,
}


PICTURE_ENDINGS = frozenset(
    {
        *(".jpg", ".jpeg", ".jfif", ".png", ".webp", ".heic", ".heif", ".hif", ".avif"),
        *(".bmp", ".tif", ".tiff"),
    }
)

ProgressCallback = Callable[[float], None]
"""Hears which share of a file was read, in [0, 1]; may raise to stop."""


@dataclass(frozen=True)
class Part:
    """A part of a recording, in its own time.

    Attributes:
        from_s: where it begins, in seconds from the first frame.
        to_s: where it ends; what begins there belongs to it no more.
    """

    from_s: float = 0.0
    to_s: float = inf

    def __post_init__(self) -> None:
        if not (0 <= self.from_s < self.to_s):  # NaN fails too
            raise PlanError(
                f"A part from {self.from_s:g} s to {self.to_s:g} s makes no sense.",
                advice="Let it begin at 0 s or later, and end after it begins.",
            )


WHOLE = Part()


def from_video(
    path: Path, *, every_s: float = 0.0, part: Part = WHOLE, tell: ProgressCallback = lambda _: None
) -> Iterator[Frame]:
    """Frames of a video, upright and with square pixels; the first of the part is at 0.

    Args:
        every_s: gives the first frame in each interval of so many seconds (0 to 1 s, 1 to 2 s, …);
            0 gives all. Frames left out keep their index.
        part: what is read of it; frames keep their index in the whole.
        tell: hears how much of the part was read, with every frame, given or not.
    Raises:
        MediaError: no video in it, or it breaks off (the frames before were given).
    """
    if not path.is_file():
        raise MediaError(f"There is no file {path}.", advice="Check the path.")
    given = 0
    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise MediaError(f"{path.name} holds no video.", advice="Choose a video file.")
            if container.metadata.get("major_brand") in HEIC_BRANDS:
                raise MediaError(f"{path.name} is a picture.", advice="Choose a video file.")
            for frame in _sampled(_decoded(container, tell, part), every_s, part):
                given += 1
                yield frame
    except (av.error.FFmpegError, OSError) as error:
        what = f"breaks off after {counted(given, 'frame')}" if given else "is not a readable video"
        raise MediaError(
            f"{path.name} {what}: {error.strerror or error}.",
            advice="Play it in a video player; if that fails too, record or download it again.",
        ) from error
    if not given:
        raise _nothing_in(path, part)


def _nothing_in(path: Path, part: Part) -> MediaError:
    if part.from_s > 0:
        return MediaError(
            f"{path.name} ends before {part.from_s:g} s.", advice="Choose an earlier part."
        )
    return MediaError(f"{path.name} holds no frames.", advice="Record or download it again.")


def videos_in(folder: Path) -> Iterator[Path]:
    """Videos in this folder and those below, in order; links to folders are not followed.

    What systems leave behind is passed over: hidden files, `__MACOSX`.
    """
    for place, below, files in os.walk(folder):
        below[:] = sorted(name for name in below if not name.startswith((".", "__MACOSX")))
        for name in sorted(files):
            if not name.startswith(".") and Path(name).suffix.lower() in VIDEO_ENDINGS:
                yield Path(place, name)


def from_picture(path: Path) -> Frame:
    """A picture file as a frame at time 0.

    Raises:
        MediaError: it cannot be read.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise MediaError(
            f"{path.name} is not a readable picture: {error.strerror or error}.",
            advice="Check the path.",
        ) from error
    return picture_frame(content, path.name)


def picture_frame(content: bytes, name: str) -> Frame:
    """A picture file's content as a frame at time 0, upright.

    Args:
        name: of the file, for the message.
    Raises:
        MediaError: it cannot be read.
    """
    if is_heic(content):
        return Frame(read_heic(content, name), 0.0, 0)
    bgr = None
    if may_be_decoded(content, most_pixels=MOST_PIXELS):
        with suppress(cv2.error):  # empty, or beyond what OpenCV takes
            bgr = cv2.imdecode(np.frombuffer(content, dtype=np.uint8), cv2.IMREAD_COLOR)
    if bgr is None:
        raise MediaError(
            f"{name} is not a readable picture.", advice="Choose a JPEG, PNG or WebP file."
        )
    return Frame(np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), dtype=np.uint8), 0.0, 0)


def _decoded(
    container: av.container.InputContainer, tell: ProgressCallback, part: Part
) -> Iterator[tuple[float, av.VideoFrame, Fraction | None]]:
    """Every frame as it is stored, with its time and the shape of its pixels."""
    stream = container.streams.video[0]
    stream.thread_type = "AUTO"
    times = FrameTimes(float(1 / stream.average_rate) if stream.average_rate else USUAL_STEP_S)
    for packet in container.demux(stream):
        # Files without a length, and recordings one after the other, still have bytes.
        read = packet.pos / container.size if packet.pos and container.size else None
        for picture in packet.decode():
            time_s = times.next(picture.time)
            if part.to_s < inf:
                read = time_s / part.to_s
            if read is not None:
                tell(min(1.0, max(0.0, read)))
            yield time_s, picture, stream.sample_aspect_ratio


def _sampled(
    decoded: Iterator[tuple[float, av.VideoFrame, Fraction | None]], every_s: float, part: Part
) -> Iterator[Frame]:
    due_s = part.from_s
    for index, (time_s, picture, pixel_shape) in enumerate(decoded):
        if time_s >= part.to_s:
            return
        # Half a millisecond of patience: 0.1 s must not skip a frame at 0.0999.
        if time_s + _PATIENCE_S < due_s:
            continue
        if every_s > 0:
            intervals = floor((time_s - part.from_s + _PATIENCE_S) / every_s) + 1
            due_s = part.from_s + intervals * every_s
        rgb = _upright(_square_pixels(picture, pixel_shape), picture.rotation)
        yield Frame(rgb, max(0.0, time_s - part.from_s), index)


def _square_pixels(picture: av.VideoFrame, pixel_shape: Fraction | None) -> RgbPicture:
    """Some cameras store wide pictures in narrow frames, with a note of how wide a pixel is."""
    ratio = float(pixel_shape or 1.0)
    if not 1 / _WIDEST_PIXEL <= ratio <= _WIDEST_PIXEL:  # nobody films so: the note is damaged
        ratio = 1.0
    wide = max(1, round(picture.width * ratio))
    rgb = picture.to_ndarray(format="rgb24", width=wide, height=picture.height)
    return np.asarray(rgb, dtype=np.uint8)


def _upright(rgb: RgbPicture, rotation_deg: int) -> RgbPicture:
    """Phones store portrait videos lying down, with a note of how to turn them."""
    turn = _QUARTER_TURNS.get(rotation_deg % 360)
    if turn is None:
        return rgb
    return np.ascontiguousarray(cv2.rotate(rgb, turn), dtype=np.uint8)
