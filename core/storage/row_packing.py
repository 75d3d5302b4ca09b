"""Rows of a session as bytes, and back: one block holds the rows of one write.

A row of 150 numbers on its own takes some 250 bytes in a database; a block of a second takes a
third of that. Each column stands by itself, its bytes sorted by their place in a number, so that
what hardly changes lies side by side, and the whole is compressed (zlib).

What was packed in one format must be readable for ever: `FORMATS` only grows. A new column, or
another precision, is a new format.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.domain.errors import StoreError

TIMES_PER_S = 1_000_000
"""Times are kept in microseconds."""

_ONE_PER_CLASS = 0
_TEXT = "text"
_LEVEL = 6  # 9 saves 1 % more, and takes twice as long


@dataclass(frozen=True)
class PackedColumn:
    """How one column is packed.

    Attributes:
        name: of the column.
        kind: numpy's name of a type, little-endian; or `text`, for few different texts.
        width: numbers in a row; `_ONE_PER_CLASS` for one a class.
        per_unit: kept as whole numbers of this part of a unit, 100 for hundredths; 0: as they are.
        by_steps: kept as differences from the row before.
    """

    name: str
    kind: str
    width: int = 1
    per_unit: int = 0
    by_steps: bool = False


EXACT, COMPACT = 1, 2
"""Numbers of the formats: rows of databases of version 1, to the last bit; rows since."""

FORMATS: Mapping[int, tuple[PackedColumn, ...]] = {
    EXACT: (
        PackedColumn("time_s", "<f8"),
        PackedColumn("frame_index", "<i8", by_steps=True),
        PackedColumn("face_id", "<i8"),
        PackedColumn("box", "<f8", width=4),
        PackedColumn("confidence", "<f8"),
        PackedColumn("usable", "<u1"),
        PackedColumn("reason", _TEXT),
        PackedColumn("brightness", "<f8"),
        PackedColumn("blur", "<f8"),
        PackedColumn("face_px", "<f8"),
        PackedColumn("pose", "<f8", width=3),
        PackedColumn("eyes_open", "<f8"),
        PackedColumn("blendshapes", "<u2", width=52, per_unit=1000),
        PackedColumn("scores", "<f8", width=_ONE_PER_CLASS),
        PackedColumn("steady", "<f8", width=_ONE_PER_CLASS),
        PackedColumn("latency_ms", "<f8"),
    ),
    COMPACT: (
        PackedColumn("time_s", "<i8", per_unit=TIMES_PER_S, by_steps=True),
        PackedColumn("frame_index", "<i8", by_steps=True),
        PackedColumn("face_id", "<i4"),
        PackedColumn("box", "<i4", width=4, per_unit=16, by_steps=True),
        PackedColumn("confidence", "<u2", per_unit=10_000),
        PackedColumn("usable", "<u1"),
        PackedColumn("reason", _TEXT),
        PackedColumn("brightness", "<u2", per_unit=10_000),
        PackedColumn("blur", "<f4"),
        PackedColumn("face_px", "<i4", per_unit=16),
        PackedColumn("pose", "<i2", width=3, per_unit=100),
        PackedColumn("eyes_open", "<u2", per_unit=10_000),
        PackedColumn("blendshapes", "<u2", width=52, per_unit=1000),
        PackedColumn("lip_gap", "<u2", per_unit=10_000),
        PackedColumn("scores", "<f4", width=_ONE_PER_CLASS),
        PackedColumn("steady", "<f4", width=_ONE_PER_CLASS),
        PackedColumn("shown", _TEXT),
        PackedColumn("latency_ms", "<u4", per_unit=100),
        PackedColumn("eye", _TEXT),
    ),
}


def pack_rows(columns: Mapping[str, NDArray[Any]], form: int) -> bytes:
    """One block of rows.

    Args:
        columns: every column of the format, `(n,)` or `(n, width)`; NaN where nothing was measured.
        form: a key of `FORMATS`.
    Raises:
        ValueError: a number does not fit its column.
    """
    texts: dict[str, list[str]] = {}
    planes = []
    for column in FORMATS[form]:
        values = columns[column.name]
        if column.kind == _TEXT:
            names, values = np.unique(values, return_inverse=True)
            texts[column.name] = names.tolist()
        planes.append(_planes(_as_kept(column, values)))
    rows, classes = columns["scores"].shape
    header = json.dumps({"rows": rows, "classes": classes, "texts": texts}, separators=(",", ":"))
    return zlib.compress(b"\n".join((header.encode(), b"".join(planes))), _LEVEL)


def unpack_rows(content: bytes, form: int) -> dict[str, NDArray[Any]]:
    """The columns of a block: float64, int64 or text, as given, to the format's precision.

    Raises:
        StoreError: the block is damaged, or its format is of a newer Mien.
    """
    if form not in FORMATS:
        raise StoreError(
            f"Stored rows have format {form}; this Mien knows up to {max(FORMATS)}.",
            advice="Update Mien to read them.",
        )
    try:
        return _unpacked(zlib.decompress(content), FORMATS[form])
    except (zlib.error, ValueError, KeyError, IndexError) as error:
        raise StoreError(
            f"Stored rows are damaged: {error}.", advice="Restore the database from a copy."
        ) from error


def kept_time(time_s: float) -> float:
    """A time as rows keep it."""
    return round(time_s * TIMES_PER_S) / TIMES_PER_S


def _unpacked(raw: bytes, form: tuple[PackedColumn, ...]) -> dict[str, NDArray[Any]]:
    header, body = raw.split(b"\n", 1)
    about = json.loads(header)
    rows, columns, start = about["rows"], {}, 0
    for column in form:
        kind, width = _kind(column), column.width or about["classes"]
        end = start + rows * width * kind.itemsize
        kept = _from_planes(body[start:end], kind, (rows, width))
        start = end
        if column.kind == _TEXT:
            columns[column.name] = np.array(about["texts"][column.name], np.str_)[kept[:, 0]]
        else:
            values = _as_measured(column, kept)
            columns[column.name] = values[:, 0] if column.width == 1 else values
    return columns


def _kind(column: PackedColumn) -> np.dtype[Any]:
    return np.dtype("<u1" if column.kind == _TEXT else column.kind)


def _as_kept(column: PackedColumn, values: NDArray[Any]) -> NDArray[Any]:
    """Shape `(n, width)`, of the column's type."""
    kind = _kind(column)
    table = values if np.ndim(values) > 1 else np.asarray(values)[:, None]
    if column.per_unit:
        # The largest number of the type says that there is none.
        missing, steps = np.iinfo(kind).max, np.rint(table * float(column.per_unit))
        inside = (steps >= np.iinfo(kind).min) & (steps < missing)
        if not (inside | np.isnan(table)).all():
            raise ValueError(f"{column.name} has numbers too large to be kept")
        table = np.where(inside, np.where(inside, steps, 0).astype(kind), kind.type(missing))
    kept = table.astype(kind)
    if column.by_steps and len(kept):
        kept[1:] -= kept[:-1].copy()  # may run over, and comes back just so
    return kept


def _as_measured(column: PackedColumn, kept: NDArray[Any]) -> NDArray[Any]:
    if column.by_steps:
        kept = np.cumsum(kept, axis=0, dtype=kept.dtype)
    if column.per_unit:
        return np.where(kept == np.iinfo(kept.dtype).max, np.nan, kept / float(column.per_unit))
    return kept.astype(np.float64 if kept.dtype.kind == "f" else np.int64)


def _planes(table: NDArray[Any]) -> bytes:
    """First bytes of all rows, then second bytes, and so on."""
    if not table.size:
        return b""
    return np.ascontiguousarray(table).view(np.uint8).reshape(len(table), -1).T.tobytes()


def _from_planes(content: bytes, kind: np.dtype[Any], shape: tuple[int, int]) -> NDArray[Any]:
    rows, width = shape
    if not rows * width:
        return np.zeros(shape, kind)
    places = np.frombuffer(content, np.uint8).reshape(width * kind.itemsize, rows)
    return np.ascontiguousarray(places.T).view(kind).reshape(shape)
