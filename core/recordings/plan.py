"""The plan of an analysis of recordings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import inf
from pathlib import Path
from typing import Any, Self

from core.domain.counted import counted
from core.domain.errors import PlanError
from core.domain.wording import shortened
from core.jobs import Plan
from core.measures import MAX_GAP_S
from core.settings import expand_home
from core.storage.recording_files import PICTURE_ENDINGS, TimeRange, videos_in

KIND = "analyse"
"""Kind of the run, for `core.jobs.worker`."""


@dataclass(frozen=True)
class RecordingPlan(Plan):
    """Recordings and pictures, a model, and the sampling interval.

    Attributes:
        paths: videos, pictures, and folders of videos, subfolders included.
        model: a saved model's name; empty takes the best one.
        every_s: seconds between analysed frames; 0 analyses every frame.
        title: of the sessions; empty takes the files' names.
        from_s, to_s: time range of each video in seconds; 0 as its end reads all.
        consent_at: when the consent of everyone shown was confirmed, ISO 8601; empty for a command.
        is_upload: whether the files were uploaded for this run: then each is deleted when it was
            read.
    """

    refusal = "This is not a plan for a recording"

    paths: tuple[str, ...]
    model: str = ""
    every_s: float = 0.0
    title: str = ""
    from_s: float = 0.0
    to_s: float = 0.0
    consent_at: str = ""
    is_upload: bool = False

    def __post_init__(self) -> None:
        if not self.paths:
            raise PlanError("No recording was chosen.", advice="Choose a file, or give a path.")
        if not 0 <= self.every_s <= MAX_GAP_S:
            raise PlanError(
                f"A sampling interval of {self.every_s} s is not possible: a sample covers "
                f"{MAX_GAP_S:g} s at most, and between samples faces would lose their numbers.",
                advice=f"Choose a number from 0 (every frame) to {MAX_GAP_S:g}.",
            )
        _ = self.time_range, self.agreed_at

    @property
    def time_range(self) -> TimeRange:
        """The time range of each video.

        Raises:
            PlanError: it ends before it starts.
        """
        return TimeRange(self.from_s, inf if self.to_s == 0 else self.to_s)

    @property
    def agreed_at(self) -> datetime | None:
        """`consent_at` as a time, aware.

        Raises:
            PlanError: it is not a time with a time zone.
        """
        if not self.consent_at:
            return None
        try:
            when = datetime.fromisoformat(self.consent_at)
        except ValueError:
            when = None
        if when is None or when.utcoffset() is None:
            raise PlanError(
                f"{self.consent_at[:40]!r} is not a time with a time zone.",
                advice="Give the time of consent as 2026-11-21T12:00:00+00:00.",
            )
        return when

    def files(self) -> tuple[Path, ...]:
        """The files to read, in order, each once.

        Raises:
            PlanError: a path does not exist, or a folder holds no video.
        """
        found: dict[Path, None] = {}
        for path in map(Path, self.paths):
            found |= dict.fromkeys(_files_at(path))
        return tuple(found)

    @classmethod
    def from_json(cls, read: Mapping[str, Any]) -> Self:
        """The inverse of `to_json`; plans of earlier versions name one `path`.

        Raises:
            PlanError: an unknown entry or a value that makes no sense.
        """
        values = dict(read)
        if "path" in values:
            values["paths"] = (values.pop("path"),)
        return super().from_json(values)


def typed_paths(text: str) -> tuple[str, ...]:
    """Paths typed by a person, one per line."""
    lines = (line.strip() for line in text.split("\n"))
    return tuple(expand_home(line) for line in lines if line)


def is_picture(path: Path) -> bool:
    """Whether a file is a picture, by its suffix."""
    return path.suffix.lower() in PICTURE_ENDINGS


def expect_no_pictures(names: Sequence[str]) -> None:
    """Check that uploads to be analysed in a run are videos: uploaded pictures are only shown.

    Raises:
        PlanError: a picture is among them, which would be lost when the run starts.
    """
    pictures = [name for name in names if is_picture(Path(name))]
    if pictures:
        raise PlanError(
            f"{counted(len(pictures), 'picture is', 'pictures are')} among the videos: "
            f"{shortened(', '.join(pictures))}.",
            advice="Uploaded pictures are shown on this page, without a session. Remove them from "
            "the list to start the videos, and analyse them before or after.",
        )


def _files_at(path: Path) -> list[Path]:
    name = shortened(str(path))
    try:
        if path.is_dir():
            return _videos_of(path)
        is_file = path.is_file()
    except OSError as error:  # such as a folder on the way that may not be read
        raise PlanError(
            f"{name} cannot be read: {error.strerror or error}.",
            advice="Check the path, and whether this program may read it.",
        ) from error
    if not is_file:
        raise PlanError(f"There is no file {name}.", advice="Check the path.")
    return [path]


def _videos_of(folder: Path) -> list[Path]:
    found = list(videos_in(folder))
    if not found:
        raise PlanError(
            f"{shortened(str(folder))} holds no videos that can be read.",
            advice="Choose another folder, or give pictures one by one.",
        )
    return found
