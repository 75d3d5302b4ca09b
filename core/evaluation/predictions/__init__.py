"""Stored predictions of models, and the pictures they belong to."""

from core.evaluation.predictions.evaluation import Evaluation, usual_first
from core.evaluation.predictions.evaluation_files import (
    GROUPS_FILE,
    HISTORY_FILE,
    ROBUSTNESS_FILE,
    VOTES_FILE,
    read_history,
    read_votes_part,
)
from core.evaluation.predictions.evaluation_store import (
    add_parts,
    list_evaluations,
    load_evaluation,
    load_predictions,
    read_part,
)
from core.evaluation.predictions.leakage import LEAKAGE_FILE, DuplicateLeakage, read_leakage
from core.evaluation.predictions.picture_lookup import FoundPictures, find_pictures, positions_of
from core.evaluation.predictions.picture_matching import match_predictions
from core.evaluation.predictions.predictions import (
    ANSWERS_FILE,
    SplitPredictions,
    predictions_by_split,
    read_predictions,
    write_predictions,
)

__all__ = [
    "ANSWERS_FILE",
    "GROUPS_FILE",
    "HISTORY_FILE",
    "LEAKAGE_FILE",
    "ROBUSTNESS_FILE",
    "VOTES_FILE",
    "DuplicateLeakage",
    "Evaluation",
    "FoundPictures",
    "SplitPredictions",
    "add_parts",
    "find_pictures",
    "list_evaluations",
    "load_evaluation",
    "load_predictions",
    "match_predictions",
    "positions_of",
    "predictions_by_split",
    "read_history",
    "read_leakage",
    "read_part",
    "read_predictions",
    "read_votes_part",
    "usual_first",
    "write_predictions",
]
