"""The figures of an answer, as screens, comparisons and files name them: each said once, here."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.domain.counted import percent
from core.domain.practice import HIGHEST_RATING
from core.measures import MEASURES
from core.practice.answers import Direction
from core.practice.measured_answer import MeasuredAnswer
from core.practice.sound import PAUSE_S, SOUND_LIMITS

FRACTION, SECONDS, SD, RANGES, COUNT = "fraction", "s", "SD", "ranges", "count"
_DIGITS = {SECONDS: 1, SD: 2, RANGES: 2, COUNT: 0, "per minute": 1, "dB": 1}
_SHORT = {"per minute": "/min"}  # on screen
_AS_PERCENT = {FRACTION, RANGES}


Read = Callable[[MeasuredAnswer], float | None]


@dataclass(frozen=True)
class AnswerMeasure:
    """One figure of an answer.

    Attributes:
        name: of its column.
        title: on screen.
        unit: such as "fraction" or "s".
        meaning: in one phrase.
        read: its value in an answer; None where it was not measured or not said.
        measure_id: of the measure whose definition, version and limits it has; empty for none.
        own_limits: what it cannot tell, where there is no such measure.
        series: of `AnswerSeries`, second by second; empty for none.
        within: the values that are possible.
        relative_to: the figure whose basis it shares; empty for its own.
    """

    name: str
    title: str
    unit: str
    meaning: str
    read: Read
    measure_id: str = ""
    own_limits: str = ""
    series: str = ""
    within: tuple[float, float] = (-math.inf, math.inf)
    relative_to: str = ""

    @property
    def limits(self) -> str:
        """What it cannot tell."""
        return MEASURES[self.measure_id].limits if self.measure_id else self.own_limits

    @property
    def version(self) -> str:
        """Of its measure; empty for none."""
        return MEASURES[self.measure_id].version if self.measure_id else ""

    def value(self, answer: MeasuredAnswer) -> float | None:
        """Its value where something may be said of the answer: nothing measured of one that is not
        readable, but for how much of it was, and not even that where all of it was deleted.
        """
        is_sayable = self.unit == RATING or answer.is_readable
        is_sayable = is_sayable or (self.name == "usable_share" and bool(answer.attempt.parts))
        return self.read(answer) if is_sayable else None

    def per_second(self, answer: MeasuredAnswer) -> NDArray[np.float64] | None:
        """Its values second by second, NaN where not measured; None where it has none."""
        return getattr(answer.series, self.series) if self.series else None

    def basis(self, answer: MeasuredAnswer) -> str:
        """What its value is relative to, in the words of the session file; empty for nothing."""
        return answer.figures.basis.get(self.relative_to or self.name, "")

    def written(self, value: float | None) -> str:
        """A value as people read it."""
        if value is None:
            return "-"
        if self.unit in _AS_PERCENT:
            return percent(value)
        if self.unit == RATING:
            return f"{value:.0f} of {HIGHEST_RATING}"
        number = f"{value:.{_DIGITS[self.unit]}f}"
        return number if self.unit == COUNT else f"{number} {_SHORT.get(self.unit, self.unit)}"


def _figure(name: str) -> Read:
    return lambda answer: _number(getattr(answer.figures, name))


def _sound(name: str) -> Read:
    return lambda answer: _number(getattr(answer.figures.sound, name, None))


def _looked(direction: Direction) -> Read:
    return lambda answer: _number(answer.figures.looked_s.get(direction))


def _report(name: str) -> Read:
    return lambda answer: _number(getattr(answer.attempt.report, name, None))


def _number(found: float | None) -> float | None:
    return None if found is None else float(found)


RATING = "0 to 10"
_SHARE, _POSITIVE = (0.0, 1.0), (0.0, math.inf)
_OWN_WORDS = "The person's own view, given before the figures were shown: not measured."
_SOUND_WORDS = " ".join(SOUND_LIMITS)

_FACE_MEASURES = (
    AnswerMeasure(
        "usable_share",
        "Readable",
        FRACTION,
        "share of the answer in which the face could be read",
        _figure("usable_share"),
        own_limits="It tells how much could be measured, and nothing about the answer.",
        series="usable",
        within=_SHARE,
    ),
    AnswerMeasure(
        "facing_share",
        "Facing the screen",
        FRACTION,
        "share of the measured time with the head to the screen",
        _figure("facing_share"),
        "facing",
        series="facing",
        within=_SHARE,
    ),
    AnswerMeasure(
        "expressiveness",
        "Expressiveness",
        RANGES,
        "mean movement of the face, in ranges of a still face",
        _figure("expressiveness"),
        "expressiveness",
        series="expressiveness",
        within=_POSITIVE,
    ),
    AnswerMeasure(
        "expressiveness_percentile",
        "Expressiveness among own answers",
        FRACTION,
        "share of the person's own earlier answers with less movement; from five on",
        _figure("expressiveness_percentile"),
        "expressiveness",
        relative_to="expressiveness",
    ),
    AnswerMeasure(
        "tension",
        "Tension",
        SD,
        "mean of lowered brows, pressed and rolled-in lips, in SD above the own calm face",
        _figure("tension"),
        "tension",
        series="tension",
    ),
    AnswerMeasure(
        "confident_share",
        "Confident shown",
        FRACTION,
        "mean probability that confident is shown, of confident and stressed",
        _figure("confident_share"),
        "confident_stressed",
        series="confident",
        within=_SHARE,
    ),
    AnswerMeasure(
        "smile_share",
        "Smile",
        FRACTION,
        "share of the time with a smile",
        _figure("smile_share"),
        "smile",
    ),
    AnswerMeasure(
        "nods", "Nods", COUNT, "number of series of nods", _figure("nods"), "head_gestures"
    ),
    AnswerMeasure(
        "mouth_moving_share",
        "Mouth moving",
        FRACTION,
        "share of the time in which the mouth moves",
        _figure("mouth_moving_share"),
        "mouth_moving",
    ),
    AnswerMeasure(
        "eyes_closed_share",
        "Eyes closed",
        FRACTION,
        "share of the time with closed eyes",
        _figure("eyes_closed_share"),
        "eyes",
    ),
    AnswerMeasure(
        "blinks_per_min",
        "Blinks",
        "per minute",
        "blinks per minute",
        _figure("blinks_per_min"),
        "blinks",
    ),
)

_LOOKS = tuple(
    AnswerMeasure(
        f"looked_{direction}_s",
        f"Looked {direction}",
        SECONDS,
        f"seconds with the head away from the screen, to {direction}",
        _looked(direction),
        "facing",
        within=_POSITIVE,
        relative_to="facing_share",
    )
    for direction in Direction
)


def _of_sound(name: str, title: str, unit: str, meaning: str, **further: Any) -> AnswerMeasure:
    read = _sound(name)
    return AnswerMeasure(name, title, unit, meaning, read, own_limits=_SOUND_WORDS, **further)


_SOUND_MEASURES = (
    _of_sound(
        "speaking_share",
        "Speaking",
        FRACTION,
        "share of the measured time with speech",
        series="speaking",
        within=_SHARE,
    ),
    _of_sound("pauses", "Pauses", COUNT, f"silences of at least {PAUSE_S:g} s between speech"),
    _of_sound("longest_pause_s", "Longest pause", SECONDS, "the longest of these silences"),
    _of_sound("first_word_s", "First word after", SECONDS, "from the begin to the first speech"),
    _of_sound("loudness_sd_db", "Loudness spread", "dB", "SD of the level while speaking"),
    _of_sound(
        "mouth_agreement",
        "Mouth and sound agree",
        FRACTION,
        "share of moments in which level and moving mouth agree on whether the person speaks",
    ),
)

CALM = AnswerMeasure(
    "calm", "Calm, own view", RATING, "how calm", _report("calm"), own_limits=_OWN_WORDS
)
_SATISFIED = AnswerMeasure(
    *("satisfied", "Satisfied, own view", RATING, "how satisfied", _report("satisfied")),
    own_limits=_OWN_WORDS,
)

ANSWER_MEASURES = (*_FACE_MEASURES, *_LOOKS, *_SOUND_MEASURES, CALM, _SATISFIED)
"""All of them, in the order of files."""

BY_NAME = {one.name: one for one in ANSWER_MEASURES}


def on_one_basis(
    measure: AnswerMeasure, answers: Sequence[MeasuredAnswer]
) -> tuple[MeasuredAnswer, ...]:
    """The answers that have a value of this measure on the basis of the last one that has: those
    that were calibrated and those that were not are no one series.
    """
    known = [one for one in answers if measure.value(one) is not None]
    return tuple(one for one in known if measure.basis(one) == measure.basis(known[-1]))
