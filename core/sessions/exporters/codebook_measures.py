"""The codebook of the measures' columns, from the registry of measures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from core.domain import EXPRESSIVENESS3
from core.measures import MEASURES, NOT_CALIBRATED, OWN_BASELINE, Measure, Part

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
        yield measure.basis_column, "", "text", _basis_meaning(measure, main.column)


def _part_meaning(part: Part, column: str) -> str:
    empty = f"; empty also where {part.empty_when}" if part.empty_when else ""
    return f"{part.meaning}; see {column}{empty}"


def _basis_meaning(measure: Measure, column: str) -> str:
    if not measure.needs:
        return f"why {column} is empty"
    if measure.id == "expressiveness":
        return (
            f"{OWN_BASELINE}: relative to the own calibrated face at rest, or to the face's own "
            f"last 10 min; {NOT_CALIBRATED}: relative to still faces, in its first 60 usable "
            f"seconds; otherwise why {column} is empty"
        )
    return (
        f"calibrated: relative to the person's own values; {NOT_CALIBRATED}: relative, at least in "
        f"part, to still faces or a common default; otherwise why {column} is empty"
    )


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
