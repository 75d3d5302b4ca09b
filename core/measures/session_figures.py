"""Every measure of one face as a figure over a session, or a part of it.

Figures follow from the columns of the session file: means over the seconds in which a measure has a
value, and the share of the face's time that these are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.domain.counted import percent
from core.measures.basis import OTHER_CLASSES, TOO_LITTLE
from core.measures.measure import Measure, Part
from core.measures.registry import MEASURES
from core.measures.session_measures import Columns
from core.measures.signals.movement_view import NOT_CALIBRATED
from core.measures.windows import ENOUGH_OF_WINDOW

Floats = NDArray[np.float64]

_TIME = " of the time"
_SUFFIXES = {"facing": _TIME, "eyes": _TIME, "smile": " from rest"}
_SUFFIXES |= {"confident_stressed": " confident"}
_UNITS = {"SD": "{:+.1f} SD", "per minute": "{:.1f} per minute"}


@dataclass(frozen=True)
class MeasureFigure:
    """One measure over the time looked at.

    Attributes:
        measure: whose figure it is.
        values: name of a part in the file -> its mean over the seconds that have one; without any
            where nothing was measured.
        measured_share: of the face's time in view, in [0, 1].
        basis: what it is relative to, or why it is empty, as in the file; of most of that time.
    """

    measure: Measure
    values: Mapping[str, float]
    measured_share: float
    basis: str

    @property
    def text(self) -> str:
        """The figure in the measure's unit, or "not measured", or where it is instead."""
        if not self.values:
            return _without_figure(self.measure)
        if self.measure.id == "head_gestures":
            nod, shake = (percent(self.values[name]) for name in ("nod", "shake"))
            return f"nods {nod}, shakes {shake}"
        main = self.measure.parts[0]
        return _text_of(main, self.values[main.name]) + _SUFFIXES.get(self.measure.id, "")

    @property
    def note(self) -> str:
        """What the figure rests on, or why there is none, in a few words."""
        if not self.values:
            return _reason(self.measure, self.basis)
        share = f"{percent(self.measured_share)} measured"
        return f"{self.basis} · {share}" if self.basis else share

    @property
    def help(self) -> str:
        """Its definition, and what it cannot tell."""
        return f"{self.measure.definition} {self.measure.limits}"


def measure_figures(seconds: Floats, columns: Columns) -> tuple[MeasureFigure, ...]:
    """A figure for each measure, in the order of the registry; those of the file may have a value.

    Args:
        seconds: float64 `(n,)`, duration of each row of one face (`seconds_of_rows`, as in the
            file).
        columns: `measure_session` at these rows.
    """
    return tuple(_figure(measure, seconds, columns) for measure in MEASURES.values())


def _figure(measure: Measure, seconds: Floats, columns: Columns) -> MeasureFigure:
    parts = [part for part in measure.parts if part.column]
    if not parts:
        return MeasureFigure(measure, {}, 0.0, "")
    known = ~np.isnan(columns[parts[0].column])
    means = {part.name: _mean(columns[part.column], seconds) for part in parts}
    values = {name: one for name, one in means.items() if one is not None} if known.any() else {}
    total_s = float(seconds.sum())
    basis = columns[measure.basis_column] if measure.basis_column else np.full(len(known), "")
    return MeasureFigure(
        measure=measure,
        values=values,
        measured_share=float(seconds[known].sum()) / total_s if total_s > 0 else 0.0,
        basis=_most_of(basis[known] if values else basis, seconds[known] if values else seconds),
    )


def _mean(values: Floats, seconds: Floats) -> float | None:
    known = ~np.isnan(values)
    known_s = float(seconds[known].sum())
    return float(values[known] @ seconds[known]) / known_s if known_s > 0 else None


def _most_of(texts: NDArray[Any], seconds: Floats) -> str:
    """The text of most of the seconds; empty for none."""
    import pandas as pd

    if not len(texts):
        return ""
    return str(pd.Series(seconds).groupby(pd.Series(texts, dtype=object)).sum().idxmax())


def _text_of(part: Part, value: float) -> str:
    if part.unit in _UNITS:
        return _UNITS[part.unit].format(value)
    if part.unit == "ranges":  # as the live page writes it
        return f"{percent(value)} of its range"
    if part.range == "0, 1":
        return f"{percent(value)}{_TIME}"
    if part.range == "0 to 100":
        return f"{value:.0f} of 100"
    return f"{value:+.2f}" if part.range.startswith("-") else percent(value)


def _without_figure(measure: Measure) -> str:
    if measure.compute is None:
        return "of a group only"
    if not any(part.column for part in measure.parts):
        return "in the index laboratory"
    return "not measured"


def _reason(measure: Measure, basis: str) -> str:
    """Why there is no figure, as a sentence."""
    if measure.compute is None:
        return "A single face has none."
    if not any(part.column for part in measure.parts):
        return "It is there for comparison."
    if basis == NOT_CALIBRATED:
        return "It needs a calibration."
    if basis == OTHER_CLASSES:
        return "The model has no such classes."
    if basis.startswith("under") and basis != TOO_LITTLE:
        return f"It needs at least {measure.least_rows_per_s:.0f} analysed frames a second."
    if basis.startswith("no "):
        return f"{basis[:1].upper()}{basis[1:]} in this session."
    window_s = measure.window_s or 0.0
    enough_s = round(ENOUGH_OF_WINDOW * window_s, 1)  # 0.6 of 1 s, not 1 of 1
    return f"It needs {enough_s:g} of {window_s:g} s in which it could be measured."
