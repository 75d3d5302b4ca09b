"""Models side by side on the same pictures, and beside published results and claims."""

from core.evaluation.comparison.candidates import (
    candidate_of,
    common_splits,
    comparable_evaluations,
    models_of,
    name_of,
    own_figure,
)
from core.evaluation.comparison.claims import JudgedClaim, Outcome, against
from core.evaluation.comparison.compare import compare_models
from core.evaluation.comparison.costs import Cost, cost_of, known, not_dominated, summed
from core.evaluation.comparison.disagreements import Disagreements, disagreements
from core.evaluation.comparison.judged_claims import Evidence, judged_claims, shares_in
from core.evaluation.comparison.published_results import (
    PEOPLE_AGREE,
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
from core.evaluation.comparison.report import ClassDifference, Comparison, Pair, Standing
from core.evaluation.comparison.sentences import advice, pair_sentence, verdict

__all__ = [
    "PEOPLE_AGREE",
    "PRIVATE_TEST",
    "RULES",
    "ClassDifference",
    "Comparison",
    "Cost",
    "Disagreements",
    "Evidence",
    "JudgedClaim",
    "Mark",
    "Outcome",
    "OwnFigure",
    "Pair",
    "PublishedRow",
    "RecipeFigures",
    "Standing",
    "advice",
    "against",
    "candidate_of",
    "common_splits",
    "comparable_evaluations",
    "compare_models",
    "cost_of",
    "disagreements",
    "judged_claims",
    "known",
    "models_of",
    "name_of",
    "not_dominated",
    "own_figure",
    "pair_sentence",
    "shares_in",
    "summary",
    "summed",
    "verdict",
    "with_own_results",
    "without_own_results",
]
