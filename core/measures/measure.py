"""What a measure is: its definition, its parts, what it needs, and what it cannot tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.domain import Timeline
from core.measures.calibration import Calibration, CalibrationPart

Signal = Callable[[Timeline, Calibration | None], Any]
"""A measure of one face: its rows, and its calibration where there is one, to a frozen dataclass of
float64 columns `(n,)`, one value per row, NaN where not measured. Its fields are the measure's
parts."""


@dataclass(frozen=True)
class Part:
    """One number of a measure.

    Attributes:
        name: of the field in the signal's result.
        unit: such as "fraction" or "per minute".
        range: its values, in words.
        meaning: in one phrase.
        column: its name in the session file; empty where it is not there.
        empty_when: when it alone is empty, while the first part has a value; empty text if never.
    """

    name: str
    unit: str
    range: str
    meaning: str
    column: str = ""
    empty_when: str = ""


@dataclass(frozen=True)
class Measure:
    """A measure and everything that is shown beside it.

    Attributes:
        id: stable; names the measure in files.
        version: rises when the same rows would give other numbers.
        title: on screen.
        definition: how the parts follow from stored rows.
        parts: its numbers; the first is the one that stands for it.
        limits: what it cannot tell, in one sentence, shown wherever it is shown.
        window_s: length of its window in seconds; None where it has none of its own.
        needs: the parts of a calibration without each of which it is "not calibrated".
        least_rows_per_s: with fewer analysed rows a second it is empty; None where any rate does.
        sources: publications.
        reads: columns of the timeline without which it is empty; sessions of earlier versions lack
            some.
        fits_labels: whether a model with these labels has the classes it needs; None where any has.
        basis_column: of the session file: what each row's figure is relative to, or why it is
            empty; itself empty for a measure that is not in the file.
        only_calibrated: whether it is empty without what it needs.
        compute: its signal; None where it does not follow from the rows of one face.
    """

    id: str
    version: str
    title: str
    definition: str
    parts: tuple[Part, ...]
    limits: str
    window_s: float | None = None
    needs: tuple[CalibrationPart, ...] = ()
    least_rows_per_s: float | None = None
    sources: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    fits_labels: Callable[[tuple[str, ...]], bool] | None = None
    basis_column: str = ""
    only_calibrated: bool = False
    compute: Signal | None = None

    def is_calibrated(self, calibration: Calibration | None) -> bool:
        """Whether its figures rest on the person's own values, or need none."""
        return all(calibration is not None and calibration.has(part) for part in self.needs)
