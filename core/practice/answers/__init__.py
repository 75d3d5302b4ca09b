"""What was measured of one answer: figures, remarks, moments, and its course over time."""

from core.practice.answers.answer_data import AnswerData, answer_data, recorded_answer
from core.practice.answers.answer_figures import (
    ENOUGH_EARLIER,
    AnswerFigures,
    compared,
    figures_of,
    readable,
)
from core.practice.answers.answer_series import AnswerSeries, series_of
from core.practice.answers.feedback import feedback
from core.practice.answers.head_direction import Direction
from core.practice.answers.moments import (
    Moment,
    MomentAgreement,
    agreement_with_moments,
    moments_of,
)
from core.practice.answers.readability import (
    REMEDY_TEXT,
    Hindrance,
    hindrance_text,
    remedy_text,
)
from core.practice.answers.remark import Remark, RemarkKind, Third
from core.practice.answers.remark_text import remark_text

__all__ = [
    "ENOUGH_EARLIER",
    "REMEDY_TEXT",
    "AnswerData",
    "AnswerFigures",
    "AnswerSeries",
    "Direction",
    "Hindrance",
    "Moment",
    "MomentAgreement",
    "Remark",
    "RemarkKind",
    "Third",
    "agreement_with_moments",
    "answer_data",
    "compared",
    "feedback",
    "figures_of",
    "hindrance_text",
    "moments_of",
    "readable",
    "recorded_answer",
    "remark_text",
    "remedy_text",
    "series_of",
]
