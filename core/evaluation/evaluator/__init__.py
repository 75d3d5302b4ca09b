"""Runs evaluations: models or ensembles on a dataset, with test-time augmentation if requested."""

from core.evaluation.evaluator.describe import store_evaluation
from core.evaluation.evaluator.evaluation_parts import labelled
from core.evaluation.evaluator.inputs import EvaluationInputs, open_inputs
from core.evaluation.evaluator.plan import EvaluationPlan
from core.evaluation.evaluator.recalibrate import calibrate, has_own_logits, splits_for
from core.evaluation.evaluator.reopen import ReopenedEvaluation
from core.evaluation.evaluator.test_time_augmentation import VIEWS

__all__ = [
    "VIEWS",
    "EvaluationInputs",
    "EvaluationPlan",
    "ReopenedEvaluation",
    "calibrate",
    "has_own_logits",
    "labelled",
    "open_inputs",
    "splits_for",
    "store_evaluation",
]
