"""Which remarks an answer gets."""

from __future__ import annotations

from core.practice.answers.answer_data import AnswerData
from core.practice.answers.answer_figures import AnswerFigures, readable
from core.practice.answers.remark import MOST_REMARKS, Remark, RemarkKind


def feedback(figures: AnswerFigures, data: AnswerData) -> tuple[Remark, ...]:
    """At most `MOST_REMARKS` remarks, most important first; none where it is not readable.

    Where nothing stands out it is one neutral fact.

    Args:
        figures: of these data, `compared` with earlier answers where there are any.
    """
    if not readable(figures):
        return ()
    return (_neutral(figures, data),)[:MOST_REMARKS]


def _neutral(figures: AnswerFigures, data: AnswerData) -> Remark:
    if figures.facing_share is None:
        usable_s = figures.usable_share * figures.length_s
        return Remark(RemarkKind.MEASURED, 0.0, data.length_s, usable_s, figures.length_s)
    facing_s = figures.facing_share * figures.facing_known_s
    return Remark(RemarkKind.FACING, 0.0, data.length_s, facing_s, figures.facing_known_s)
