"""Where clips come from: RecruitView, a folder of videos, or one video."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.datasets.face_extraction.recruitview import (
    LICENCE,
    METADATA_FILE,
    check_metadata,
    read_clips,
)
from core.domain.errors import DatasetError, UnreadableDataset
from core.vision import VIDEO_ENDINGS, videos_in

_OWN_VIDEOS = (
    "Faces of the people in your own videos: personal data. Use them only for what those people "
    "agreed to, and do not pass them on."
)


@dataclass(frozen=True)
class SourceClip:
    """One video of a source.

    Attributes:
        id: unique in its source: RecruitView's id, or the file's path in the folder.
        path: of the video.
        subject: ID of the person shown; empty where unknown.
        score: of the whole clip; NaN where it has none.
    """

    id: str
    path: Path
    subject: str = ""
    score: float = math.nan


@dataclass(frozen=True)
class VideoSource:
    """A source of videos, counted before the first one is opened.

    Attributes:
        kind: "recruitview" or "videos".
        path: of the folder or the video.
        counts: number of clips, and of people where they are known.
        sentences: notes for the user.
        licence: terms of use of the faces.
    """

    kind: str
    path: Path
    counts: dict[str, int]
    sentences: tuple[str, ...]
    licence: str

    def clips(self) -> Iterator[SourceClip]:
        """Every clip, in the same order each time."""
        if self.kind == "recruitview":
            for clip in read_clips(self.path):
                yield SourceClip(clip.id, clip.path, clip.subject, clip.score)
        elif self.path.is_file():
            yield SourceClip(_printable(self.path.name), self.path)
        else:
            for path in videos_in(self.path):
                yield SourceClip(_printable(path.relative_to(self.path).as_posix()), path)


def open_source(path: Path) -> VideoSource:
    """Detect the kind of source and count its clips.

    Raises:
        UnreadableDataset: RecruitView's records are damaged, or a folder holds no videos.
    """
    if _holds_metadata(path):
        found = check_metadata(path)
        counts = {"clips": found.clips, "people": found.people}
        return VideoSource("recruitview", path, counts, found.sentences, LICENCE)
    clips = 1 if path.is_file() else sum(1 for _ in videos_in(path))
    if clips == 0:
        raise UnreadableDataset(
            f"{path} holds no videos.",
            advice=f"Choose a folder with videos ({', '.join(sorted(VIDEO_ENDINGS))}).",
        )
    return VideoSource("videos", path, {"clips": clips}, (), _OWN_VIDEOS)


def is_recruitview(path: Path) -> bool:
    """Whether a path is RecruitView's folder, its videos/, or one of its videos."""
    if _holds_metadata(path):
        return True
    return any(_has_recruitview_records(folder) for folder in list(path.absolute().parents)[:2])


def _holds_metadata(path: Path) -> bool:
    return (path / METADATA_FILE).is_file()


def _has_recruitview_records(folder: Path) -> bool:
    # Other datasets also have a metadata.jsonl.
    try:
        return next(read_clips(folder), None) is not None
    except (DatasetError, OSError):
        return False


def _printable(name: str) -> str:
    """A file name as one printable line; names may hold line breaks or invalid Unicode."""
    text = os.fsencode(name).decode("utf-8", errors="backslashreplace")
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
