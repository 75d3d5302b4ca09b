"""What follows from kept answers: figures by protocol, errors, label noise, FER+ votes."""

from core.evaluation.scorecard import errors, sentences
from core.evaluation.scorecard.errors import (
    ConfusedPair,
    ErrorFilter,
    ErrorKind,
    ErrorSummary,
    JudgedPictures,
    confused_pairs,
    inside_outside,
    judged_pictures,
    passes,
    summarise,
)
from core.evaluation.scorecard.ferplus import FerPlus, fer_plus
from core.evaluation.scorecard.figures import (
    ClassFigures,
    Figures,
    ScoreFigures,
    figures_of,
    score_figures_of,
)
from core.evaluation.scorecard.label_noise import (
    Audited,
    DoubtfulLabels,
    doubted_by_model,
    doubted_by_others,
)
from core.evaluation.scorecard.protocols import (
    OWN,
    Protocol,
    joined_votes,
    protocols_of,
    repeat_counts,
    under_map,
    without_repeats,
)
from core.evaluation.scorecard.summary import summary_of, summary_table

__all__ = [
    "OWN",
    "Audited",
    "ClassFigures",
    "ConfusedPair",
    "DoubtfulLabels",
    "ErrorFilter",
    "ErrorKind",
    "ErrorSummary",
    "FerPlus",
    "Figures",
    "JudgedPictures",
    "Protocol",
    "ScoreFigures",
    "confused_pairs",
    "doubted_by_model",
    "doubted_by_others",
    "errors",
    "fer_plus",
    "figures_of",
    "inside_outside",
    "joined_votes",
    "judged_pictures",
    "passes",
    "protocols_of",
    "repeat_counts",
    "score_figures_of",
    "sentences",
    "summarise",
    "summary_of",
    "summary_table",
    "under_map",
    "without_repeats",
]
