"""Checkpoint of a face extraction in the run's folder; a clip is complete or missing."""

from __future__ import annotations

import csv
import io
import json
import math
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, Self

from core.datasets.face_extraction.main_face import ExtractedFace
from core.datasets.face_extraction.sources import SourceClip
from core.datasets.readers.face_folder import NUMBER_COLUMNS
from core.domain import Frame
from core.domain.plain_values import from_plain, parse_json, to_plain
from core.storage.csv_injection import neutralise_formula
from core.storage.own_files import discard_ours

CHECKPOINT, RESULT = "checkpoint", "result"
"""Folders of a run: faces extracted so far, and the result that is about to be published."""
RAW_PIXELS, RAW_TABLE, CLIPS = "pixels.bin", "rows.csv", "clips.jsonl"


@dataclass(frozen=True)
class ClipRecord:
    """Result of one clip.

    Attributes:
        clip, subject: as in its source.
        frames: number of sampled frames.
        faces: number of extracted faces.
        rejected: reason -> frames without a usable face.
        problem: why the video could not be read, or not to its end; else empty.
    """

    clip: str
    subject: str
    frames: int
    faces: int
    rejected: Mapping[str, int]
    problem: str = ""


def unfinished_extractions(run_folder: Path) -> tuple[Path, ...]:
    """Folders of the faces that a run has extracted and not published."""
    folders = (run_folder / name for name in (CHECKPOINT, RESULT))
    return tuple(folder for folder in folders if folder.is_dir())


def discard_unfinished(run_folder: Path) -> None:
    """Delete the unpublished faces of a run; a resumed run starts from the first clip."""
    for folder in unfinished_extractions(run_folder):
        discard_ours(folder, within=run_folder)


class FaceFiles:
    """Appends faces, and ends each clip with a line that records the lengths of the files.

    When opened after a crash, everything after the last such line is truncated. Pixels and rows are
    synced before their line is written, so even a power failure loses one clip at most.

    Args:
        folder: created when missing; has no other writer.
        keeps_pictures: False leaves `pixels.bin` empty.
    Raises:
        OSError: a file cannot be written, also from `add` and `finish_clip`.
    """

    def __init__(self, folder: Path, *, keeps_pictures: bool) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._keeps_pictures = keeps_pictures
        lengths = (0, 0, 0)
        self.done: set[str] = set()
        self.faces = 0
        for record, ends in _finished_clips(folder):
            self.done.add(record.clip)
            self.faces += record.faces
            lengths = ends
        names = (RAW_PIXELS, RAW_TABLE, CLIPS)
        self._pixels, self._table, self._clips = (
            _truncated(folder / name, length) for name, length in zip(names, lengths, strict=True)
        )

    def add(self, clip: SourceClip, frame: Frame, face: ExtractedFace) -> None:
        """Append one face of the current clip."""
        if self._keeps_pictures:
            self._pixels.write(face.pixels.tobytes())
        self._table.write(_line(clip, frame, face))

    def finish_clip(self, record: ClipRecord) -> None:
        """Record the current clip as finished, durably."""
        for file in (self._pixels, self._table):
            sync(file)
        ends = [self._pixels.tell(), self._table.tell()]
        self._clips.write(json.dumps({**to_plain(record), "ends": ends}).encode() + b"\n")
        sync(self._clips)
        self.done.add(record.clip)
        self.faces += record.faces

    def close(self) -> None:
        """Idempotent."""
        for file in (self._pixels, self._table, self._clips):
            file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def clip_records(folder: Path) -> Iterator[ClipRecord]:
    """Every finished clip, in order."""
    for record, _ in _finished_clips(folder):
        yield record


def _finished_clips(folder: Path) -> Iterator[tuple[ClipRecord, tuple[int, int, int]]]:
    """Finished clips with the lengths of the three files after each, up to the first damage."""
    try:
        sizes = [(folder / name).stat().st_size for name in (RAW_PIXELS, RAW_TABLE)]
        lines = (folder / CLIPS).open("rb")
    except FileNotFoundError:
        return
    with lines:
        for line in lines:
            try:
                read = parse_json(line)
                pixels, table = (int(end) for end in read.pop("ends"))
                record = from_plain(ClipRecord, read)
            except (ValueError, KeyError, TypeError):
                return
            if not line.endswith(b"\n") or pixels > sizes[0] or table > sizes[1]:
                return
            yield record, (pixels, table, lines.tell())


def _truncated(path: Path, length: int) -> BinaryIO:
    with path.open("ab") as file:
        file.truncate(length)
    return path.open("ab")  # reopened: `tell` of the first handle is outdated


def sync(file: IO[bytes]) -> None:
    """Flush a file to disk."""
    file.flush()
    os.fsync(file.fileno())


def _line(clip: SourceClip, frame: Frame, face: ExtractedFace) -> bytes:
    """A row of faces.csv, in the order of its columns; cells without a value are empty."""
    measures = {
        "time_s": frame.time_s,
        "frame": frame.index,
        "confidence": face.confidence,
        "brightness": face.quality.brightness,
        "blur": face.quality.blur,
        **dict(zip(("yaw", "pitch", "roll"), face.pose.angles, strict=True)),
    }
    cells = [neutralise_formula(clip.id), neutralise_formula(clip.subject)]
    # The score is kept exactly; measures are rounded to six decimals.
    numbers = {"score": clip.score} | {name: round(one, 6) for name, one in measures.items()}
    cells += [_cell(numbers[name]) for name in NUMBER_COLUMNS]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue().encode()


def _cell(number: float) -> str:
    return "" if math.isnan(number) else str(number)
