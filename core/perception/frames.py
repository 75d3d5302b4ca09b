"""Frames from files: one iterator for whatever holds pictures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import av.error
import cv2
import numpy as np

from core.errors import MediaError
from core.vocabulary import Frame, RgbPicture

VIDEO_ENDINGS = frozenset(
    {
        *(".mp4", ".m4v", ".mov", ".3gp", ".mkv", ".webm", ".ogv"),
        *(".avi", ".wmv", ".flv", ".mpg", ".mpeg", ".ts", ".mjpeg"),
    }
)

_QUARTER_TURNS = {
    90: cv2.ROTATE_90_COUNTERCLOCKWISE,
    180: cv2.ROTATE_180,
    270: cv2.ROTATE_90_CLOCKWISE,
}


def from_video(path: Path, *, every_s: float = 0.0) -> Iterator[Frame]:
    """Frames of a video, upright, each with its own time; the first is at 0.

    Args:
        every_s: at least so many seconds between two frames given; 0 gives all. Frames left out
            keep their index.
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
            for frame in _with_times(container, every_s):
                given += 1
                yield frame
    except (av.error.FFmpegError, OSError) as error:
        what = f"breaks off after {given} frames" if given else "is not a readable video"
        raise MediaError(
            f"{path.name} {what}: {error.strerror or error}.",
            advice="Play it in a video player; if that fails too, record or download it again.",
        ) from error
    if not given:
        raise MediaError(f"{path.name} holds no frames.", advice="Record or download it again.")


def from_picture(path: Path) -> Frame:
    """A picture file as a frame at time 0.

    Raises:
        MediaError: it cannot be read.
    """
    try:
        bgr = cv2.imdecode(np.fromfile(path, dtype=np.uint8), cv2.IMREAD_COLOR)
    except (OSError, cv2.error):  # not there, or empty
        bgr = None
    if bgr is None:
        raise MediaError(
            f"{path.name} is not a readable picture.", advice="Choose a JPEG or PNG file."
        )
    return Frame(np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), dtype=np.uint8), 0.0, 0)


def _with_times(container: av.container.InputContainer, every_s: float) -> Iterator[Frame]:
    stream = container.streams.video[0]
    stream.thread_type = "AUTO"
    first_s: float | None = None
    last_s = -1.0
    due_s = 0.0
    for index, picture in enumerate(container.decode(stream)):
        seconds = picture.time if picture.time is not None else max(last_s, 0.0)
        first_s = seconds if first_s is None else first_s
        time_s = max(seconds - first_s, last_s, 0.0)  # a damaged file may jump back
        last_s = time_s
        # Half a millisecond of patience: 0.1 s must not skip a frame at 0.0999.
        if time_s + 5e-4 < due_s:
            continue
        due_s = time_s + every_s
        yield Frame(_upright(picture.to_ndarray(format="rgb24"), picture.rotation), time_s, index)


def _upright(rgb: RgbPicture, rotation_deg: int) -> RgbPicture:
    """Phones store portrait videos lying down, with a note of how to turn them."""
    turn = _QUARTER_TURNS.get(rotation_deg % 360)
    if turn is None:
        return rgb
    return np.ascontiguousarray(cv2.rotate(rgb, turn), dtype=np.uint8)
