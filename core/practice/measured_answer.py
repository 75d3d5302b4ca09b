"""One answer with everything that is said of it: figures, course, remarks and moments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.domain.practice import Attempt, MomentAnswer
from core.practice.answer_marks import AnswerMark, marks_of
from core.practice.answers import (
    AnswerFigures,
    AnswerSeries,
    Moment,
    Remark,
    answer_data,
    compared,
    feedback,
    figures_of,
    moments_of,
    readable,
    series_of,
)
from core.practice.store.reports import moment_answers
from core.sessions import SessionStore


@dataclass(frozen=True, eq=False)
class MeasuredAnswer:
    """What was measured of one try, and what the person said of it.

    Attributes:
        attempt: with the person's own report.
        figures: of the whole answer.
        series: second by second.
        remarks: at most three; none where the answer is not readable.
        moments: candidates, in time order.
        answers: what the person said of moments.
        marks: that they set while they answered, in time order.
    """

    attempt: Attempt
    figures: AnswerFigures
    series: AnswerSeries
    remarks: tuple[Remark, ...]
    moments: tuple[Moment, ...]
    answers: tuple[MomentAnswer, ...] = ()
    marks: tuple[AnswerMark, ...] = ()

    @property
    def is_readable(self) -> bool:
        """Whether enough of it was usable to say anything."""
        return readable(self.figures)


def measured_answer(
    store: SessionStore, attempt: Attempt, earlier: Sequence[AnswerFigures] = ()
) -> MeasuredAnswer:
    """Measure an answer from its stored rows.

    Args:
        earlier: of the person's own answers before it, for the percentile.
    Raises:
        StoreError: the database cannot be read.
        UnknownPractice: the try was deleted.
    """
    data = answer_data(store, attempt)
    figures = compared(figures_of(data), earlier)
    is_readable = readable(figures)
    return MeasuredAnswer(
        attempt=attempt,
        figures=figures,
        series=series_of(data),
        remarks=tuple(feedback(figures, data)) if is_readable else (),
        moments=moments_of(data) if is_readable else (),
        answers=moment_answers(store, attempt.id),
        marks=marks_of(store, attempt),
    )


def figures_of_attempt(store: SessionStore, attempt: Attempt) -> AnswerFigures:
    """The figures of a try alone, to compare others with.

    Raises:
        StoreError: the database cannot be read.
    """
    return figures_of(answer_data(store, attempt))
