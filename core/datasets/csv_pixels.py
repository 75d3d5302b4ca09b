"""CSV files with one row a picture, its pixels as numbers in one cell: FER2013's shape."""

from __future__ import annotations

import csv
import io
import warnings
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import IO, Self

import cv2
import numpy as np
from numpy.typing import NDArray

from core.damage import DAMAGED_BYTES, as_text, in_short
from core.datasets.block import Block, pictures_at_once, split_name
from core.errors import UnreadableDataset

ROWS_AT_ONCE = 4096  # of 48x48 pictures: 9 MB of pixels from 35 MB of text
MOST_TEXT = 64 << 20  # characters at once; fewer rows of large pictures
LONGEST_CELL = 8 << 20  # the text of a picture of 1,400 px
LARGEST_PX = 1024

# What csv, its text and an archive around it raise when bytes are damaged.
_DAMAGE: tuple[type[Exception], ...] = (csv.Error, *DAMAGED_BYTES)

_NAMES = {
    "pixels": ("pixels", "pixel"),
    "label": ("emotion", "label", "class", "expression", "target"),
    "split": ("usage", "split", "set"),
    "subject": ("subject", "user_no", "user", "person", "subject_id"),
}


@dataclass(frozen=True)
class Columns:
    """Which column holds what; an empty name is looked for by the usual ones.

    Attributes:
        pixels: numbers, divided by blanks.
        label: may be missing from the file.
        split: likewise.
        subject: who is shown; likewise.
    """

    pixels: str = ""
    label: str = ""
    split: str = ""
    subject: str = ""


USUAL_COLUMNS = Columns()


def read_header(file: IO[bytes], title: str) -> list[str]:
    """The names in a CSV file's first row, stripped.

    Raises:
        UnreadableDataset: there is none.
    """
    with _CsvRows(file, title) as rows:
        return rows.header


def read_pixel_csv(
    file: IO[bytes],
    title: str,
    *,
    columns: Columns = USUAL_COLUMNS,
    size_px: int = 0,
    split: str = "",
) -> Generator[Block]:
    """Rows of such a file, some thousand at a time; order and blanks of its header do not matter.

    Args:
        file: its bytes.
        title: its name, for messages and for the names of the rows.
        columns: which to read, where they have unusual names.
        size_px: pictures of another size are resized to it; 0 keeps the file's.
        split: what rows without a split of their own belong to.
    Raises:
        UnreadableDataset: wrong columns or a damaged row (its number is named, counted as a
            spreadsheet does: the header is row 1).
    """
    with _CsvRows(file, title) as rows:
        reader = _Reader(title, _positions(rows.header, columns, title), size_px, split)
        for first_row, cells in rows.chunks(pictures_at_once(ROWS_AT_ONCE, size_px)):
            yield reader.block(cells, first_row)


class _CsvRows:
    """The rows of a CSV file; whatever goes wrong while reading them is said in one sentence.

    Args:
        file: its bytes.
        title: its name.
    """

    def __init__(self, file: IO[bytes], title: str) -> None:
        self._file, self._title = file, title
        self.header: list[str] = []

    def __enter__(self) -> Self:
        csv.field_size_limit(LONGEST_CELL)
        self._text = io.TextIOWrapper(self._file, encoding="utf-8-sig", newline="")
        self._rows = csv.reader(self._text)
        try:
            self.header = [name.strip() for name in next(self._rows, [])]
        except _DAMAGE as error:
            self._text.detach()
            raise self._unreadable(error) from error
        if not any(self.header):
            self._text.detach()
            raise UnreadableDataset(
                f"{self._title} is empty.", advice="Choose a file with a header and pictures."
            )
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        self._text.detach()  # the file stays its owner's
        if isinstance(error, _DAMAGE):
            raise self._unreadable(error) from error

    def chunks(self, most: int) -> Iterator[tuple[int, list[list[str]]]]:
        """At most so many rows, and the number of the first, as a spreadsheet counts."""
        first_row, chunk, text = 2, list[list[str]](), 0
        for cells in self._rows:
            chunk.append(cells)
            text += sum(map(len, cells))
            if len(chunk) == most or text >= MOST_TEXT:
                yield first_row, chunk
                first_row, chunk, text = first_row + len(chunk), [], 0
        if chunk:
            yield first_row, chunk

    def _unreadable(self, error: BaseException) -> UnreadableDataset:
        return UnreadableDataset(
            f"{self._title} is not a readable CSV file: {in_short(error)}.",
            advice="Download it again, or export it as comma-separated UTF-8 text.",
        )


def _positions(header: Sequence[str], columns: Columns, title: str) -> dict[str, int]:
    """Which cell holds what; columns that are not there are left out."""
    lowered = [name.lower() for name in header]
    found: dict[str, int] = {}
    for field in fields(columns):
        chosen = getattr(columns, field.name)
        usual = (chosen.strip().lower(),) if chosen else _NAMES[field.name]
        at = next((lowered.index(name) for name in usual if name in lowered), None)
        if at is not None:
            found[field.name] = at
        elif chosen or field.name == "pixels":
            raise UnreadableDataset(
                f"{title} has no column {chosen or 'pixels'}; it has {_listed(header)}.",
                advice="A FER2013 file has the columns emotion and pixels, and perhaps Usage; "
                "if yours are called otherwise, say which is which.",
            )
    return found


def _listed(header: Sequence[str]) -> str:
    return ", ".join(as_text(name[:30]) for name in header[:8])


class _Reader:
    """Rows of one file into blocks.

    Args:
        title: for messages and names.
        at: which cell holds what.
        size_px: wanted side; 0 takes the first row's.
        split: where the rows do not say.
    """

    def __init__(self, title: str, at: dict[str, int], size_px: int, split: str) -> None:
        self._title, self._at, self._split = title, at, split
        self._wanted_px = size_px
        self._count = 0  # numbers in a picture, known from the first row on

    def block(self, rows: list[list[str]], first_row: int) -> Block:
        """One block."""
        names = [f"{self._title}:{first_row + number}" for number in range(len(rows))]
        wanted = max(self._at.values()) + 1
        for number, cells in enumerate(rows):
            if len(cells) < wanted:
                raise self._bad(first_row + number, f"{len(cells)} cells instead of {wanted}")
        splits = [split_name(written) for written in self._column(rows, "split", self._split)]
        return Block(
            pixels=self._pixels([cells[self._at["pixels"]] for cells in rows], first_row),
            labels=np.array([cell.strip() for cell in self._column(rows, "label")], dtype=np.str_),
            splits=np.array(splits, dtype=np.str_),
            names=np.array(names, dtype=np.str_),
            subjects=np.array([one.strip() for one in self._column(rows, "subject")], np.str_),
            measured=np.full(len(rows), np.nan),
        )

    def _column(self, rows: list[list[str]], name: str, missing: str = "") -> list[str]:
        at = self._at.get(name)
        return [missing] * len(rows) if at is None else [cells[at] for cells in rows]

    def _pixels(self, cells: list[str], first_row: int) -> NDArray[np.uint8]:
        if self._count == 0:
            self._count = self._expected(cells[0], first_row)
        side = round(self._count**0.5)
        pictures = np.empty((len(cells), self._count), dtype=np.uint8)
        with warnings.catch_warnings():
            # numpy says it by a warning when a text does not end where its last number does.
            warnings.simplefilter("error", DeprecationWarning)
            for number, cell in enumerate(cells):
                pictures[number] = self._one(cell, first_row + number)
        return resized(pictures.reshape(-1, side, side), self._wanted_px)

    def _expected(self, cell: str, row: int) -> int:
        count = len(cell.split())
        side = round(count**0.5)
        if count == 0 or side * side != count or side > LARGEST_PX:
            raise self._bad(row, f"{count:,} numbers, which make no square, instead of e.g. 2,304")
        return count

    def _one(self, cell: str, row: int) -> NDArray[np.int32]:
        try:
            numbers = np.fromstring(cell, dtype=np.int32, sep=" ")
        except (ValueError, DeprecationWarning):
            numbers = np.zeros(0, dtype=np.int32)
        if numbers.size != self._count or numbers.min() < 0 or numbers.max() > 255:
            found = f"{len(cell.split()):,} entries instead of"
            raise self._bad(row, f"{found} {self._count:,} whole numbers from 0 to 255")
        return numbers

    def _bad(self, row: int, found: str) -> UnreadableDataset:
        return UnreadableDataset(
            f"{self._title}, row {row}: {found}.",
            advice="The file may be cut short; download it again or remove that row.",
        )


def resized(pictures: NDArray[np.uint8], size_px: int) -> NDArray[np.uint8]:
    """Square pictures `(n, side, side)` at another side; 0 keeps theirs."""
    if size_px in {0, pictures.shape[1]}:
        return pictures
    how = cv2.INTER_AREA if size_px < pictures.shape[1] else cv2.INTER_CUBIC
    small = [cv2.resize(one, (size_px, size_px), interpolation=how) for one in pictures]
    return np.asarray(np.stack(small), dtype=np.uint8)
