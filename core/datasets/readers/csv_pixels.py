"""CSV files in FER2013's format: one row per picture, its pixels as numbers in one cell."""

from __future__ import annotations

import warnings
from collections.abc import Generator, Sequence
from dataclasses import dataclass, fields
from typing import IO

import numpy as np
from numpy.typing import NDArray

from core.datasets.readers.batches import Block, pictures_at_once
from core.datasets.readers.csv_rows import CsvRows, Row
from core.datasets.readers.pixel_cell import cell_numbers, whole_numbers
from core.datasets.readers.split_names import split_name
from core.domain.counted import counted
from core.domain.errors import UnreadableDataset
from core.models.runtimes import resized
from core.storage.corrupt_data import printable

ROWS_AT_ONCE = 4096  # of 48x48 pictures: 9 MB of pixels from 35 MB of text
LARGEST_PX = 1024

USUAL_NAMES = {
    "pixels": ("pixels", "pixel"),
    "label": ("emotion", "label", "class", "expression", "target"),
    "split": ("usage", "split", "set"),
    "subject": ("subject", "user_no", "user", "person", "subject_id"),
}


@dataclass(frozen=True)
class ColumnNames:
    """Names of columns; an empty one is detected by its usual names.

    Attributes:
        pixels: numbers separated by blanks or commas, perhaps in brackets.
        label: optional in the file.
        split: optional.
        subject: ID of the person shown; optional.
        picture: in a list of pictures, the picture of a row.
        box: in a list of pictures, the face's box: one column, or four separated by commas.
    """

    pixels: str = ""
    label: str = ""
    split: str = ""
    subject: str = ""
    picture: str = ""
    box: str = ""


USUAL_COLUMNS = ColumnNames()


def read_pixel_csv(
    file: IO[bytes],
    title: str,
    *,
    columns: ColumnNames = USUAL_COLUMNS,
    size_px: int = 0,
    split: str = "",
) -> Generator[Block]:
    """Read such a file block by block; order of and blanks in its header do not matter.

    Args:
        file: its bytes.
        title: its name, for messages and for the names of the rows.
        columns: which to read, where they have unusual names.
        size_px: pictures are resized to this side; 0 keeps the file's.
        split: of rows that name none.
    Raises:
        UnreadableDataset: wrong columns or a damaged row (its number is named, counted as a
            spreadsheet does: the header is row 1).
    """
    with CsvRows(file, title) as rows:
        reader = _Reader(title, _positions(rows.header, columns, title), size_px, split)
        for chunk in rows.chunks(pictures_at_once(ROWS_AT_ONCE, size_px)):
            yield reader.block(chunk)


def _positions(header: Sequence[str], columns: ColumnNames, title: str) -> dict[str, int]:
    """Field of `ColumnNames` -> index of its column; missing columns are left out."""
    lowered = [name.lower() for name in header]
    found: dict[str, int] = {}
    for field in fields(columns):
        if field.name not in USUAL_NAMES:
            continue
        chosen = getattr(columns, field.name)
        usual = (chosen.strip().lower(),) if chosen else USUAL_NAMES[field.name]
        at = next((lowered.index(name) for name in usual if name in lowered), None)
        if at is not None and lowered.count(lowered[at]) > 1:
            raise UnreadableDataset(
                f"{title} has {lowered.count(lowered[at])} columns called {printable(header[at])}.",
                advice="Rename all but one of them.",
            )
        if at is not None:
            found[field.name] = at
        elif chosen or field.name == "pixels":
            raise UnreadableDataset(
                f"{title} has no column {chosen or 'pixels'}; it has {_listed(header)}.",
                advice="A FER2013 file has the columns emotion and pixels, and perhaps Usage; "
                "if yours has other names, choose them under Label, column and file "
                "names.",
            )
    return found


def _listed(header: Sequence[str]) -> str:
    return ", ".join(printable(name[:30]) for name in header[:8])


class _Reader:
    """Converts rows of one file to blocks.

    Args:
        title: for messages and names.
        at: field of `ColumnNames` -> index of its column.
        size_px: target side; 0 takes the first row's.
        split: of rows that name none.
    """

    def __init__(self, title: str, at: dict[str, int], size_px: int, split: str) -> None:
        self._title, self._at, self._split = title, at, split
        self._target_px = size_px
        self._count = 0  # numbers in a picture, known from the first row on

    def block(self, rows_with_numbers: list[Row]) -> Block:
        """One block."""
        expected = max(self._at.values()) + 1
        for number, cells in rows_with_numbers:
            if len(cells) < expected:
                raise self._bad(number, f"{counted(len(cells), 'cell')} instead of {expected}")
        rows = [cells for _, cells in rows_with_numbers]
        numbers = [number for number, _ in rows_with_numbers]
        splits = [split_name(written) for written in self._column(rows, "split", self._split)]
        return Block(
            pixels=self._pixels([cells[self._at["pixels"]] for cells in rows], numbers),
            labels=np.array([cell.strip() for cell in self._column(rows, "label")], dtype=np.str_),
            splits=np.array(splits, dtype=np.str_),
            names=np.array([f"{self._title}:{number}" for number in numbers], dtype=np.str_),
            subjects=np.array([one.strip() for one in self._column(rows, "subject")], np.str_),
            measured=np.full(len(rows), np.nan),
        )

    def _column(self, rows: list[list[str]], name: str, missing: str = "") -> list[str]:
        at = self._at.get(name)
        return [missing] * len(rows) if at is None else [cells[at] for cells in rows]

    def _pixels(self, cells: list[str], numbers: Sequence[int]) -> NDArray[np.uint8]:
        if self._count == 0:
            self._count = self._expected(cells[0], numbers[0])
        side = round(self._count**0.5)
        pictures = np.empty((len(cells), self._count), dtype=np.uint8)
        with warnings.catch_warnings():
            # numpy only warns about text after the last number.
            warnings.simplefilter("error", DeprecationWarning)
            for at, (cell, number) in enumerate(zip(cells, numbers, strict=True)):
                pictures[at] = self._one(cell, number)
        return resized(pictures.reshape(-1, side, side), self._target_px)

    def _expected(self, cell: str, row: int) -> int:
        count = len(cell_numbers(cell))
        side = round(count**0.5)
        if count == 0 or side * side != count or side > LARGEST_PX:
            raise self._bad(row, f"{count:,} numbers, not a square number such as 2,304")
        return count

    def _one(self, cell: str, row: int) -> NDArray[np.int32]:
        try:
            return whole_numbers(cell, self._count)
        except ValueError as error:
            raise self._bad(row, str(error)) from error

    def _bad(self, row: int, found: str) -> UnreadableDataset:
        return UnreadableDataset(
            f"{self._title}, row {row}: {found}.",
            advice="The file may be cut short; download it again or remove that row.",
        )
