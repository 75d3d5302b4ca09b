"""Comparison of models on the same pictures, with published results and with claims."""

from core.evaluation.comparison.candidates import (
    common_splits,
    comparable_evaluations,
    compared_model,
    models_of,
    name_of,
    own_figure,
)
from core.evaluation.comparison.claim_checks import Evidence, check_claims, measured_shares
from core.evaluation.comparison.claims import CheckedClaim, Outcome, outcome_of
from core.evaluation.comparison.compare import compare_models
from core.evaluation.comparison.costs import Cost, cost_of, known_costs, pareto_front, total_cost
from core.evaluation.comparison.disagreements import Disagreements, disagreements
from core.evaluation.comparison.published_results import (
    HUMAN_AGREEMENT,
    PRIVATE_TEST,
    RULES,
    Mark,
    OwnFigure,
    PublishedRow,
    summary,
    with_own_results,
    without_own_results,
)
from core.evaluation.comparison.recipe_figures import RecipeFigures
from core.evaluation.comparison.report import ClassDifference, Comparison, ModelMetrics, ModelPair
from core.evaluation.comparison.sentences import advice, conclusion, pair_sentence

__all__ = [
    "HUMAN_AGREEMENT",
    "PRIVATE_TEST",
    "RULES",
    "CheckedClaim",
    "ClassDifference",
    "Comparison",
    "Cost",
    "Disagreements",
    "Evidence",
    "Mark",
    "ModelMetrics",
    "ModelPair",
    "Outcome",
    "OwnFigure",
    "PublishedRow",
    "RecipeFigures",
    "advice",
    "check_claims",
    "common_splits",
    "comparable_evaluations",
    "compare_models",
    "compared_model",
    "conclusion",
    "cost_of",
    "disagreements",
    "known_costs",
    "measured_shares",
    "models_of",
    "name_of",
    "outcome_of",
    "own_figure",
    "pair_sentence",
    "pareto_front",
    "summary",
    "total_cost",
    "with_own_results",
    "without_own_results",
]
