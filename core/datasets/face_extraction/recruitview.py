"""RecruitView: interview answers on video, each with a score for facial expression.

A folder with `metadata.jsonl` (one record a line; 2,011 when complete) and `videos/vid_NNNN.mp4`.
Licence: CC BY-NC 4.0, so non-commercial use only.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from core.domain.counted import counted
from core.domain.errors import UnknownDataset, UnreadableDataset
from core.domain.plain_values import parse_json

METADATA_FILE = "metadata.jsonl"
PUBLISHED_RECORDS = 2011
LICENCE = "CC BY-NC 4.0: non-commercial use only, with credit to RecruitView's authors."
SCORE_FIELD, PERSON_FIELD = "facial_expression", "user_no"
RATING_FIELDS = (
    *(SCORE_FIELD, "overall_performance", "interview_score", "answer_score", "speaking_skills"),
    *("confidence_score", "openness", "conscientiousness", "extraversion", "agreeableness"),
    *("neuroticism", "overall_personality"),
)
"""The ratings of an answer by people who watched it."""

MOST_NAMED = 5

_LARGEST = 1e300  # whole numbers in JSON may be larger than any float
_LONGEST_ROW = 1 << 20  # bytes; a record with its transcript has some thousand
_DOWNLOAD_AGAIN = "Download metadata.jsonl again, or fix that row."


@dataclass(frozen=True)
class Clip:
    """One answer of one person.

    Attributes:
        id: unique in the file.
        path: of the video, which may be missing.
        subject: ID of the speaker (`user_no`).
        score: `facial_expression`: standardised, about -3 to 3; higher is more expressive.
        ratings: those of `RATING_FIELDS` that are finite numbers, by name; `score` among them.
        duration: published category of the length, such as "short"; may be empty.
        question: of the interview; may be empty.
        transcript: of the answer; may be empty.
    """

    id: str
    path: Path
    subject: str
    score: float
    ratings: Mapping[str, float]
    duration: str = ""
    question: str = ""
    transcript: str = ""


@dataclass(frozen=True)
class MetadataSummary:
    """Counts of the records in metadata.jsonl.

    Attributes:
        clips: records in the file.
        people: distinct people among them.
        missing: records whose video is missing.
        missing_named: the first of their ids, `MOST_NAMED` at most.
    """

    clips: int
    people: int
    missing: int
    missing_named: tuple[str, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """Sentences for the user."""
        summary = f"{self.clips:,} records of {counted(self.people, 'person', 'people')}"
        if self.clips != PUBLISHED_RECORDS:
            summary += f"; the published file has {PUBLISHED_RECORDS:,}"
        if not self.missing:
            return (f"{summary}.",)
        missing_ids = ", ".join(self.missing_named)
        more = f" and {rest:,} more" if (rest := self.missing - len(self.missing_named)) else ""
        return (f"{summary}.", f"Missing videos: {missing_ids}{more}.")


def check_metadata(folder: Path) -> MetadataSummary:
    """Read every record and check that its video exists.

    Raises:
        UnknownDataset: there is no metadata.jsonl.
        UnreadableDataset: a row is damaged, there are no rows, or all videos are missing.
    """
    clips, missing = 0, 0
    people: set[str] = set()
    missing_ids: list[str] = []
    for clip in read_clips(folder):
        clips += 1
        people.add(clip.subject)
        if not _exists(clip.path):
            missing += 1
            missing_ids += [clip.id] if len(missing_ids) < MOST_NAMED else []
    if clips == 0:
        raise UnreadableDataset(f"{METADATA_FILE} holds no records.", advice="Download it again.")
    if missing == clips:
        raise UnreadableDataset(
            f"None of the {counted(clips, 'video')} exists (missing: {', '.join(missing_ids)}).",
            advice=f"Put the folder videos/ beside {METADATA_FILE}.",
        )
    return MetadataSummary(clips, len(people), missing, tuple(missing_ids))


def read_clips(folder: Path) -> Iterator[Clip]:
    """The records in the order of the file, read one at a time.

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
                # Two records of one video could put one face into two splits.
                raise _damage(row, f"has the same {field} as row {earlier}")
        yield clip


def _exists(video: Path) -> bool:
    try:
        return video.is_file()
    except OSError:  # a name that the file system refuses
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
        record = parse_json(text)
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
        ratings=_ratings(record),
        duration=_text(record, "duration", row),
        question=_text(record, "question", row),
        transcript=_text(record, "transcript", row),
    )


def _text(record: Mapping[str, Any], field: str, row: int, *, required: bool = False) -> str:
    found = record.get(field)
    if found is None and not required:
        return ""
    if isinstance(found, int) and not isinstance(found, bool):
        found = str(found)  # person numbers are text, but tools that rewrite JSON may convert them
    if not isinstance(found, str) or (required and not found.strip()):
        raise _damage(row, f"has no usable {field}")
    if required and not found.isprintable():  # includes lone surrogates
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


def _ratings(record: Mapping[str, Any]) -> dict[str, float]:
    found = {name: record.get(name) for name in RATING_FIELDS}
    return {
        name: float(value)
        for name, value in found.items()
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _LARGEST
    }


def _inside(name: str, row: int) -> str:
    """The name, if it stays inside the folder.

    Only the text is checked, not links: download caches store videos as links to another folder of
    this machine.
    """
    parts = PurePosixPath(name).parts
    if "\\" in name or name.startswith("/") or ".." in parts or PureWindowsPath(name).drive:
        raise _damage(row, f"names a file outside the folder: {name[:80]!r}")
    return name


def _damage(row: int, what: str) -> UnreadableDataset:
    return UnreadableDataset(f"{METADATA_FILE}, row {row:,}, {what}.", advice=_DOWNLOAD_AGAIN)
