"""The columns of stored rows, for every format (see `packed_rows`).

Packed rows must stay readable for ever: `ROW_FORMATS` only grows. A new column, or another
precision, is a new format; a new column has an entry in `DEFAULTS`, and a
field in `core.domain.timeline`, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import nan

TIMES_PER_S = 1_000_000
"""Times are stored in microseconds."""

TEXT = "text"
"""A kind of column: text with few different values."""

ONE_PER_CLASS = 0
"""A width: one number per class of the model."""


@dataclass(frozen=True)
class PackedColumn:
    """Encoding of one column.

    Attributes:
        name: of the column.
        kind: numpy's name of a dtype, little-endian; or `TEXT`.
        width: numbers per row, or `ONE_PER_CLASS`.
        scale: stored as integers after multiplication, 100 for hundredths; 0: not scaled.
        is_delta: stored as differences from the row before.
    """

    name: str
    kind: str
    width: int = 1
    scale: int = 0
    is_delta: bool = False


EXACT, COMPACT = 1, 2
"""Format numbers: lossless for databases of version 1; the one that is written since."""

CURRENT_FORMAT = COMPACT

ROW_FORMATS: Mapping[int, tuple[PackedColumn, ...]] = {
    EXACT: (
        PackedColumn("time_s", "<f8"),
        PackedColumn("frame_index", "<i8", is_delta=True),
        PackedColumn("face_id", "<i8"),
        PackedColumn("box", "<f8", width=4),
        PackedColumn("confidence", "<f8"),
        PackedColumn("usable", "<u1"),
        PackedColumn("reason", TEXT),
        PackedColumn("brightness", "<f8"),
        PackedColumn("blur", "<f8"),
        PackedColumn("face_px", "<f8"),
        PackedColumn("pose", "<f8", width=3),
        PackedColumn("eyes_open", "<f8"),
        PackedColumn("blendshapes", "<u2", width=52, scale=1000),
        PackedColumn("scores", "<f8", width=ONE_PER_CLASS),
        PackedColumn("steady", "<f8", width=ONE_PER_CLASS),
        PackedColumn("latency_ms", "<f8"),
    ),
    COMPACT: (
        PackedColumn("time_s", "<i8", scale=TIMES_PER_S, is_delta=True),
        PackedColumn("frame_index", "<i8", is_delta=True),
        PackedColumn("face_id", "<i4"),
        PackedColumn("box", "<i4", width=4, scale=16, is_delta=True),
        PackedColumn("confidence", "<u2", scale=10_000),
        PackedColumn("usable", "<u1"),
        PackedColumn("reason", TEXT),
        PackedColumn("brightness", "<u2", scale=10_000),
        PackedColumn("blur", "<f4"),
        PackedColumn("face_px", "<i4", scale=16),
        PackedColumn("pose", "<i2", width=3, scale=100),
        PackedColumn("eyes_open", "<u2", scale=10_000),
        PackedColumn("blendshapes", "<u2", width=52, scale=1000),
        PackedColumn("lip_gap", "<u2", scale=10_000),
        PackedColumn("scores", "<f4", width=ONE_PER_CLASS),
        PackedColumn("steady", "<f4", width=ONE_PER_CLASS),
        PackedColumn("shown", TEXT),
        PackedColumn("latency_ms", "<u4", scale=100),
        PackedColumn("eye", TEXT),
    ),
}

DEFAULTS: Mapping[str, float | str] = {"lip_gap": nan, "shown": "", "eye": ""}
"""Values of columns that rows of earlier formats lack."""
