"""Tension over an answer, second by second, and its peaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.measures import ENOUGH_OF_WINDOW, binned_measure, tension_now
from core.practice.answers.answer_data import AnswerData
from core.practice.answers.remark import Third
from core.practice.answers.spans import Span, spans_where
from core.practice.answers.thirds import seconds_in_thirds, thirds_of

Floats = NDArray[np.float64]

SMOOTHED_S = 5
"""Seconds around each second: what is shorter than that is mostly speech."""

PEAK_SD = 2.0
"""Above the answer's own median: the person's usual face while answering. Sounds that close the
lips move it by less once it is smoothed."""

PEAK_TIMES_SPREAD = 2.0
"""And so many robust SD of the answer's own seconds: nothing stands out of what varies anyway."""


@dataclass(frozen=True, eq=False)
class TensionCourse:
    """Tension of each second, in SD above the own calm face, float64 `(n,)`; NaN where unknown.

    Attributes:
        smoothed: mean of `SMOOTHED_S` seconds around each.
    """

    smoothed: Floats

    def peak_between(self, begins_s: float, ends_s: float) -> tuple[float, float]:
        """Begin and end of the tensest `SMOOTHED_S` seconds whose middle lies in between."""
        first, last = int(begins_s), max(int(begins_s) + 1, int(ends_s))
        inside = np.nan_to_num(self.smoothed[first:last], nan=-np.inf)
        middle_s = first + int(inside.argmax()) + 0.5 if len(inside) else begins_s
        half_s = SMOOTHED_S / 2
        return max(0.0, middle_s - half_s), min(float(len(self.smoothed)), middle_s + half_s)

    def peaks(self) -> tuple[tuple[Span, float], ...]:
        """Stretches that stand out of the answer, each with its highest SD above the median."""
        known = self.smoothed[~np.isnan(self.smoothed)]
        if not len(known):
            return ()
        median = float(np.median(known))
        spread = 1.4826 * float(np.median(np.abs(known - median)))
        above = self.smoothed - median
        is_high = np.where(
            np.isnan(above), np.nan, above >= max(PEAK_SD, PEAK_TIMES_SPREAD * spread)
        )
        times = np.arange(len(above), dtype=np.float64)
        spans = spans_where(times, np.ones(len(above)), is_high, least_s=1.0, bridge_s=2.0)
        return tuple(
            (one, float(np.nanmax(above[int(one.begins_s) : int(one.ends_s)]))) for one in spans
        )


def tension_course(data: AnswerData) -> TensionCourse:
    """Of an answer; a second needs `ENOUGH_OF_WINDOW` of the seconds around it."""
    if data.length_s <= 0:
        return TensionCourse(np.zeros(0))
    values = tension_now(data.rows, data.calibration)
    _, means = binned_measure(data.rows, values, between_s=(0.0, data.length_s), step_s=1.0)
    known = ~np.isnan(means)
    kernel = np.ones(SMOOTHED_S)
    counts = np.convolve(known, kernel, "full")[SMOOTHED_S // 2 :][: len(means)]
    around = np.convolve(np.ones(len(means)), kernel, "full")[SMOOTHED_S // 2 :][: len(means)]
    sums = np.convolve(np.nan_to_num(means), kernel, "full")[SMOOTHED_S // 2 :][: len(means)]
    smoothed = np.full(len(means), np.nan)
    np.divide(sums, counts, out=smoothed, where=counts >= ENOUGH_OF_WINDOW * around)
    return TensionCourse(smoothed)


def tension_of_thirds(data: AnswerData) -> Mapping[Third, float]:
    """Mean tension of each third of which enough was measured; none of a short answer."""
    values = tension_now(data.rows, data.calibration)
    known = ~np.isnan(values)
    known_s = seconds_in_thirds(data, known.astype(np.float64))
    totals = seconds_in_thirds(data, np.where(known, values, 0.0))
    return {
        third: totals[third] / known_s[third]
        for third in thirds_of(data)
        if known_s[third] >= ENOUGH_OF_WINDOW * data.length_s / len(Third)
    }
