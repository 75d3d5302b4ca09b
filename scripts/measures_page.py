"""Writes docs/measures.md from the registry of measures: `python scripts/measures_page.py`."""

from __future__ import annotations

import sys
from pathlib import Path

PROJECT_DIR = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT_DIR))

from core.domain import BLENDSHAPES, DEAD_BLENDSHAPES  # noqa: E402
from core.measures import (  # noqa: E402
    MEASURES,
    CalibrationPart,
    Measure,
    Population,
    basis_values,
    population,
)

PAGE = PROJECT_DIR / "docs" / "measures.md"

_HEAD = """# Measures

Written by `python scripts/measures_page.py` from the registry of measures
(`core/measures/registry.py`).

A measure is what stored rows say about a face: live, from a recording and in a later year the same.
All windows are in seconds, and cover the seconds before a row. Shares are shares of the time that
was measured; a window of which less than 60 % was measured says nothing, and nothing is made up for
rows that are missing. What is measured is what a face shows and does, never what a person feels.

"""
_CALIBRATION = """## Calibration

Once per person and seat, and again whenever asked for: looking at the four corners of the screen,
keeping a neutral face, closing the eyes once. Each step can be skipped, and done again. A face that
moves instead of resting, eyes that do not close, and steps that two faces share give no values.
Without it a figure that needs it is still computed, from typical values, and "not calibrated"
stands beside it.

| part | what is taken from it | without it |
|---|---|---|
"""
_NOT_BUILT = """## Not measured, on purpose

Genuine smiles, microexpressions, honesty, personality, heart rate, valence and arousal, action-unit
intensities, hireability or confidence of a person, rankings of people.
"""
_TAKEN = {
    CalibrationPart.FACING: (
        "the own direction to the screen, and the cone around its corners",
        "25 degrees around the camera",
    ),
    CalibrationPart.REST: (
        "own median and robust standard deviation of each blendshape, of the lip gap too",
        "medians of still neutral faces",
    ),
    CalibrationPart.EYES: ("own eyes, open and closed", "eyes of still faces"),
}


def page() -> str:
    """The whole page in Markdown."""
    parts = "".join(f"| {part} | {own} | {other} |\n" for part, (own, other) in _TAKEN.items())
    return (
        _HEAD
        + _overview()
        + "\n"
        + _CALIBRATION
        + parts
        + f"\n{_of(population())}\n\n"
        + "\n".join(_section(measure) for measure in MEASURES.values())
        + f"\n{_dead()}\n\n"
        + _NOT_BUILT
    )


def _overview() -> str:
    lines = ["| measure | id | version | window | calibration | rows a second |", "|" + "---|" * 6]
    for one in MEASURES.values():
        window = "" if one.window_s is None else f"{one.window_s:g} s"
        least = "" if one.least_rows_per_s is None else f"at least {one.least_rows_per_s:g}"
        needs = ", ".join(one.needs)
        cells = (one.title, f"`{one.id}`", one.version, window, needs, least)
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _section(measure: Measure) -> str:
    lines = [f"## {measure.title}", "", measure.definition, ""]
    lines += [f"What it cannot tell: {measure.limits}", ""]
    lines += ["| part | column | unit | range | meaning |", "|" + "---|" * 5]
    for part in measure.parts:
        column = f"`{part.column}`" if part.column else ""
        empty = f"; empty also where {part.empty_when}" if part.empty_when else ""
        cells = (part.name, column, part.unit, part.range, f"{part.meaning}{empty}")
        lines.append("| " + " | ".join(cells) + " |")
    if measure.basis_column:
        lines += ["", f"Its basis, or why it is empty: `{measure.basis_column}`.", ""]
        lines += [f"- {text}: {meaning}" for text, meaning in basis_values(measure).items()]
    if measure.sources:
        lines += ["", f"Sources: {'; '.join(measure.sources)}."]
    return "\n".join(lines) + "\n"


def _of(still: Population) -> str:
    return (
        f"Still faces: {still.made_from} Their eyes are {still.eyes.open:.2f} open at rest and "
        f"{still.eyes.closed:.2f} where they are most closed (the lowest hundredth)."
    )


def _dead() -> str:
    names = ", ".join(f"`{name}`" for name in BLENDSHAPES if name in DEAD_BLENDSHAPES)
    return (
        "## Blendshapes that are left out\n\n"
        f"{len(DEAD_BLENDSHAPES)} of the {len(BLENDSHAPES)} hardly ever leave 0 in this "
        f"landmarker, and no measure uses them: {names}."
    )


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
