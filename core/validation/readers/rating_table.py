"""A CSV file of clips with ratings: the columns file, person and one for each rating.

The file may have any encoding and separator that spreadsheets write, and more columns: those
without any number are left out. Several rows of one clip, as several raters give them, count as
their mean.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from core.datasets.readers import CsvRows
from core.domain.counted import counted
from core.domain.errors import UnreadableDataset
from core.domain.wording import shortened
from core.storage.corrupt_data import printable
from core.validation.rated_clip import RatedClip, RatedClips

FILE_NAMES = ("file", "path", "video", "clip", "file_name", "filename")
PERSON_NAMES = ("person", "subject", "participant", "user", "user_no", "subject_id")

_MISSING = {"", "na", "n/a", "nan", "none", "null", "-", "."}
_ROWS_AT_ONCE = 4096

_Row = tuple[int, list[str]]


def read_rating_table(path: Path) -> RatedClips:
    """Read such a file; paths in it are relative to its own folder.

    Raises:
        UnreadableDataset: a column is missing or a cell is no number; its row is named, counted as
            a spreadsheet does (the header is row 1).
    """
    title = printable(path.name)
    with path.open("rb") as file, CsvRows(file, title) as table:
        header = table.header
        rows = [row for chunk in table.chunks(_ROWS_AT_ONCE) for row in chunk]
    if not rows:
        raise UnreadableDataset(f"{title} has a header and no rows.", advice="Add the clips to it.")
    file_at, person_at = (_column(header, names, title) for names in (FILE_NAMES, PERSON_NAMES))
    ratings, notes = _ratings(header, rows, {file_at, person_at}, title)
    clips = _clips(path, rows, (file_at, person_at), ratings)
    if len(rows) > len(clips):
        several = f"{counted(len(rows), 'row')} of {counted(len(clips), 'clip')}"
        notes = (*notes, f"{several}: ratings of one clip count as their mean.")
    return RatedClips(title, clips, notes)


def _column(header: Sequence[str], names: Sequence[str], title: str) -> int:
    lowered = [name.lower() for name in header]
    for name in names:
        if lowered.count(name) > 1:
            raise UnreadableDataset(
                f"{title} has {lowered.count(name)} columns called {name}.",
                advice="Rename all but one of them.",
            )
        if name in lowered:
            return lowered.index(name)
    has = ", ".join(printable(name[:30]) for name in header[:8])
    raise UnreadableDataset(
        f"{title} has no column {names[0]}; it has {has}.",
        advice="Its first row names the columns: file, person, and one for each rating.",
    )


def _ratings(
    header: Sequence[str], rows: Sequence[_Row], taken: set[int], title: str
) -> tuple[dict[str, list[float]], tuple[str, ...]]:
    """Name of each rating -> its value in each row, NaN where missing; and what was left out."""
    found: dict[str, list[float]] = {}
    notes = []
    for at, name in enumerate(header):
        if at in taken or not name:
            continue
        shown = printable(shortened(name, longest=60))
        if name in found:
            raise UnreadableDataset(
                f"{title} has two columns called {shown}.", advice="Rename one of them."
            )
        cells = [(number, cells[at] if at < len(cells) else "") for number, cells in rows]
        values = [_number(cell) for _, cell in cells]
        if all(value is None or math.isnan(value) for value in values):
            notes.append(f"Column {shown} holds no numbers and is left out.")
            continue
        for (number, cell), value in zip(cells, values, strict=True):
            if value is None:
                raise UnreadableDataset(
                    f"{title}, row {number:,}: {printable(cell.strip()[:40])} is no number for "
                    f"{shown}.",
                    advice="Write a number, or leave the cell empty.",
                )
        found[name] = [math.nan if value is None else value for value in values]
    if not found:
        raise UnreadableDataset(
            " ".join([f"{title} has no ratings.", *notes]),
            advice="Add a column of numbers for each rating.",
        )
    return found, tuple(notes)


def _number(cell: str) -> float | None:
    """The number of a cell, also with a decimal comma; NaN where it is missing, None for text."""
    text = cell.strip()
    if text.lower() in _MISSING:
        return math.nan
    try:
        value = float(text.replace(",", ".") if text.count(",") == 1 else text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _clips(
    table: Path, rows: Sequence[_Row], at: tuple[int, int], ratings: dict[str, list[float]]
) -> tuple[RatedClip, ...]:
    """One clip for each file, with the mean of each rating over its rows."""
    people: dict[str, str] = {}
    of_file: dict[str, list[int]] = {}
    for index, (number, cells) in enumerate(rows):
        name, person = (cells[one].strip() if one < len(cells) else "" for one in at)
        if not name or not person:
            missing = "person" if name else "file"
            raise UnreadableDataset(
                f"{printable(table.name)}, row {number:,} names no {missing}.",
                advice="Fill the cell, or delete the row.",
            )
        if people.setdefault(name, person) != person:
            raise UnreadableDataset(
                f"{printable(table.name)}, row {number:,}: {printable(shortened(name))} shows "
                "another person than in an earlier row.",
                advice="A clip shows one person; write the same one in all of its rows.",
            )
        of_file.setdefault(name, []).append(index)
    return tuple(
        RatedClip(name, table.parent / name, people[name], _means(ratings, indices))
        for name, indices in of_file.items()
    )


def _means(ratings: dict[str, list[float]], indices: Sequence[int]) -> dict[str, float]:
    means = {}
    for name, values in ratings.items():
        known = [values[index] for index in indices if not math.isnan(values[index])]
        if known:
            means[name] = math.fsum(known) / len(known)
    return means
