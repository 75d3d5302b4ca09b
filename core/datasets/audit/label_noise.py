"""Label noise: labels that a model or the annotators' votes contradict."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.datasets.audit.problem import Problem, ProblemKind
from core.domain import UNLABELLED

# Every flag has to be reviewed by a person. With 300 changed labels among 15,035 undisputed ones,
# this threshold gave a recall of 69 to 75 % and a precision of 58 to 60 % (three draws); without it
# 84 to 87 % and 44 to 47 %: more than half of the reviews in vain.
LABEL_ERROR_CONFIDENCE = 0.7

_SENTENCE = (
    "A model that was not trained on the picture predicts another label with a confidence of "
    "at least 70 %, and confident learning (Northcutt et al. 2021) estimates that the label "
    "is wrong."
)


def find_label_errors(scores: NDArray[np.float32], labels: NDArray[np.int64]) -> Problem:
    """Likely label errors by confident learning (Northcutt et al. 2021).

    Pictures without label or with NaN among their scores are left out: score 0, not flagged.

    Args:
        scores: float32, shape `(n, k)`, out-of-fold: each row in [0, 1] with sum 1, from a model
            that was not trained on this picture.
        labels: int64, shape `(n,)`, class numbers or `UNLABELLED`.
    Returns:
        Scores of 0.5 + half the margin by which the best other class wins; 1 is the worst.
    """
    problem = _empty_problem(ProblemKind.LABEL, len(labels), _SENTENCE)
    scored = np.flatnonzero((labels != UNLABELLED) & np.isfinite(scores).all(axis=1))
    given, probabilities = labels[scored], scores[scored].astype(np.float64)
    if len(np.unique(given)) < 2:
        return problem  # with one class, no other label is possible
    # Imported here: it takes seconds, and only an audit needs it.
    from cleanlab.filter import find_label_issues
    from cleanlab.rank import get_label_quality_scores

    quality = get_label_quality_scores(given, probabilities, method="normalized_margin")
    # This filter is consistent with the ranking: a picture is flagged only together with all that
    # score worse. On PublicTest and PrivateTest with 90 of 3,109 labels changed, its recall was
    # 91 % and its precision 65 %; the default filter's were 90 % and 48 %.
    flagged = find_label_issues(given, probabilities, filter_by="low_normalized_margin", n_jobs=1)
    other = _best_other_class(probabilities, given)
    confident = probabilities[np.arange(len(other)), other] >= LABEL_ERROR_CONFIDENCE
    problem.scores[scored] = np.clip(1 - quality, 0, 1)
    problem.flagged[scored] = flagged & confident
    problem.suggested[scored] = other
    return problem


def find_disputed(
    votes: NDArray[np.int64], others: NDArray[np.int64], labels: NDArray[np.int64]
) -> Problem:
    """Pictures for which more than half of the annotators chose the same other label.

    Pictures without label or votes are left out: score 0, not flagged.

    Args:
        votes: int64, shape `(n, k)`: how many people chose each class.
        others: int64, shape `(n,)`: how many chose none of the classes.
        labels: int64, shape `(n,)`, class numbers or `UNLABELLED`.
    Returns:
        Scores: the share of annotators that did not choose the label.
    """
    problem = _empty_problem(
        ProblemKind.DISPUTED,
        len(labels),
        "More than half of the annotators chose one and the same other label.",
    )
    voters = votes.sum(axis=1) + others
    voted = np.flatnonzero((labels != UNLABELLED) & (voters > 0))
    vote_counts, given = votes[voted], labels[voted]
    agree = vote_counts[np.arange(len(voted)), given]
    other = _best_other_class(vote_counts.astype(np.float64), given)
    problem.scores[voted] = 1 - agree / voters[voted]
    problem.flagged[voted] = 2 * vote_counts[np.arange(len(voted)), other] > voters[voted]
    problem.suggested[voted] = other
    return problem


def _empty_problem(kind: ProblemKind, count: int, sentence: str) -> Problem:
    return Problem(
        kind,
        scores=np.zeros(count, dtype=np.float32),
        flagged=np.zeros(count, dtype=np.bool_),
        sentence=sentence,
        suggested=np.full(count, UNLABELLED, dtype=np.int64),
    )


def _best_other_class(values: NDArray[np.float64], labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """The class with the highest value other than the label; the first of ties."""
    masked = values.copy()
    masked[np.arange(len(labels)), labels] = -np.inf
    return np.asarray(masked.argmax(axis=1), dtype=np.int64)
