"""What follows from kept answers: figures by protocol, errors, label noise, FER+ votes."""

from core.evaluation.scorecard import errors, sentences
from core.evaluation.scorecard.errors import (
    ConfusedPair,
    ErrorFilter,
    ErrorKind,
    ErrorSummary,
    EvaluatedPictures,
    confused_pairs,
    evaluated_pictures,
    inside_outside,
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
    LabelNoise,
    suspected_by_model,
    suspected_by_others,
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
    "ErrorFilter",
    "ErrorKind",
    "ErrorSummary",
    "EvaluatedPictures",
    "FerPlus",
    "Figures",
    "LabelNoise",
    "Protocol",
    "ScoreFigures",
    "confused_pairs",
    "errors",
    "evaluated_pictures",
    "fer_plus",
    "figures_of",
    "inside_outside",
    "joined_votes",
    "passes",
    "protocols_of",
    "repeat_counts",
    "score_figures_of",
    "sentences",
    "summarise",
    "summary_of",
    "summary_table",
    "suspected_by_model",
    "suspected_by_others",
    "under_map",
    "without_repeats",
]
