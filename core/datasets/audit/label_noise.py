"""Labels that are probably wrong, by a model's judgement and by people's."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.datasets.audit.problem import Problem, ProblemKind
from core.domain import UNLABELLED

# Each flag costs a person a look. Of 300 labels changed among 15,035 that people agree on, flags
# from here on found 69 to 75 % and were right in 58 to 60 % (three draws); without this limit 84 to
# 87 % and 44 to 47 %: more than half of the looks in vain.
SURE = 0.7

_SENTENCE = (
    "A model that was not trained on the picture predicts another label with a confidence of "
    "at least 70 %, and confident learning (Northcutt et al. 2021) estimates that the label "
    "is wrong."
)


def find_label_errors(scores: NDArray[np.float32], labels: NDArray[np.int64]) -> Problem:
    """Pictures whose label a model contradicts that was fitted without them.

    Pictures without label or with NaN among their scores are left out: score 0, not flagged.

    Args:
        scores: float32, shape `(n, k)`, out-of-fold: each row in [0, 1] with sum 1, from a model
            that did not learn from this picture, or it would only repeat the label.
        labels: int64, shape `(n,)`, class numbers or `UNLABELLED`.
    Returns:
        Scores of 0.5 + half the margin by which the best other class wins: 1 is surely wrong.
    """
    problem = _no_problem(ProblemKind.LABEL, len(labels), _SENTENCE)
    judged = np.flatnonzero((labels != UNLABELLED) & np.isfinite(scores).all(axis=1))
    given, judgements = labels[judged], scores[judged].astype(np.float64)
    if len(np.unique(given)) < 2:
        return problem  # there is no other label that could be right
    # Here, as it takes seconds to import and only an audit needs it.
    from cleanlab.filter import find_label_issues
    from cleanlab.rank import get_label_quality_scores

    quality = get_label_quality_scores(given, judgements, method="normalized_margin")
    # Of the package's ways to choose, this one flags a picture only together with all that score
    # worse. On PublicTest and PrivateTest, 90 of 3,109 labels changed, it found 91 % of them and
    # was right in 65 %; its default found 90 % and was right in 48 %.
    flagged = find_label_issues(given, judgements, filter_by="low_normalized_margin", n_jobs=1)
    other = _best_other(judgements, given)
    sure = judgements[np.arange(len(other)), other] >= SURE
    problem.scores[judged] = np.clip(1 - quality, 0, 1)
    problem.flagged[judged] = flagged & sure
    problem.suggested[judged] = other
    return problem


def find_disputed(
    votes: NDArray[np.int64], others: NDArray[np.int64], labels: NDArray[np.int64]
) -> Problem:
    """Pictures of which more than half of the voters chose one and the same other label.

    Pictures without label or votes are left out: score 0, not flagged.

    Args:
        votes: int64, shape `(n, k)`: how many people chose each class.
        others: int64, shape `(n,)`: how many chose none of the classes.
        labels: int64, shape `(n,)`, class numbers or `UNLABELLED`.
    Returns:
        The share of voters that chose something else than the label.
    """
    problem = _no_problem(
        ProblemKind.DISPUTED,
        len(labels),
        "More than half of the annotators chose one and the same other label.",
    )
    voters = votes.sum(axis=1) + others
    counted = np.flatnonzero((labels != UNLABELLED) & (voters > 0))
    chosen, given = votes[counted], labels[counted]
    agree = chosen[np.arange(len(counted)), given]
    other = _best_other(chosen.astype(np.float64), given)
    problem.scores[counted] = 1 - agree / voters[counted]
    problem.flagged[counted] = 2 * chosen[np.arange(len(counted)), other] > voters[counted]
    problem.suggested[counted] = other
    return problem


def _no_problem(kind: ProblemKind, count: int, sentence: str) -> Problem:
    return Problem(
        kind,
        scores=np.zeros(count, dtype=np.float32),
        flagged=np.zeros(count, dtype=np.bool_),
        sentence=sentence,
        suggested=np.full(count, UNLABELLED, dtype=np.int64),
    )


def _best_other(values: NDArray[np.float64], labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """The class with the highest value beside the label's own; the first of equals."""
    masked = values.copy()
    masked[np.arange(len(labels)), labels] = -np.inf
    return np.asarray(masked.argmax(axis=1), dtype=np.int64)
