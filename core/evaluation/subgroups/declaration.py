"""Groups that a person declares for pictures: by a table of their own, or by the pictures' folders.

Membership comes from the declaration alone: groups of people are never inferred from pictures.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

import numpy as np
from numpy.typing import NDArray

from core.domain.counted import counted
from core.domain.errors import UnreadableDataset

PICTURE_COLUMNS = ("picture", "name", "file", "file_name", "filename", "image", "path")
SUBJECT_COLUMNS = ("subject", "person", "participant", "user", "user_no")
MOST_GROUPS = 30  # more are numbers or names rather than groups
MOST_BYTES = 50_000_000

_MAX_LETTERS = 60  # of a group's name on screen


@dataclass(frozen=True, eq=False)
class DeclaredGroups:
    """Which group each picture belongs to.

    Attributes:
        title: of the grouping: the column's name, or the folder level.
        of: str, shape `(n,)`: group of each picture; empty where it has none.
        notes: sentences about the declaration.
    """

    title: str
    of: NDArray[np.str_]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class GroupTable:
    """A table of groups.

    Attributes:
        key: the column that identifies the picture or person of a row.
        by_subject: whether it identifies persons.
        columns: the other ones: each declares groups.
        rows: key -> value of each column.
    """

    key: str
    by_subject: bool
    columns: tuple[str, ...]
    rows: Mapping[str, tuple[str, ...]]


def read_group_table(content: bytes) -> GroupTable:
    """Read a CSV file with one row a picture or person.

    Raises:
        UnreadableDataset: it is not such a table.
    """
    if len(content) > MOST_BYTES:
        raise _refused(f"The table has {len(content):,} bytes.", f"{MOST_BYTES:,} are the most.")
    try:
        text = content.decode("utf-8-sig")
        delimiter = (
            ";" if text.split("\n", 1)[0].count(";") > text.split("\n", 1)[0].count(",") else ","
        )
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except (UnicodeDecodeError, csv.Error) as error:
        raise _refused(f"The table cannot be read: {error}.", "Save it as CSV, UTF-8.") from error
    lines = [
        [cell.strip() for cell in line] for line in lines if any(cell.strip() for cell in line)
    ]
    if len(lines) < 2:
        raise _refused("The table has no rows.", "Write one row for each picture or person.")
    header, key = lines[0], _key_of(lines[0])
    columns = tuple(name for name in header if name and name != key)
    return GroupTable(key, key.lower() in SUBJECT_COLUMNS, columns, _rows(lines, key))


def declared(
    table: GroupTable, column: str, names: Sequence[str], subjects: Sequence[str]
) -> DeclaredGroups:
    """The group of each picture by a column of the table.

    Rows are matched by the picture's full name, or by its file name where that is unique.

    Args:
        column: of the table.
        names: of the pictures.
        subjects: person on each picture; empty where unknown.
    Raises:
        UnreadableDataset: there is no such column, no row matches a picture, or there are more
            groups than can be compared.
    """
    if column not in table.columns:
        raise _refused(
            f"The table has no column {column[:40]!r}.", f"It has: {', '.join(table.columns)}."
        )
    at = table.columns.index(column)
    keys = list(subjects) if table.by_subject else _keys_of(names, table.rows)
    groups = [table.rows[key][at][:_MAX_LETTERS] if key in table.rows else "" for key in keys]
    if not any(key in table.rows for key in keys):
        raise _nobody_known(table, names, subjects)
    found = np.array(groups, dtype=np.str_)
    _expect_few(found, column)
    return DeclaredGroups(column, found, _notes(table, keys, found))


def by_folder(names: Sequence[str], level: int) -> DeclaredGroups:
    """Groups by a folder of the pictures' names.

    Args:
        names: such as `site-a/happy/0001.png`.
        level: 1 is the outermost folder.
    Raises:
        UnreadableDataset: no name has that many folders, or there are too many different ones.
    """
    folders = [PurePosixPath(name).parts[:-1] for name in names]
    found = np.array(
        [one[level - 1][:_MAX_LETTERS] if len(one) >= level else "" for one in folders],
        dtype=np.str_,
    )
    if not found.any():
        raise _refused(
            f"No picture lies {level} folders deep.", "Choose another level, or give a table."
        )
    _expect_few(found, f"folder {level}")
    missing = int((found == "").sum())
    notes = (
        (f"{counted(missing, 'picture lies', 'pictures lie')} less deep and are in no group.",)
        if missing
        else ()
    )
    return DeclaredGroups(f"Folder {level}", found, notes)


def folder_levels(names: Sequence[str]) -> int:
    """Depth of the deepest folder in the pictures' names; 0 without folders."""
    return max((len(PurePosixPath(name).parts) - 1 for name in names), default=0)


def _key_of(header: Sequence[str]) -> str:
    repeated = [name for name, count in Counter(header).items() if name and count > 1]
    if repeated:
        raise _refused(f"Two columns are called {repeated[0]!r}.", "Give each a name of its own.")
    for known in (PICTURE_COLUMNS, SUBJECT_COLUMNS):
        for name in header:
            if name.lower() in known:
                if len([one for one in header if one]) < 2:
                    raise _refused(
                        f"The table has only the column {name}.", "Add a column with the groups."
                    )
                return name
    raise _refused(
        f"The table has the columns {', '.join(header)[:120]}; none says what a row is about.",
        f"Call one 'picture' ({', '.join(PICTURE_COLUMNS)}) or 'subject' "
        f"({', '.join(SUBJECT_COLUMNS)}).",
    )


def _rows(lines: Sequence[Sequence[str]], key: str) -> dict[str, tuple[str, ...]]:
    header = lines[0]
    at = header.index(key)
    others = [column for column, name in enumerate(header) if name and column != at]
    rows: dict[str, tuple[str, ...]] = {}
    for number, line in enumerate(lines[1:], start=2):
        if len(line) < len(header):
            raise _refused(
                f"Row {number} has {len(line)} cells, the header {len(header)}.",
                "Check the commas of that row.",
            )
        values = tuple(line[column] for column in others)
        if rows.setdefault(line[at], values) != values:
            raise _refused(
                f"{line[at][:60]!r} stands in two groups (row {number}).",
                "Keep one row for each picture or person.",
            )
    return rows


def _keys_of(names: Sequence[str], rows: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Key of each picture in the table."""
    last = [PurePosixPath(name).name for name in names]
    times = Counter(last)
    return [
        short if name not in rows and times[short] == 1 else name
        for name, short in zip(names, last, strict=True)
    ]


def _notes(table: GroupTable, keys: Sequence[str], found: NDArray[np.str_]) -> tuple[str, ...]:
    missing, unknown = int((found == "").sum()), len(set(table.rows) - set(keys))
    notes = []
    if missing:
        notes.append(
            f"{counted(missing, 'picture is', 'pictures are')} in no group of the table and are "
            "left out."
        )
    if unknown:
        what = "people" if table.by_subject else "pictures"
        notes.append(
            f"{counted(unknown, 'row is', 'rows are')} about {what} that were not evaluated here."
        )
    return tuple(notes)


def _nobody_known(
    table: GroupTable, names: Sequence[str], subjects: Sequence[str]
) -> UnreadableDataset:
    if table.by_subject and not any(subjects):
        return _refused(
            "Nobody knows who is on these pictures, so a table of people says nothing about them.",
            "Give a table of pictures.",
        )
    here = next(iter(subjects if table.by_subject else names), "")
    there = next(iter(table.rows))
    return _refused(
        f"No row of the table is about an evaluated picture: it has {there[:60]!r}, the pictures "
        f"are named like {str(here)[:60]!r}.",
        f"Write the names as they are here into the column {table.key}.",
    )


def _expect_few(found: NDArray[np.str_], title: str) -> None:
    count = len(np.unique(found[found != ""]))
    if count > MOST_GROUPS:
        raise _refused(
            f"{title} names {counted(count, 'group')}; {MOST_GROUPS} are the most that can be "
            "compared.",
            "Put numbers into ranges, and join small groups.",
        )


def _refused(message: str, advice: str) -> UnreadableDataset:
    return UnreadableDataset(message, advice=advice)
