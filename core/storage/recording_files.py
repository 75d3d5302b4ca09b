"""Which files are recordings and pictures, and the part of one that is read. It reads none, so that
a command checks its plan without what decodes pictures.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from math import inf
from pathlib import Path

from core.domain.errors import PlanError

VIDEO_ENDINGS = frozenset(
    {
        *(".mp4", ".m4v", ".mov", ".3gp", ".mkv", ".webm", ".ogv"),
        *(".avi", ".wmv", ".flv", ".mpg", ".mpeg", ".ts", ".mts", ".m2ts", ".mjpeg", ".gif"),
    }
)

PICTURE_ENDINGS = frozenset(
    {
        *(".jpg", ".jpeg", ".jfif", ".png", ".webp", ".heic", ".heif", ".hif", ".avif"),
        *(".bmp", ".tif", ".tiff"),
    }
)


@dataclass(frozen=True)
class TimeRange:
    """A time range of a recording.

    Attributes:
        from_s: start, in seconds from the first frame.
        to_s: end, exclusive.
    """

    from_s: float = 0.0
    to_s: float = inf

    def __post_init__(self) -> None:
        if not (0 <= self.from_s < self.to_s):  # NaN fails too
            raise PlanError(
                f"A part from {self.from_s:g} s to {self.to_s:g} s makes no sense.",
                advice="Let it begin at 0 s or later, and end after it begins.",
            )


def videos_in(folder: Path) -> Iterator[Path]:
    """Videos in a folder and its subfolders, in order; links to folders are not followed.

    Hidden files and `__MACOSX` are skipped.
    """
    for folder_path, subfolders, files in os.walk(folder):
        subfolders[:] = sorted(
            name for name in subfolders if not name.startswith((".", "__MACOSX"))
        )
        for name in sorted(files):
            if not name.startswith(".") and Path(name).suffix.lower() in VIDEO_ENDINGS:
                yield Path(folder_path, name)
