"""A plan becomes an evaluation: models answer pictures, alone, mirrored or as an ensemble."""

from core.evaluation.evaluator.case import Case, open_case
from core.evaluation.evaluator.case_files import labelled
from core.evaluation.evaluator.describe import keep
from core.evaluation.evaluator.plan import EvaluationPlan
from core.evaluation.evaluator.recalibrate import calibrate, holds_own_answers, splits_for
from core.evaluation.evaluator.reopen import ReopenedEvaluation
from core.evaluation.evaluator.test_time_augmentation import VIEWS

__all__ = [
    "VIEWS",
    "Case",
    "EvaluationPlan",
    "ReopenedEvaluation",
    "calibrate",
    "holds_own_answers",
    "keep",
    "labelled",
    "open_case",
    "splits_for",
]
