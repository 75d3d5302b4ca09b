"""RecruitView: interview answers on video, each with a score for facial expression.

A folder with `metadata.jsonl` (one record a line; 2,011 when complete) and `videos/vid_NNNN.mp4`.
Licence: CC BY-NC 4.0, so non-commercial use only.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from core.domain.counted import counted
from core.domain.errors import UnknownDataset, UnreadableDataset

METADATA_FILE = "metadata.jsonl"
PUBLISHED_RECORDS = 2011
LICENCE = "CC BY-NC 4.0: non-commercial use only, with credit to RecruitView's authors."
SCORE_FIELD, PERSON_FIELD = "facial_expression", "user_no"
MOST_NAMED = 5

_LONGEST_ROW = 1 << 20  # bytes; a record with its transcript has some thousand
_GET_AGAIN = "Download metadata.jsonl again, or fix that row."


@dataclass(frozen=True)
class Clip:
    """One answer of one person.

    Attributes:
        id: unique in the file.
        path: of the video; whether it is there was not looked at.
        subject: who speaks (`user_no`).
        score: `facial_expression`: standardised, about -3 to 3; higher shows more.
        duration: the published word for the length, such as "short"; empty where none is given.
        question: what was asked; empty where none is given.
        transcript: what was said; empty where none is given.
    """

    id: str
    path: Path
    subject: str
    score: float
    duration: str = ""
    question: str = ""
    transcript: str = ""


@dataclass(frozen=True)
class Survey:
    """What a folder holds, every row looked at.

    Attributes:
        clips: records in the file.
        people: different persons among them.
        missing: records whose video is not there.
        missing_named: the first of their ids, `MOST_NAMED` at most.
    """

    clips: int
    people: int
    missing: int
    missing_named: tuple[str, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """What somebody who is about to use it should know."""
        said = f"{self.clips:,} records of {counted(self.people, 'person', 'people')}"
        if self.clips != PUBLISHED_RECORDS:
            said += f"; the published file has {PUBLISHED_RECORDS:,}"
        if not self.missing:
            return (f"{said}.",)
        named = ", ".join(self.missing_named)
        more = f" and {rest:,} more" if (rest := self.missing - len(self.missing_named)) else ""
        return (f"{said}.", f"Missing videos: {named}{more}.")


def survey(folder: Path) -> Survey:
    """Read every record once and look whether its video is there.

    Raises:
        UnknownDataset: there is no metadata.jsonl.
        UnreadableDataset: a row is damaged, there are no rows, or no video at all is there.
    """
    clips, missing = 0, 0
    people: set[str] = set()
    named: list[str] = []
    for clip in read_clips(folder):
        clips += 1
        people.add(clip.subject)
        if not _is_there(clip.path):
            missing += 1
            named += [clip.id] if len(named) < MOST_NAMED else []
    if clips == 0:
        raise UnreadableDataset(f"{METADATA_FILE} holds no records.", advice="Download it again.")
    if missing == clips:
        raise UnreadableDataset(
            f"None of the {counted(clips, 'video')} is there (looked for {', '.join(named)}).",
            advice=f"Put the folder videos/ beside {METADATA_FILE}.",
        )
    return Survey(clips, len(people), missing, tuple(named))


def read_clips(folder: Path) -> Iterator[Clip]:
    """Records in the order of the file, one at a time; only ids and file names are remembered.

    Raises:
        UnknownDataset: there is no metadata.jsonl.
        UnreadableDataset: a row is damaged; its number is named, counted from 1.
    """
    seen: dict[str, int] = {}
    for row, text in _rows(folder):
        clip = _clip(folder, _record(text, row), row)
        for value, field in ((f"id {clip.id}", "id"), (f"video {clip.path}", "file_name")):
            earlier = seen.setdefault(value, row)
            if earlier != row:
                # Two records of one video would put one face on both sides of a split.
                raise _damage(row, f"has the same {field} as row {earlier}")
        yield clip


def _is_there(video: Path) -> bool:
    try:
        return video.is_file()
    except OSError:  # a name that no disk can hold
        return False


def _rows(folder: Path) -> Iterator[tuple[int, str]]:
    path = folder / METADATA_FILE
    if not path.is_file():
        raise UnknownDataset(
            f"{folder} holds no {METADATA_FILE}.",
            advice=f"Choose RecruitView's folder: {METADATA_FILE} with videos/ beside it.",
        )
    row = 0
    with path.open("rb") as file:
        while line := file.readline(_LONGEST_ROW):
            row += 1
            if len(line) == _LONGEST_ROW and not line.endswith(b"\n"):
                raise _damage(row, f"is longer than {_LONGEST_ROW:,} bytes")
            try:
                text = line.decode("utf-8-sig" if row == 1 else "utf-8").strip()
            except UnicodeDecodeError as error:
                raise _damage(row, "is not UTF-8 text") from error
            if text:
                yield row, text


def _record(text: str, row: int) -> Mapping[str, Any]:
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _damage(row, "is not JSON; it may be cut short") from error
    if not isinstance(record, dict):
        raise _damage(row, "is no JSON object")
    return record


def _clip(folder: Path, record: Mapping[str, Any], row: int) -> Clip:
    return Clip(
        id=_text(record, "id", row, required=True),
        path=folder / _inside(_text(record, "file_name", row, required=True), row),
        subject=_text(record, PERSON_FIELD, row, required=True),
        score=_score(record, row),
        duration=_text(record, "duration", row),
        question=_text(record, "question", row),
        transcript=_text(record, "transcript", row),
    )


def _text(record: Mapping[str, Any], field: str, row: int, *, required: bool = False) -> str:
    found = record.get(field)
    if found is None and not required:
        return ""
    if isinstance(found, int) and not isinstance(found, bool):
        found = str(found)  # numbers of people come as text; tools that rewrite JSON change that
    if not isinstance(found, str) or (required and not found.strip()):
        raise _damage(row, f"has no usable {field}")
    if required and not found.isprintable():  # also half characters, which no file can hold
        raise _damage(row, f"has unprintable characters in {field}")
    return found.strip() if required else found


def _score(record: Mapping[str, Any], row: int) -> float:
    found = record.get(SCORE_FIELD)
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise _damage(row, f"has no number for {SCORE_FIELD}")
    try:
        score = float(found)
    except OverflowError:
        score = math.inf
    if not math.isfinite(score):
        raise _damage(row, f"has the {SCORE_FIELD} {score}, which is no finite number")
    return score


def _inside(name: str, row: int) -> str:
    """The name, if it stays inside the folder.

    Judged by its text alone: download caches link each video to a place elsewhere on this machine,
    and those links are ours, while the text is somebody else's.
    """
    parts = PurePosixPath(name).parts
    if "\\" in name or name.startswith("/") or ".." in parts or PureWindowsPath(name).drive:
        raise _damage(row, f"names a file outside the folder: {name[:80]!r}")
    return name


def _damage(row: int, what: str) -> UnreadableDataset:
    return UnreadableDataset(f"{METADATA_FILE}, row {row:,}, {what}.", advice=_GET_AGAIN)
