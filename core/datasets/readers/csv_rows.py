"""Rows of a CSV file in any common encoding and with any separator; blank lines are skipped."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from typing import IO, Self

from core.domain.errors import UnreadableDataset
from core.storage.corrupt_data import DAMAGED_BYTES, short_message

MOST_TEXT = 64 << 20  # characters at once; fewer rows of large pictures
LONGEST_CELL = 8 << 20  # the text of a picture of 1,400 px
SEPARATORS = (",", ";", "\t", "|")  # the comma first: it wins where two occur equally often
_HEAD_BYTES = 4096  # bytes that tell the encoding

# What csv, its text and an archive around it raise when bytes are damaged.
_DAMAGE: tuple[type[Exception], ...] = (csv.Error, *DAMAGED_BYTES)

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

Row = tuple[int, list[str]]
"""A row's number, counted as a spreadsheet does (the header is row 1), and its cells."""


class CsvRows:
    """The rows of a CSV file; every reading error is raised as `UnreadableDataset`.

    Args:
        file: its bytes; seekable.
        title: its name.
    """

    def __init__(self, file: IO[bytes], title: str) -> None:
        self._file, self._title = file, title
        self.header: list[str] = []

    def __enter__(self) -> Self:
        csv.field_size_limit(LONGEST_CELL)
        try:
            encoding = encoding_of(self._file)
        except _DAMAGE as error:
            raise self._unreadable(error) from error
        self._text = io.TextIOWrapper(self._file, encoding=encoding, newline="")
        try:
            self._read_header()
        except _DAMAGE as error:
            self._text.detach()
            raise self._unreadable(error) from error
        if not any(self.header):
            self._text.detach()
            raise UnreadableDataset(
                f"{self._title} is empty.", advice="Choose a file with a header and rows."
            )
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        self._text.detach()  # the caller closes the file
        if isinstance(error, _DAMAGE):
            raise self._unreadable(error) from error

    def chunks(self, most: int) -> Iterator[list[Row]]:
        """At most so many rows at a time; empty rows are skipped."""
        chunk, text = list[Row](), 0
        for number, cells in enumerate(self._rows, start=self._header_row + 1):
            if not any(cell.strip() for cell in cells):
                continue
            chunk.append((number, cells))
            text += sum(map(len, cells))
            if len(chunk) == most or text >= MOST_TEXT:
                yield chunk
                chunk, text = [], 0
        if chunk:
            yield chunk

    def _read_header(self) -> None:
        """The first non-empty line names the columns."""
        for number, line in enumerate(self._text, start=1):
            if line.strip():
                separator = separator_of(line)
                self.header = [
                    name.strip() for name in next(csv.reader([line], delimiter=separator))
                ]
                self._rows = csv.reader(self._text, delimiter=separator)
                self._header_row = number
                return

    def _unreadable(self, error: BaseException) -> UnreadableDataset:
        return UnreadableDataset(
            f"{self._title} is not a readable CSV file: {short_message(error)}.",
            advice="Download it again, or export it as comma-separated UTF-8 text.",
        )


def encoding_of(file: IO[bytes]) -> str:
    """The encoding, by the first bytes: UTF-16 as spreadsheets save it, or UTF-8.

    The file is rewound to its start.
    """
    head = file.read(_HEAD_BYTES)
    file.seek(0)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    # Latin letters and digits in UTF-16 without a byte-order mark: every other byte is zero.
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > len(head) * 0.4 and even == 0:
        return "utf-16-le"
    if even > len(head) * 0.4 and odd == 0:
        return "utf-16-be"
    return "utf-8"


def separator_of(line: str) -> str:
    """The separator of a line: the one of `SEPARATORS` that occurs most outside quotes."""
    outside = "".join(line.split('"')[::2])
    return max(SEPARATORS, key=outside.count)
