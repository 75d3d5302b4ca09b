"""Lists of pictures beside them: a name and a label a line, perhaps a box, a split, a person."""

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
from core.datasets.readers.csv_pixels import USUAL_NAMES, Columns
from core.datasets.readers.csv_rows import LONGEST_CELL, encoding_of, separator_of
from core.datasets.readers.picture_folder import ending_of, picture_names
from core.datasets.readers.split_names import is_split_word, split_name
from core.domain.errors import UnclearColumns, UnreadableDataset
from core.storage.corrupt_data import DAMAGED_BYTES, printable

LIST_ENDINGS = frozenset({".csv", ".tsv", ".txt", ".lst", ".list", ".label"})
LARGEST_LIST = 256 << 20  # bytes: three million rows
_HEAD_BYTES = 1 << 20
_MOST_DIGITS = 6  # of the number of a column
_LOOKED_AT = 200  # rows that tell which column names pictures
_MOST_LISTS = 30
_MOST_SHOWN = 3  # rows, to whom has to choose
_MOSTLY = 0.5  # share of the rows looked at that have to name a picture which is there
_ALIGNED = re.compile(r"_(aligned|face|crop)$")
_BETWEEN = re.compile(r"[\W_]+")
_DAMAGE: tuple[type[Exception], ...] = (csv.Error, *DAMAGED_BYTES)


@dataclass(frozen=True)
class ListTable:
    """A list file, and which of its columns hold what.

    Attributes:
        name: of the file in its tree.
        columns: their names; "1", "2", ... where the file names none.
        rows: their cells.
        at: "picture", "label", "split", "subject" -> place of the column.
        box_at: places of the one or four columns of a box; empty without.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    at: Mapping[str, int]
    box_at: tuple[int, ...]

    def cell(self, row: Sequence[str], what: str) -> str:
        """A cell's text; empty where there is no such column."""
        place = self.at.get(what, -1)
        return row[place] if 0 <= place < len(row) else ""

    @property
    def split(self) -> str:
        """That the file's name tells, such as `train_list.txt`; empty if none."""
        words = _BETWEEN.split(PurePosixPath(self.name).stem)
        return next((split_name(word) for word in words if is_split_word(word)), "")

    @property
    def note(self) -> str:
        """What was read from where."""
        told = [f"{what} from {self.columns[place]!r}" for what, place in self.at.items()]
        if self.box_at:
            told.append(f"box from {', '.join(repr(self.columns[at]) for at in self.box_at)}")
        return f"Read from the list {printable(self.name)}: {', '.join(told)}."


class PictureIndex:
    """Finds the picture that a list means: by its path, its name or its name without ending.

    Args:
        names: of all pictures.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self._found: dict[str, str] = {}
        for name in names:
            path = PurePosixPath(name)
            for key in (path.name, path.stem, _ALIGNED.sub("", path.stem)):
                # Two pictures of one name: only a path tells them apart.
                self._found[key] = "" if self._found.get(key, name) != name else name
        self._found |= {name: name for name in names}

    def __call__(self, written: str) -> str:
        """The picture's name in its tree; empty where there is none, or more than one."""
        path = PurePosixPath(written.strip().replace("\\", "/"))
        tails = ["/".join(path.parts[at:]) for at in range(len(path.parts))]
        stem = path.stem if ending_of(path.name) else path.name
        keys = (*tails, _ALIGNED.sub("", stem))
        return next((found for key in keys if (found := self._found.get(key, ""))), "")


def find_lists(tree: Tree, columns: Columns) -> tuple[ListTable, ...]:
    """Every list of a tree that names its pictures.

    Args:
        columns: which to read, where they have unusual names; numbers count from 1.
    Raises:
        UnclearColumns: nobody can tell which column holds the labels.
    """
    index = PictureIndex(picture_names(tree))
    found = []
    for name in _list_names(tree):
        rows = _rows(tree, name)
        if not rows:
            _expect_no_list(tree, name, index)
        at = _picture_column(rows, index, columns.picture)
        if at is not None:
            found.append(_table(name, rows, at, index, columns))
    return tuple(found)


def _expect_no_list(tree: Tree, name: str, index: PictureIndex) -> None:
    """What is no text to its end may still begin as a list: then it is said."""
    head = _rows(tree, name, _LOOKED_AT)
    if _picture_column(head, index, "") is not None:
        raise UnreadableDataset(
            f"The list {printable(name)} is not valid UTF-8 text.",
            advice="Open it in an editor or a spreadsheet and save it as UTF-8.",
        )


def has_list(tree: Tree) -> bool:
    """Whether some file lists the tree's pictures."""
    index = PictureIndex(picture_names(tree))
    heads = (_rows(tree, name, _LOOKED_AT) for name in _list_names(tree))
    return any(_picture_column(rows, index, "") is not None for rows in heads)


def _list_names(tree: Tree) -> list[str]:
    """Files that may be lists, the outermost first: some sets have a text for every picture."""
    found = [name for name in tree.names if ending_of(name) in LIST_ENDINGS]
    return sorted(found, key=lambda name: (name.count("/"), name))[:_MOST_LISTS]


def _rows(tree: Tree, name: str, most: int | None = None) -> list[tuple[str, ...]]:
    """Rows with something in them; none where the file is no text."""
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
        parted: Iterator[Sequence[str]] = iter(lines)
    else:
        parted = (line.split() for part in ([first], text) for line in part)
    for cells in parted:
        if any(cell.strip() for cell in cells):
            yield tuple(cell.strip() for cell in cells)


def _picture_column(
    rows: Sequence[tuple[str, ...]], index: PictureIndex, wanted: str
) -> int | None:
    some = rows[:_LOOKED_AT]
    if len(some) < 2 or len(some[0]) < 2:
        return None
    if wanted:
        return _place(some[0], wanted)
    hits = [
        sum(bool(index(row[at])) for row in some if at < len(row)) for at in range(len(some[0]))
    ]
    best = max(range(len(hits)), key=hits.__getitem__)
    return best if hits[best] >= max(1, _MOSTLY * (len(some) - 1)) else None


def _table(
    name: str, rows: list[tuple[str, ...]], picture: int, index: PictureIndex, columns: Columns
) -> ListTable:
    has_header = not index(rows[0][picture])
    count = len(rows[0])
    header = rows[0] if has_header else tuple(str(at + 1) for at in range(count))
    body = rows[1:] if has_header else rows
    at = {"picture": picture} | _usual_places(header, columns, name, body)
    box_at = _box_places(header, columns, name, body)
    if "label" not in at:
        others = [place for place in range(count) if place not in {*at.values(), *box_at}]
        if len(others) != 1:
            raise _unclear(name, header, body)
        at["label"] = others[0]
    return ListTable(name, header, tuple(body), at, box_at)


def _usual_places(
    header: tuple[str, ...], columns: Columns, name: str, rows: Sequence[tuple[str, ...]]
) -> dict[str, int]:
    lowered = [one.lower() for one in header]
    found: dict[str, int] = {}
    for field in fields(columns):
        what, chosen = field.name, getattr(columns, field.name)
        if what not in USUAL_NAMES or what == "pixels":
            continue
        place = _place(header, chosen) if chosen else None
        if chosen and place is None:
            raise _unclear(name, header, rows, missing=chosen)
        usual = (lowered.index(one) for one in USUAL_NAMES[what] if one in lowered)
        place = next(usual, None) if place is None else place
        if place is not None:
            found[what] = place
    return found


def _box_places(
    header: tuple[str, ...], columns: Columns, name: str, rows: Sequence[tuple[str, ...]]
) -> tuple[int, ...]:
    if not columns.box:
        return box_columns(header)
    places = [_place(header, one) for one in columns.box.split(",")]
    found = tuple(place for place in places if place is not None)
    if len(found) != len(places) or len(found) not in {1, 4}:
        raise _unclear(name, header, rows, missing=columns.box)
    return found


def _place(header: Sequence[str], wanted: str) -> int | None:
    """By its name, or by its number from 1 on."""
    wanted = wanted.strip().lower()
    lowered = [one.lower() for one in header]
    if wanted in lowered:
        return lowered.index(wanted)
    plain = wanted.isascii() and wanted.isdigit() and len(wanted) <= _MOST_DIGITS
    number = int(wanted) if plain else 0
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
