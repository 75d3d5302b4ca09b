"""The columns of stored rows, in every format that rows were ever packed in (see `row_packing`).

What was packed in one format must be readable for ever: `ROW_FORMATS` only grows. A new column, or
another precision, is a new format.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

TIMES_PER_S = 1_000_000
"""Times are kept in microseconds."""

TEXT = "text"
"""A kind of column: few different texts."""

ONE_PER_CLASS = 0
"""A width: as many numbers in a row as the model has classes."""


@dataclass(frozen=True)
class PackedColumn:
    """How one column is packed.

    Attributes:
        name: of the column.
        kind: numpy's name of a type, little-endian; or `TEXT`.
        width: numbers in a row, or `ONE_PER_CLASS`.
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

ROW_FORMATS: Mapping[int, tuple[PackedColumn, ...]] = {
    EXACT: (
        PackedColumn("time_s", "<f8"),
        PackedColumn("frame_index", "<i8", by_steps=True),
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
        PackedColumn("blendshapes", "<u2", width=52, per_unit=1000),
        PackedColumn("scores", "<f8", width=ONE_PER_CLASS),
        PackedColumn("steady", "<f8", width=ONE_PER_CLASS),
        PackedColumn("latency_ms", "<f8"),
    ),
    COMPACT: (
        PackedColumn("time_s", "<i8", per_unit=TIMES_PER_S, by_steps=True),
        PackedColumn("frame_index", "<i8", by_steps=True),
        PackedColumn("face_id", "<i4"),
        PackedColumn("box", "<i4", width=4, per_unit=16, by_steps=True),
        PackedColumn("confidence", "<u2", per_unit=10_000),
        PackedColumn("usable", "<u1"),
        PackedColumn("reason", TEXT),
        PackedColumn("brightness", "<u2", per_unit=10_000),
        PackedColumn("blur", "<f4"),
        PackedColumn("face_px", "<i4", per_unit=16),
        PackedColumn("pose", "<i2", width=3, per_unit=100),
        PackedColumn("eyes_open", "<u2", per_unit=10_000),
        PackedColumn("blendshapes", "<u2", width=52, per_unit=1000),
        PackedColumn("lip_gap", "<u2", per_unit=10_000),
        PackedColumn("scores", "<f4", width=ONE_PER_CLASS),
        PackedColumn("steady", "<f4", width=ONE_PER_CLASS),
        PackedColumn("shown", TEXT),
        PackedColumn("latency_ms", "<u4", per_unit=100),
        PackedColumn("eye", TEXT),
    ),
}
