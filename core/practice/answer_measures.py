"""The figures of an answer, as screens, comparisons and files name them: each said once, here."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain.counted import percent
from core.domain.practice import HIGHEST_RATING
from core.measures import MEASURES, Measure
from core.practice.measured_answer import MeasuredAnswer

FRACTION, SECONDS, SD, RANGES, COUNT = "fraction", "s", "SD", "ranges", "count"
_DIGITS = {SECONDS: 1, SD: 2, RANGES: 2, COUNT: 0, "per minute": 1, "dB": 1}
_AS_PERCENT = {FRACTION, RANGES}


@dataclass(frozen=True)
class AnswerMeasure:
    """One figure of an answer.

    Attributes:
        name: of its column.
        title: on screen.
        unit: such as "fraction" or "s".
        meaning: in one phrase.
        measure_id: of the measure whose definition, version and limits it has; empty for none.
        own_limits: what it cannot tell, where there is no such measure.
        series: of `AnswerSeries`, second by second; empty for none.
        within: the values that are possible.
    """

    name: str
    title: str
    unit: str
    meaning: str
    measure_id: str = ""
    own_limits: str = ""
    series: str = ""
    within: tuple[float, float] = (-math.inf, math.inf)

    @property
    def measure(self) -> Measure | None:
        """The measure that it is a figure of."""
        return MEASURES[self.measure_id] if self.measure_id else None

    @property
    def limits(self) -> str:
        """What it cannot tell."""
        return self.own_limits if self.measure is None else self.measure.limits

    def value(self, answer: MeasuredAnswer) -> float | None:
        """Its value; None where it was not measured or not said."""
        if self.name in _OWN_REPORT:
            report = answer.attempt.report
            return None if report is None else float(_OWN_REPORT[self.name](report))
        found = getattr(answer.figures, self.name)
        return None if found is None else float(found)

    def per_second(self, answer: MeasuredAnswer) -> NDArray[np.float64] | None:
        """Its values second by second, NaN where not measured; None where it has none."""
        return getattr(answer.series, self.series) if self.series else None

    def basis(self, answer: MeasuredAnswer) -> str:
        """What its value is relative to, in the words of the session file; empty for nothing."""
        return answer.figures.basis.get(self.name, "")

    def written(self, value: float | None) -> str:
        """A value as people read it."""
        if value is None:
            return "-"
        if self.unit in _AS_PERCENT:
            return percent(value)
        if self.unit == _RATING:
            return f"{value:.0f} of {HIGHEST_RATING}"
        number = f"{value:.{_DIGITS[self.unit]}f}"
        return number if self.unit == COUNT else f"{number} {self.unit}"


_RATING = "0 to 10"
_OWN_REPORT: dict[str, Callable[..., int]] = {
    "calm": lambda report: report.calm,
    "satisfied": lambda report: report.satisfied,
}
_SHARE, _POSITIVE = (0.0, 1.0), (0.0, math.inf)
_OWN_WORDS = "The person's own view, given before the figures were shown: not measured."

_FACE_MEASURES = (
    AnswerMeasure(
        "usable_share",
        "Readable",
        FRACTION,
        "share of the answer in which the face could be read",
        own_limits="It tells how much could be measured, and nothing about the answer.",
        series="usable",
        within=_SHARE,
    ),
    AnswerMeasure(
        "facing_share",
        "Facing the screen",
        FRACTION,
        "share of the measured time with the head to the screen",
        "facing",
        series="facing",
        within=_SHARE,
    ),
    AnswerMeasure(
        "expressiveness",
        "Expressiveness",
        RANGES,
        "mean movement of the face, in ranges of a still face",
        "expressiveness",
        series="expressiveness",
        within=_POSITIVE,
    ),
    AnswerMeasure(
        "expressiveness_percentile",
        "Expressiveness among own answers",
        FRACTION,
        "share of the person's own earlier answers with less movement; from five on",
        "expressiveness",
    ),
    AnswerMeasure(
        "tension",
        "Tension",
        SD,
        "mean of lowered brows, pressed and rolled-in lips, in SD above the own calm face",
        "tension",
        series="tension",
    ),
    AnswerMeasure(
        "confident_share",
        "Confident shown",
        FRACTION,
        "mean probability that confident is shown, of confident and stressed",
        "confident_stressed",
        series="confident",
        within=_SHARE,
    ),
    AnswerMeasure("smile_share", "Smile", FRACTION, "share of the time with a smile", "smile"),
    AnswerMeasure("nods", "Nods", COUNT, "number of series of nods", "head_gestures"),
    AnswerMeasure(
        "mouth_moving_share",
        "Mouth moving",
        FRACTION,
        "share of the time in which the mouth moves",
        "mouth_moving",
    ),
    AnswerMeasure(
        "eyes_closed_share",
        "Eyes closed",
        FRACTION,
        "share of the time with closed eyes",
        "eyes",
    ),
    AnswerMeasure("blinks_per_min", "Blinks", "per minute", "blinks per minute", "blinks"),
)

CALM = AnswerMeasure("calm", "Calm, own view", _RATING, "how calm", own_limits=_OWN_WORDS)
SATISFIED = AnswerMeasure(
    "satisfied", "Satisfied, own view", _RATING, "how satisfied", own_limits=_OWN_WORDS
)

ANSWER_MEASURES = (*_FACE_MEASURES, CALM, SATISFIED)
"""All of them, in the order of files."""

BY_NAME = {one.name: one for one in ANSWER_MEASURES}
