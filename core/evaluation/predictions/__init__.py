"""What models answered, on disk, and which pictures these answers belong to."""

from core.evaluation.predictions.evaluation import Evaluation, usual_first
from core.evaluation.predictions.evaluation_files import (
    CONDITIONS_FILE,
    GROUPS_FILE,
    HISTORY_FILE,
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
from core.evaluation.predictions.leakage import REPEATS_FILE, DuplicateLeakage, read_leakage
from core.evaluation.predictions.picture_lookup import FoundPictures, find_pictures, positions_of
from core.evaluation.predictions.picture_matching import matched
from core.evaluation.predictions.predictions import (
    ANSWERS_FILE,
    SplitPredictions,
    kept_answers,
    read_answers,
    write_answers,
)

__all__ = [
    "ANSWERS_FILE",
    "CONDITIONS_FILE",
    "GROUPS_FILE",
    "HISTORY_FILE",
    "REPEATS_FILE",
    "VOTES_FILE",
    "DuplicateLeakage",
    "Evaluation",
    "FoundPictures",
    "SplitPredictions",
    "add_parts",
    "find_pictures",
    "kept_answers",
    "list_evaluations",
    "load_evaluation",
    "load_predictions",
    "matched",
    "positions_of",
    "read_answers",
    "read_history",
    "read_leakage",
    "read_part",
    "read_votes_part",
    "usual_first",
    "write_answers",
]
