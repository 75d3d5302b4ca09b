"""The codebook of the measures' columns, from the registry of measures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from core.domain import EXPRESSIVENESS3
from core.measures import MEASURES, Measure, Part, basis_values

Row = tuple[str, str, str, str]

MEASURES_BEFORE_EYES = (
    *("tension", "expressiveness", "expressiveness_level", "expressiveness_basis", "facing"),
)
MEASURES_AFTER_EYES = ("perclos_60s", "index", "index_version")
"""Columns of measures that stand where earlier versions had them; all others stand at the end."""


def measure_rows() -> Mapping[str, Row]:
    """Each column of a measure -> column, unit, range and meaning; in the order of the registry."""
    rows = {row[0]: row for measure in MEASURES.values() for row in _rows_of(measure)}
    return rows | {row[0]: row for row in _texts()}


def later_measure_rows() -> list[Row]:
    """Those of the columns at the end of the file."""
    early = {*MEASURES_BEFORE_EYES, *MEASURES_AFTER_EYES}
    return [row for name, row in measure_rows().items() if name not in early]


def _rows_of(measure: Measure) -> Iterator[Row]:
    named = f"{measure.title}, version {measure.version}"
    parts = [part for part in measure.parts if part.column]
    if not parts:
        return
    main, *others = parts
    whole = f"{named}: {main.meaning}. {measure.definition} {measure.limits}"
    yield main.column, main.unit, main.range, whole
    for part in others:
        yield part.column, part.unit, part.range, f"{named}: {_part_meaning(part, main.column)}"
    if measure.basis_column:
        yield _basis_row(measure, main.column)


def _part_meaning(part: Part, column: str) -> str:
    empty = f"; empty also where {part.empty_when}" if part.empty_when else ""
    return f"{part.meaning}; see {column}{empty}"


def _basis_row(measure: Measure, column: str) -> Row:
    """Each text that the column may hold, with its meaning."""
    values = basis_values(measure)
    meanings = "; ".join(f"{text}: {meaning}" for text, meaning in values.items())
    if measure.needs:
        says, blank = f"what {column} is relative to, or why it is empty", "without a face"
    else:
        says, blank = f"why {column} is empty", f"without a face, and where {column} has a value"
    return measure.basis_column, "", ", ".join(values), f"{says}. {meanings}; blank {blank}"


def _texts() -> list[Row]:
    levels = ", ".join(EXPRESSIVENESS3.labels)
    return [
        (
            "expressiveness_level",
            "",
            levels,
            "most frequent level of those seconds: how much the face moves, not a feeling",
        ),
        (
            "index_version",
            "",
            "text",
            "version of the index, and its weights where they were changed; empty where index is",
        ),
    ]
