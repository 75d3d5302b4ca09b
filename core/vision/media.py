"""Reads frames from video and picture files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from fractions import Fraction
from math import floor, inf
from pathlib import Path

import av
import av.error
import cv2
import numpy as np

from core.domain import Frame, RgbPicture
from core.domain.counted import counted
from core.domain.errors import MediaError
from core.storage.corrupt_data import may_be_decoded
from core.storage.heic import BRANDS as HEIC_BRANDS
from core.storage.heic import MOST_PIXELS, is_heic, read_heic
from core.storage.recording_files import TimeRange
from core.vision.frame_times import DEFAULT_STEP_S, FrameTimes

_TIME_TOLERANCE_S = 5e-4
_MAX_PIXEL_RATIO = 4.0  # anamorphic lenses have 2 at most
_ROTATIONS = {
    90: cv2.ROTATE_90_COUNTERCLOCKWISE,
    180: cv2.ROTATE_180,
    270: cv2.ROTATE_90_CLOCKWISE,
}

ProgressCallback = Callable[[float], None]
"""Called with the fraction of a file that was read, in [0, 1]; may raise to stop."""


WHOLE_RECORDING = TimeRange()


def from_video(
    path: Path,
    *,
    every_s: float = 0.0,
    time_range: TimeRange = WHOLE_RECORDING,
    on_progress: ProgressCallback = lambda _: None,
) -> Iterator[Frame]:
    """Frames of a video, upright and with square pixels; the first of the time range is at 0.

    Args:
        every_s: sampling interval: the first frame of each (0 to 1 s, 1 to 2 s, …) is returned; 0
            returns all. Indices count all frames.
        time_range: part of the video to read; indices count from the first frame of the video.
        on_progress: called with every frame, returned or not.
    Raises:
        MediaError: no video in it, or it breaks off (the frames before were returned).
    """
    if not path.is_file():
        raise MediaError(f"There is no file {path}.", advice="Check the path.")
    count = 0
    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise MediaError(f"{path.name} holds no video.", advice="Choose a video file.")
            if container.metadata.get("major_brand") in HEIC_BRANDS:
                raise MediaError(f"{path.name} is a picture.", advice="Choose a video file.")
            for frame in _sampled(
                _decoded(container, on_progress, time_range), every_s, time_range
            ):
                count += 1
                yield frame
    except (av.error.FFmpegError, OSError) as error:
        what = f"breaks off after {counted(count, 'frame')}" if count else "is not a readable video"
        raise MediaError(
            f"{path.name} {what}: {error.strerror or error}.",
            advice="Play it in a video player; if that fails too, record or download it again.",
        ) from error
    if not count:
        raise _no_frames(path, time_range)


def _no_frames(path: Path, time_range: TimeRange) -> MediaError:
    if time_range.from_s > 0:
        return MediaError(
            f"{path.name} ends before {time_range.from_s:g} s.", advice="Choose an earlier part."
        )
    return MediaError(f"{path.name} holds no frames.", advice="Record or download it again.")


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
    container: av.container.InputContainer, on_progress: ProgressCallback, time_range: TimeRange
) -> Iterator[tuple[float, av.VideoFrame, Fraction | None]]:
    """Every frame as stored, with its time and pixel aspect ratio."""
    stream = container.streams.video[0]
    stream.thread_type = "AUTO"
    times = FrameTimes(float(1 / stream.average_rate) if stream.average_rate else DEFAULT_STEP_S)
    for packet in container.demux(stream):
        # By bytes: the duration may be missing or wrong.
        fraction = packet.pos / container.size if packet.pos and container.size else None
        for picture in packet.decode():
            time_s = times.next(picture.time)
            if time_range.to_s < inf:
                fraction = time_s / time_range.to_s
            if fraction is not None:
                on_progress(min(1.0, max(0.0, fraction)))
            yield time_s, picture, stream.sample_aspect_ratio


def _sampled(
    decoded: Iterator[tuple[float, av.VideoFrame, Fraction | None]],
    every_s: float,
    time_range: TimeRange,
) -> Iterator[Frame]:
    due_s = time_range.from_s
    for index, (time_s, picture, pixel_shape) in enumerate(decoded):
        if time_s >= time_range.to_s:
            return
        # With tolerance: an interval of 0.1 s must not skip a frame at 0.0999.
        if time_s + _TIME_TOLERANCE_S < due_s:
            continue
        if every_s > 0:
            intervals = floor((time_s - time_range.from_s + _TIME_TOLERANCE_S) / every_s) + 1
            due_s = time_range.from_s + intervals * every_s
        rgb = _upright(_square_pixels(picture, pixel_shape), picture.rotation)
        yield Frame(rgb, max(0.0, time_s - time_range.from_s), index)


def _square_pixels(picture: av.VideoFrame, pixel_shape: Fraction | None) -> RgbPicture:
    """Apply the pixel aspect ratio, as some cameras store wide pictures in narrow frames."""
    ratio = float(pixel_shape or 1.0)
    if not 1 / _MAX_PIXEL_RATIO <= ratio <= _MAX_PIXEL_RATIO:  # the metadata is damaged
        ratio = 1.0
    wide = max(1, round(picture.width * ratio))
    rgb = picture.to_ndarray(format="rgb24", width=wide, height=picture.height)
    return np.asarray(rgb, dtype=np.uint8)


def _upright(rgb: RgbPicture, rotation_deg: int) -> RgbPicture:
    """Apply the rotation in the metadata, as phones store portrait videos rotated."""
    rotation = _ROTATIONS.get(rotation_deg % 360)
    if rotation is None:
        return rgb
    return np.ascontiguousarray(cv2.rotate(rgb, rotation), dtype=np.uint8)
