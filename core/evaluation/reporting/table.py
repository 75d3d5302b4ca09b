"""A table of a report: cells in words, written the same on the page and in the model card."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """Rows of cells; the first column names what a row is about.

    Attributes:
        head: of the columns.
        rows: cells, as many as the head has.
        bold: row that stands out; None for none.
        words_from: columns from here on hold words and not numbers.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    bold: int | None = None
    words_from: int = 99
