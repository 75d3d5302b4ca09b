"""UBFC-Phys: people at rest, speaking and calculating, with the anxiety that they reported.

Meziati Sabour et al. 2021, doi:10.1109/TAFFC.2021.3056960. A folder for each person, named s1 to
s56 (some copies have them in Data, or each twice: s1/s1), with the videos (AVI) vid_s1_T1 (rest),
vid_s1_T2 (speech) and vid_s1_T3 (arithmetic), and the table (CSV) selfReportedAnx_s1: three rows
(cognitive anxiety, somatic anxiety, self-confidence) of two numbers, before and after the whole
experience. The meaning of these rows and columns is as users of the dataset describe it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import isfinite
from pathlib import Path

from core.domain.wording import listed
from core.validation.rated_clip import RatedClip, RatedClips

REST, SPEECH, ARITHMETIC = "T1", "T2", "T3"
TASK = "task (0 rest, 1 speech or arithmetic)"
"""What was asked of the person in this clip; no judgement of anybody."""

REPORTED = tuple(
    f"{name}, after minus before"
    for name in ("cognitive anxiety", "somatic anxiety", "self-confidence")
)
"""Ratings that people reported of themselves, one for the whole experience."""

_PERSON = re.compile(r"s\d+", re.IGNORECASE)
_MOST_NAMED = 5


def is_ubfc_phys(folder: Path) -> bool:
    """Whether a folder holds such folders with videos."""
    return any(_videos(person) for person in _people(folder))


def read_ubfc_phys(folder: Path) -> RatedClips:
    """All videos: with what was asked, and the change of reported anxiety where it can be read."""
    clips = list[RatedClip]()
    unreported = list[str]()
    for person in _people(folder):
        name = person.name.lower()
        reported = _reported(person / f"selfReportedAnx_{name}.csv")
        if not reported:
            unreported.append(name)
        for task, video in _videos(person).items():
            is_rest = task == REST
            ratings = {TASK: 0.0} if is_rest else {TASK: 1.0, **reported}
            clips.append(RatedClip(video.name, video, name, ratings, is_rest))
    notes = [_unreported(unreported)] if unreported else []
    return RatedClips("UBFC-Phys", tuple(clips), tuple(notes))


def _unreported(names: list[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    named = listed(names[:_MOST_NAMED]) if not more else ", ".join(names[:_MOST_NAMED])
    return (
        f"The reported anxiety of {named}{more} is left out: there is no selfReportedAnx file "
        "with three rows of two numbers."
    )


def _people(folder: Path) -> list[Path]:
    data = folder / "Data" if (folder / "Data").is_dir() else folder
    found = [one for one in data.iterdir() if one.is_dir() and _PERSON.fullmatch(one.name)]
    nested = [one / one.name if (one / one.name).is_dir() else one for one in found]
    return sorted(nested, key=lambda one: int(one.name[1:]))


def _videos(person: Path) -> dict[str, Path]:
    """Task -> its video, for those that exist."""
    named = {
        task: person / f"vid_{person.name.lower()}_{task}.avi"
        for task in (REST, SPEECH, ARITHMETIC)
    }
    return {task: video for task, video in named.items() if video.is_file()}


def _reported(file: Path) -> Mapping[str, float]:
    """The changes; none where the file is missing or of another form."""
    try:
        lines = file.read_text(encoding="utf-8-sig").split("\n")
        rows = [
            [float(cell) for cell in re.split(r"[,;\s]+", line.strip())]
            for line in lines
            if line.strip()
        ]
    except (OSError, ValueError):  # UnicodeDecodeError is one
        return {}
    if [len(row) for row in rows] != [2, 2, 2] or not all(
        isfinite(one) for row in rows for one in row
    ):
        return {}
    return {name: after - before for name, (before, after) in zip(REPORTED, rows, strict=True)}
