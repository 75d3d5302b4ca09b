"""Tries at one question, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.domain.intervals import Interval
from core.practice.answer_measures import BY_NAME, AnswerMeasure
from core.practice.comparison import Difference, difference, mean_with_interval
from core.practice.measured_answer import MeasuredAnswer

COMPARED = tuple(
    BY_NAME[name]
    for name in (
        *("facing_share", "tension", "expressiveness", "speaking_share", "pauses"),
        *("calm", "satisfied"),
    )
)
"""What tries are compared by."""


@dataclass(frozen=True)
class TryFigure:
    """A measure of one try.

    Attributes:
        value: None where it was not measured or not said.
        interval: 95 %; None where there is none, as of a person's own view.
    """

    value: float | None
    interval: Interval | None = None


@dataclass(frozen=True)
class ComparedMeasure:
    """A measure over tries.

    Attributes:
        measure: which.
        tries: one figure for each, in order.
        difference: of the last try from the first; None where it cannot be told.
        same_basis: whether first and last are relative to the same, such as the own calm face.
    """

    measure: AnswerMeasure
    tries: tuple[TryFigure, ...]
    difference: Difference | None
    same_basis: bool = True


def compared_tries(
    answers: Sequence[MeasuredAnswer], rng: np.random.Generator
) -> tuple[ComparedMeasure, ...]:
    """Each of `COMPARED` over tries at one question, in order.

    Of a try that is not readable nothing measured is compared. What no try has, as all of sound
    without a microphone, is left out.

    Args:
        rng: for the intervals; equal generators give equal ones.
    """
    known = [one for one in COMPARED if any(one.value(answer) is not None for answer in answers)]
    return tuple(_compared(measure, answers, rng) for measure in known)


def _compared(
    measure: AnswerMeasure, answers: Sequence[MeasuredAnswer], rng: np.random.Generator
) -> ComparedMeasure:
    tries = tuple(_figure(measure, one, rng) for one in answers)
    if len(answers) < 2 or not measure.series:
        return ComparedMeasure(measure, tries, None)
    first, last = answers[0], answers[-1]
    same_basis = measure.basis(first) == measure.basis(last)
    change = None
    if same_basis and first.is_readable and last.is_readable:
        before, after = measure.per_second(first), measure.per_second(last)
        if before is not None and after is not None:
            change = difference(before, after, rng)
    return ComparedMeasure(measure, tries, change, same_basis)


def _figure(measure: AnswerMeasure, answer: MeasuredAnswer, rng: np.random.Generator) -> TryFigure:
    value, per_second = measure.value(answer), measure.per_second(answer)
    if value is None or per_second is None:
        return TryFigure(value)
    found = mean_with_interval(per_second, rng, within=measure.within)
    return TryFigure(value, found)
