"""Selective classification: risk-coverage curve and the "not sure" threshold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.domain import Interval
from core.domain.intervals import share_interval
from core.evaluation.metrics.arrays import Counts, Floats

MOST_POINTS = 300


@dataclass(frozen=True, eq=False)
class RiskCoverage:
    """Risk-coverage curve of a model.

    Attributes:
        coverage: float64 `(m,)`: share of pictures answered, ascending to 1.
        risk: float64 `(m,)`: error rate on those.
        area: under the curve (AURC, Geifman et al. 2018); lower is better.
        answered: share of the pictures whose top score reaches the "not sure" threshold.
        accuracy_answered: accuracy on these; None without any.
        accuracy_not_sure: accuracy on the others; None without any.
    """

    coverage: Floats
    risk: Floats
    area: float
    answered: Interval
    accuracy_answered: Interval | None
    accuracy_not_sure: Interval | None


def risk_coverage(scores: Floats, truth: Counts, *, not_sure_below: float) -> RiskCoverage:
    """The curve of one model on one split.

    Among pictures of equal confidence errors are interpolated, as their order is arbitrary.

    Args:
        scores: `(n, k)`, rows sum to 1; n at least 1.
        truth: `(n,)`, class numbers.
        not_sure_below: top scores under this count as "not sure".
    """
    confidence, count = scores.max(axis=1), len(truth)
    wrong = scores.argmax(axis=1) != truth
    order = np.argsort(-confidence, kind="stable")
    ends = np.flatnonzero(np.concatenate([np.diff(confidence[order]) != 0, [True]])) + 1
    answered = np.arange(1, count + 1)
    errors = np.interp(
        answered,
        np.concatenate([[0], ends]),
        np.concatenate([[0], np.cumsum(wrong[order])[ends - 1]]),
    )
    risk = errors / answered
    shown = np.unique(np.linspace(0, count - 1, min(count, MOST_POINTS)).round().astype(np.int64))
    sure = confidence >= not_sure_below
    return RiskCoverage(
        answered[shown] / count,
        risk[shown],
        float(risk.mean()),
        share_interval(int(sure.sum()), count),
        _accuracy(~wrong[sure]),
        _accuracy(~wrong[~sure]),
    )


def _accuracy(right: np.ndarray) -> Interval | None:
    return share_interval(int(right.sum()), len(right)) if len(right) else None
