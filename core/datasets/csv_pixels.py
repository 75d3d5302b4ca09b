"""FER2013-shaped CSV files: one row a picture, its pixels as numbers in one cell."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.errors import UnreadableDataset
from core.vocabulary import LabelScheme

_log = logging.getLogger(__name__)

ROWS_AT_ONCE = 4096  # 4096 rows of 48x48 numbers are about 40 MB of text


@dataclass(frozen=True, eq=False)
class PixelRows:
    """Every row of such a file.

    Attributes:
        pixels: uint8, shape `(n, size, size)`.
        labels: int64, shape `(n,)`.
        usage: the `Usage` column, shape `(n,)`; empty strings where the file has none.
    """

    pixels: NDArray[np.uint8]
    labels: NDArray[np.int64]
    usage: NDArray[np.str_]


def read_pixel_csv(path: Path, scheme: LabelScheme) -> PixelRows:
    """Read `emotion`, `pixels` and, if present, `Usage`; their order and blanks do not matter.

    Raises:
        UnreadableDataset: wrong columns, a label outside the scheme, or a damaged row (its number
            is named, counted as a spreadsheet does: the header is row 1).
    """
    parts = list(_parts(path, scheme))
    if not parts:
        raise UnreadableDataset(
            f"{path.name} has a header but no rows.", advice="Choose a file with pictures in it."
        )
    return PixelRows(
        pixels=np.concatenate([part.pixels for part in parts]),
        labels=np.concatenate([part.labels for part in parts]),
        usage=np.concatenate([part.usage for part in parts]),
    )


def _parts(path: Path, scheme: LabelScheme) -> Iterator[PixelRows]:
    first_row, size_px = 2, None
    try:
        for table in _tables(path):
            table.columns = table.columns.str.strip().str.lower()
            _expect_columns(path, list(table.columns))
            if table.empty:
                continue
            pixels = _pixels(path, table["pixels"].tolist(), first_row, size_px)
            size_px = int(pixels.shape[1])
            usage = table["usage"].str.strip() if "usage" in table else pd.Series([""] * len(table))
            yield PixelRows(
                pixels=pixels,
                labels=_labels(path, table["emotion"], first_row, scheme),
                usage=usage.to_numpy(dtype=np.str_),
            )
            first_row += len(table)
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        raise UnreadableDataset(
            f"{path.name} is not a readable CSV file: {error}.",
            advice="Download it again, or export it as comma-separated UTF-8 text.",
        ) from error


def _tables(path: Path) -> Iterator[pd.DataFrame]:
    with pd.read_csv(path, chunksize=ROWS_AT_ONCE, dtype=str, keep_default_na=False) as reader:
        yield from reader


def _expect_columns(path: Path, columns: list[str]) -> None:
    missing = {"emotion", "pixels"} - set(columns)
    if missing:
        raise UnreadableDataset(
            f"{path.name} has no column {' or '.join(sorted(missing))}; it has "
            f"{', '.join(columns[:8])}.",
            advice="A FER2013 file has the columns emotion and pixels, and perhaps Usage.",
        )


def _labels(
    path: Path, cells: pd.Series[str], first_row: int, scheme: LabelScheme
) -> NDArray[np.int64]:
    numbers = pd.to_numeric(cells, errors="coerce").to_numpy(dtype=np.float64)
    bad = ~np.isin(numbers, np.arange(len(scheme)))
    if bad.any():
        at = int(bad.argmax())
        raise UnreadableDataset(
            f"{path.name}, row {first_row + at}: the label is {cells.iloc[at][:20]!r}.",
            advice=f"{scheme.name} has the labels 0 to {len(scheme) - 1}.",
        )
    return numbers.astype(np.int64)


def _pixels(path: Path, cells: list[str], first_row: int, size_px: int | None) -> NDArray[np.uint8]:
    """All cells at once when they are sound; one by one only to find the row that is not."""
    if size_px is None:
        size_px = round(len(cells[0].split()) ** 0.5)
    wanted = size_px * size_px
    try:
        numbers = np.loadtxt(cells, dtype=np.int16, ndmin=2)
        if wanted and numbers.shape == (len(cells), wanted) and _are_bytes(numbers):
            return numbers.astype(np.uint8).reshape(-1, size_px, size_px)
    except (ValueError, OverflowError):
        _log.debug("%s: rows from %d on are not all sound", path.name, first_row)
    rows = [_one(path, cell, first_row + at, wanted) for at, cell in enumerate(cells)]
    return np.stack(rows).reshape(-1, size_px, size_px)


def _one(path: Path, cell: str, row: int, wanted: int) -> NDArray[np.uint8]:
    try:
        numbers = np.array(cell.split(), dtype=np.int64)
    except (ValueError, OverflowError):
        numbers = np.zeros(0, dtype=np.int64)
    if not wanted or numbers.size != wanted or not _are_bytes(numbers):
        raise UnreadableDataset(
            f"{path.name}, row {row}: expected {wanted} whole numbers from 0 to 255 that make a "
            f"square, found {len(cell.split())} entries.",
            advice="The file may be cut short; download it again or remove that row.",
        )
    return numbers.astype(np.uint8)


def _are_bytes(numbers: NDArray[np.int16] | NDArray[np.int64]) -> bool:
    return bool(numbers.size) and int(numbers.min()) >= 0 and int(numbers.max()) <= 255
