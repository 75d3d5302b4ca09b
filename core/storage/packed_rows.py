"""Rows of a session as bytes, and back: one block contains the rows of one write.

A row of 150 numbers on its own takes some 250 bytes in a database; in a block of a second it takes
a third of that. Each column is stored separately, with a byte shuffle (first bytes of all numbers,
then second bytes), and the whole is compressed (zlib).

The columns and their precision are defined in `frame_row_columns`.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.domain.errors import StoreError
from core.domain.plain_values import parse_json
from core.storage.frame_row_columns import ROW_FORMATS, TEXT, TIMES_PER_S, PackedColumn

_LEVEL = 6  # 9 saves 1 % more, and takes twice as long


def pack_rows(columns: Mapping[str, NDArray[Any]], form: int) -> bytes:
    """Pack rows into one block.

    Args:
        columns: every column of the format, `(n,)` or `(n, width)`; NaN where missing.
        form: a key of `ROW_FORMATS`.
    Raises:
        ValueError: a number does not fit its column.
    """
    return pack_blocks(columns, [len(columns["scores"])], form)[0]


def pack_blocks(columns: Mapping[str, NDArray[Any]], rows: Sequence[int], form: int) -> list[bytes]:
    """Pack rows into several blocks: numbers are converted together, which for small blocks takes
    half the time of one after the other.

    Args:
        columns: as of `pack_rows`, the rows of all blocks one after another.
        rows: number of rows of each block, in order.
        form: a key of `ROW_FORMATS`.
    Raises:
        ValueError: a number does not fit its column.
    """
    tables = [
        (column, columns[column.name] if column.kind == TEXT else _encoded(column, columns))
        for column in ROW_FORMATS[form]
    ]
    classes, packed, first = columns["scores"].shape[1], [], 0
    for count in rows:
        packed.append(_packed(tables, slice(first, first + count), classes))
        first += count
    return packed


def _packed(
    tables: Sequence[tuple[PackedColumn, NDArray[Any]]], rows: slice, classes: int
) -> bytes:
    """One block of encoded columns."""
    texts: dict[str, list[str]] = {}
    planes = []
    for column, table in tables:
        part = table[rows]
        if column.kind == TEXT:
            names = texts[column.name] = sorted(set(part.tolist()))
            numbers = {name: number for number, name in enumerate(names)}
            part = np.array([[numbers[one]] for one in part.tolist()], _kind(column))
        elif column.is_delta and len(part):
            part = part.copy()
            part[1:] -= table[rows][:-1]  # may overflow, and the sum overflows back
        planes.append(_shuffled(part))
    about = {"rows": rows.stop - rows.start, "classes": classes, "texts": texts}
    header = json.dumps(about, separators=(",", ":"))
    return zlib.compress(b"\n".join((header.encode(), b"".join(planes))), _LEVEL)


def unpack_rows(content: bytes, form: int) -> dict[str, NDArray[Any]]:
    """The columns of a block: float64, int64 or text, to the format's precision.

    Raises:
        StoreError: the block is damaged, or its format is of a newer Mien.
    """
    if form not in ROW_FORMATS:
        raise StoreError(
            f"Stored rows have format {form}; this Mien knows up to {max(ROW_FORMATS)}.",
            advice="Update Mien to read them.",
        )
    try:
        return _unpacked(zlib.decompress(content), ROW_FORMATS[form])
    except (zlib.error, ValueError, KeyError, IndexError) as error:
        raise StoreError(
            f"Stored rows are damaged: {error}.", advice="Restore the database from a copy."
        ) from error


def stored_time(time_s: float) -> float:
    """A time rounded as rows store it."""
    return round(time_s * TIMES_PER_S) / TIMES_PER_S


def _unpacked(raw: bytes, form: tuple[PackedColumn, ...]) -> dict[str, NDArray[Any]]:
    header, body = raw.split(b"\n", 1)
    about = parse_json(header)
    rows, columns, start = about["rows"], {}, 0
    for column in form:
        kind, width = _kind(column), column.width or about["classes"]
        end = start + rows * width * kind.itemsize
        encoded = _unshuffled(body[start:end], kind, (rows, width))
        start = end
        if column.kind == TEXT:
            columns[column.name] = np.array(about["texts"][column.name], np.str_)[encoded[:, 0]]
        else:
            values = _decoded(column, encoded)
            columns[column.name] = values[:, 0] if column.width == 1 else values
    return columns


def _kind(column: PackedColumn) -> np.dtype[Any]:
    return np.dtype("<u1" if column.kind == TEXT else column.kind)


def _encoded(column: PackedColumn, columns: Mapping[str, NDArray[Any]]) -> NDArray[Any]:
    """Shape `(n, width)`, of the column's type; differences are not taken yet."""
    kind, values = _kind(column), columns[column.name]
    table = values if np.ndim(values) > 1 else np.asarray(values)[:, None]
    if column.scale:
        # The largest number of the dtype stands for NaN.
        missing, steps = np.iinfo(kind).max, np.rint(table * float(column.scale))
        inside = (steps >= np.iinfo(kind).min) & (steps < missing)
        if not (inside | np.isnan(table)).all():
            raise ValueError(f"{column.name} has numbers too large to be kept")
        table = np.where(inside, np.where(inside, steps, 0).astype(kind), kind.type(missing))
    return table.astype(kind)


def _decoded(column: PackedColumn, encoded: NDArray[Any]) -> NDArray[Any]:
    if column.is_delta:
        encoded = np.cumsum(encoded, axis=0, dtype=encoded.dtype)
    if column.scale:
        missing = encoded == np.iinfo(encoded.dtype).max
        return np.where(missing, np.nan, encoded / float(column.scale))
    return encoded.astype(np.float64 if encoded.dtype.kind == "f" else np.int64)


def _shuffled(table: NDArray[Any]) -> bytes:
    """First bytes of all rows, then second bytes, and so on."""
    if not table.size:
        return b""
    return np.ascontiguousarray(table).view(np.uint8).reshape(len(table), -1).T.tobytes()


def _unshuffled(content: bytes, kind: np.dtype[Any], shape: tuple[int, int]) -> NDArray[Any]:
    rows, width = shape
    if not rows * width:
        return np.zeros(shape, kind)
    planes = np.frombuffer(content, np.uint8).reshape(width * kind.itemsize, rows)
    return np.ascontiguousarray(planes.T).view(kind).reshape(shape)
