"""Derived from stored predictions: metrics by protocol, errors, label noise, FER+ votes."""

from core.evaluation.scorecard import errors, sentences
from core.evaluation.scorecard.errors import (
    ConfusedPair,
    ErrorFilter,
    ErrorKind,
    ErrorSummary,
    EvaluatedPictures,
    compare_subset,
    confused_pairs,
    evaluated_pictures,
    passes,
    summarise,
)
from core.evaluation.scorecard.ferplus import FerPlus, fer_plus
from core.evaluation.scorecard.label_noise import (
    AuditedDataset,
    LabelNoise,
    suspected_by_model,
    suspected_by_others,
)
from core.evaluation.scorecard.protocols import (
    DUPLICATE_FILTERS,
    Protocol,
    duplicate_counts,
    joined_votes,
    protocols_of,
    under_map,
    without_duplicates,
)
from core.evaluation.scorecard.scorecard_metrics import (
    ClassFigures,
    ScorecardMetrics,
    ScoreFigures,
    figures_of,
    score_figures_of,
)
from core.evaluation.scorecard.summary import summary_of, summary_table

__all__ = [
    "DUPLICATE_FILTERS",
    "AuditedDataset",
    "ClassFigures",
    "ConfusedPair",
    "ErrorFilter",
    "ErrorKind",
    "ErrorSummary",
    "EvaluatedPictures",
    "FerPlus",
    "LabelNoise",
    "Protocol",
    "ScoreFigures",
    "ScorecardMetrics",
    "compare_subset",
    "confused_pairs",
    "duplicate_counts",
    "errors",
    "evaluated_pictures",
    "fer_plus",
    "figures_of",
    "joined_votes",
    "passes",
    "protocols_of",
    "score_figures_of",
    "sentences",
    "summarise",
    "summary_of",
    "summary_table",
    "suspected_by_model",
    "suspected_by_others",
    "under_map",
    "without_duplicates",
]
