"""The first frames of a file, from which its rotation is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from core.domain import Frame
from core.domain.errors import MediaError
from core.recordings.plan import is_picture
from core.vision import (
    INSPECT_EVERY_S,
    INSPECTED_S,
    TimeRange,
    from_picture,
    from_video,
)

_WHOLE = TimeRange()


def first_frames(file: Path, time_range: TimeRange = _WHOLE) -> Iterator[Frame]:
    """Some frames of the first seconds; an error ends them, as it is raised when the file is read.

    Args:
        file: a video or a picture.
        time_range: the part of a video that is read.
    """
    if is_picture(file):
        yield from_picture(file)
        return
    start = TimeRange(time_range.from_s, min(time_range.to_s, time_range.from_s + INSPECTED_S))
    with suppress(MediaError):
        yield from from_video(file, every_s=INSPECT_EVERY_S, time_range=start)
