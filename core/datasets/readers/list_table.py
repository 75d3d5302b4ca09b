"""Lists of pictures: a name and a label per line, optionally a box, a split and a person."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import islice
from pathlib import PurePosixPath

from core.datasets.readers.archive import Tree
from core.datasets.readers.boxes import box_columns
from core.datasets.readers.csv_pixels import USUAL_NAMES, ColumnNames
from core.datasets.readers.csv_rows import LONGEST_CELL, encoding_of, separator_of
from core.datasets.readers.picture_folder import ending_of, picture_names
from core.datasets.readers.split_names import is_split_word, split_name
from core.domain.errors import UnclearColumns, UnreadableDataset
from core.storage.corrupt_data import DAMAGED_BYTES, printable

LIST_ENDINGS = frozenset({".csv", ".tsv", ".txt", ".lst", ".list", ".label"})
LARGEST_LIST = 256 << 20  # bytes: three million rows
_HEAD_BYTES = 1 << 20
_MOST_DIGITS = 6  # of the number of a column
_SAMPLED_ROWS = 200  # rows from which the column of pictures is inferred
_MOST_LISTS = 30
_MOST_SHOWN = 3  # rows shown to a person who chooses columns
_MIN_HIT_RATE = 0.5  # share of the sampled rows that have to name an existing picture
_ALIGNED = re.compile(r"_(aligned|face|crop)$")
_NOT_WORD = re.compile(r"[\W_]+")
_DAMAGE: tuple[type[Exception], ...] = (csv.Error, *DAMAGED_BYTES)


@dataclass(frozen=True)
class ListTable:
    """A list file and the meaning of its columns.

    Attributes:
        name: of the file in its tree.
        columns: their names; "1", "2", ... where the file names none.
        rows: their cells.
        at: "picture", "label", "split", "subject" -> index of the column.
        box_at: indices of the one or four columns of a box; empty without.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    at: Mapping[str, int]
    box_at: tuple[int, ...]

    def cell(self, row: Sequence[str], what: str) -> str:
        """A cell's text; empty where there is no such column."""
        index = self.at.get(what, -1)
        return row[index] if 0 <= index < len(row) else ""

    @property
    def split(self) -> str:
        """The split in the file's name, such as `train_list.txt`; empty if none."""
        words = _NOT_WORD.split(PurePosixPath(self.name).stem)
        return next((split_name(word) for word in words if is_split_word(word)), "")

    @property
    def note(self) -> str:
        """A sentence about the columns that were read."""
        parts = [f"{what} from {self.columns[index]!r}" for what, index in self.at.items()]
        if self.box_at:
            parts.append(f"box from {', '.join(repr(self.columns[at]) for at in self.box_at)}")
        return f"Read from the list {printable(self.name)}: {', '.join(parts)}."


class PictureIndex:
    """Finds a picture by its path, its name or its name without extension.

    Args:
        names: of all pictures.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self._found: dict[str, str] = {}
        for name in names:
            path = PurePosixPath(name)
            for key in (path.name, path.stem, _ALIGNED.sub("", path.stem)):
                # Two pictures with one name: only a path identifies them.
                self._found[key] = "" if self._found.get(key, name) != name else name
        self._found |= {name: name for name in names}

    def __call__(self, written: str) -> str:
        """The picture's name in its tree; empty where there is none, or more than one."""
        path = PurePosixPath(written.strip().replace("\\", "/"))
        tails = ["/".join(path.parts[at:]) for at in range(len(path.parts))]
        stem = path.stem if ending_of(path.name) else path.name
        keys = (*tails, _ALIGNED.sub("", stem))
        return next((found for key in keys if (found := self._found.get(key, ""))), "")


def find_lists(tree: Tree, columns: ColumnNames) -> tuple[ListTable, ...]:
    """Every list of a tree that names its pictures.

    Args:
        columns: which to read, where they have unusual names; numbers count from 1.
    Raises:
        UnclearColumns: the column of the labels cannot be determined.
    """
    index = PictureIndex(picture_names(tree))
    found = []
    for name in _list_names(tree):
        rows = _rows(tree, name)
        if not rows:
            _expect_not_a_list(tree, name, index)
        at = _picture_column(rows, index, columns.picture)
        if at is not None:
            found.append(_table(name, rows, at, index, columns))
    return tuple(found)


def _expect_not_a_list(tree: Tree, name: str, index: PictureIndex) -> None:
    """Refuse a file that begins as a list but is not text to its end."""
    head = _rows(tree, name, _SAMPLED_ROWS)
    if _picture_column(head, index, "") is not None:
        raise UnreadableDataset(
            f"The list {printable(name)} is not valid UTF-8 text.",
            advice="Open it in an editor or a spreadsheet and save it as UTF-8.",
        )


def has_list(tree: Tree) -> bool:
    """Whether some file lists the tree's pictures."""
    index = PictureIndex(picture_names(tree))
    heads = (_rows(tree, name, _SAMPLED_ROWS) for name in _list_names(tree))
    return any(_picture_column(rows, index, "") is not None for rows in heads)


def _list_names(tree: Tree) -> list[str]:
    """Files that may be lists, outermost first: some datasets have a text file per picture."""
    found = [name for name in tree.names if ending_of(name) in LIST_ENDINGS]
    return sorted(found, key=lambda name: (name.count("/"), name))[:_MOST_LISTS]


def _rows(tree: Tree, name: str, most: int | None = None) -> list[tuple[str, ...]]:
    """Non-empty rows; none where the file is not text."""
    csv.field_size_limit(LONGEST_CELL)
    try:
        with tree.open(name) as file:
            content = io.BytesIO(file.read(LARGEST_LIST if most is None else _HEAD_BYTES))
        # A head may end within a character.
        errors = "strict" if most is None else "ignore"
        encoding = encoding_of(content)
        text = io.TextIOWrapper(content, encoding=encoding, errors=errors, newline="")
        return list(islice(_cells(text), most))
    except _DAMAGE:
        return []


def _cells(text: io.TextIOWrapper) -> Iterator[tuple[str, ...]]:
    first = next((line for line in text if line.strip()), "")
    separator = separator_of(first)
    if separator in first:
        lines = csv.reader((line for part in ([first], text) for line in part), delimiter=separator)
        rows: Iterator[Sequence[str]] = iter(lines)
    else:
        rows = (line.split() for part in ([first], text) for line in part)
    for cells in rows:
        if any(cell.strip() for cell in cells):
            yield tuple(cell.strip() for cell in cells)


def _picture_column(
    rows: Sequence[tuple[str, ...]], index: PictureIndex, column: str
) -> int | None:
    sampled = rows[:_SAMPLED_ROWS]
    if len(sampled) < 2 or len(sampled[0]) < 2:
        return None
    if column:
        return _column_index(sampled[0], column)
    hits = [
        sum(bool(index(row[at])) for row in sampled if at < len(row))
        for at in range(len(sampled[0]))
    ]
    best = max(range(len(hits)), key=hits.__getitem__)
    return best if hits[best] >= max(1, _MIN_HIT_RATE * (len(sampled) - 1)) else None


def _table(
    name: str, rows: list[tuple[str, ...]], picture: int, index: PictureIndex, columns: ColumnNames
) -> ListTable:
    has_header = not index(rows[0][picture])
    count = len(rows[0])
    header = rows[0] if has_header else tuple(str(number) for number in range(1, count + 1))
    body = rows[1:] if has_header else rows
    index_of = {"picture": picture} | _usual_columns(header, columns, name, body)
    box_at = _box_columns(header, columns, name, body)
    if "label" not in index_of:
        others = [index for index in range(count) if index not in {*index_of.values(), *box_at}]
        if len(others) != 1:
            raise _unclear(name, header, body)
        index_of["label"] = others[0]
    return ListTable(name, header, tuple(body), index_of, box_at)


def _usual_columns(
    header: tuple[str, ...], columns: ColumnNames, name: str, rows: Sequence[tuple[str, ...]]
) -> dict[str, int]:
    lowered = [one.lower() for one in header]
    found: dict[str, int] = {}
    for field in fields(columns):
        what, chosen = field.name, getattr(columns, field.name)
        if what not in USUAL_NAMES or what == "pixels":
            continue
        index = _column_index(header, chosen) if chosen else None
        if chosen and index is None:
            raise _unclear(name, header, rows, missing=chosen)
        usual = (lowered.index(one) for one in USUAL_NAMES[what] if one in lowered)
        index = next(usual, None) if index is None else index
        if index is not None:
            found[what] = index
    return found


def _box_columns(
    header: tuple[str, ...], columns: ColumnNames, name: str, rows: Sequence[tuple[str, ...]]
) -> tuple[int, ...]:
    if not columns.box:
        return box_columns(header)
    indices = [_column_index(header, one) for one in columns.box.split(",")]
    found = tuple(index for index in indices if index is not None)
    if len(found) != len(indices) or len(found) not in {1, 4}:
        raise _unclear(name, header, rows, missing=columns.box)
    return found


def _column_index(header: Sequence[str], column: str) -> int | None:
    """The index of a column given by its name, or by its number from 1."""
    column = column.strip().lower()
    lowered = [one.lower() for one in header]
    if column in lowered:
        return lowered.index(column)
    plain = column.isascii() and column.isdigit() and len(column) <= _MOST_DIGITS
    number = int(column) if plain else 0
    return number - 1 if 1 <= number <= len(header) else None


def _unclear(
    name: str, header: Sequence[str], rows: Sequence[tuple[str, ...]], *, missing: str = ""
) -> UnclearColumns:
    listed = ", ".join(printable(one[:30]) for one in header[:12])
    example = " · ".join(printable(one[:30]) for one in rows[0][:12]) if rows else ""
    what = f"has no column {missing!r}" if missing else "does not say which column holds the labels"
    return UnclearColumns(
        f"The list {printable(name)} {what}; it has {listed}, such as {example}.",
        advice="Choose the column: on the page Explore data, or by --label-column (python -m "
        "core datasets add); columns without names are called by their number.",
        columns=tuple(header),
        rows=tuple(rows[:_MOST_SHOWN]),
    )
