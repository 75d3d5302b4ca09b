"""ROC and precision-recall curves of one class against all others, and the areas under them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain import Interval
from core.domain.intervals import Z95
from core.evaluation.metrics.arrays import Floats

MOST_POINTS = 300
"""Of a curve: more cannot be distinguished on a screen."""


@dataclass(frozen=True, eq=False)
class ClassCurves:
    """ROC and precision-recall curve of one class against the others.

    Attributes:
        label: the class.
        positives: its number of pictures.
        false_positive_rate, true_positive_rate: float64 `(m,)`, from (0, 0) to (1, 1).
        recall, precision: float64 `(p,)`, from the highest threshold on.
        auc: area under the first curve (DeLong's interval).
        average_precision: sum of precision times gain of recall (no interpolation).
    """

    label: str
    positives: int
    false_positive_rate: Floats
    true_positive_rate: Floats
    recall: Floats
    precision: Floats
    auc: Interval
    average_precision: Interval


def class_curves(label: str, scores: Floats, positive: NDArray[np.bool_]) -> ClassCurves | None:
    """Both curves of one class; None where it has no pictures, or the others have none.

    Args:
        label: the class.
        scores: float64 `(n,)`; larger means more likely this class.
        positive: bool `(n,)`.
    """
    auc = roc_auc(scores, positive)
    if auc is None:
        return None
    hits, predicted = _counts_by_threshold(scores, positive)
    positives, negatives = int(positive.sum()), int((~positive).sum())
    false_rate = np.concatenate([[0.0], (predicted - hits) / negatives])
    true_rate = np.concatenate([[0.0], hits / positives])
    precision, recall = hits / predicted, hits / positives
    roc_points, pr_points = _downsampled(false_rate), _downsampled(recall)
    return ClassCurves(
        label,
        positives,
        false_rate[roc_points],
        true_rate[roc_points],
        recall[pr_points],
        precision[pr_points],
        auc,
        average_precision(scores, positive),
    )


def average_precision(scores: Floats, positive: NDArray[np.bool_]) -> Interval:
    """Area under the precision-recall steps, with the logit interval of Boyd et al. (2013).

    Raises:
        ValueError: no picture is of this class.
    """
    positives = int(positive.sum())
    if positives == 0:
        raise ValueError("without a picture of the class there is no precision to average")
    hits, predicted = _counts_by_threshold(scores, positive)
    gains = np.diff(np.concatenate([[0.0], hits / positives]))
    value = min(1.0, float((gains * hits / predicted).sum()))
    if not 0.0 < value < 1.0:
        return Interval(value, value, value)
    middle, half = math.log(value / (1 - value)), Z95 / math.sqrt(positives * value * (1 - value))
    return Interval(value, min(value, _expit(middle - half)), max(value, _expit(middle + half)))


def _expit(logit: float) -> float:
    # Two branches, as exp of a large number overflows.
    if logit >= 0:
        return 1 / (1 + math.exp(-logit))
    return math.exp(logit) / (1 + math.exp(logit))


def _counts_by_threshold(scores: Floats, positive: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """At every distinct score, from the highest: positives at or above it, and all pictures."""
    order = np.argsort(-scores, kind="stable")
    ends = np.flatnonzero(np.concatenate([np.diff(scores[order]) != 0, [True]]))
    hits = np.cumsum(positive[order])[ends].astype(np.float64)
    return hits, (ends + 1).astype(np.float64)


def _downsampled(along: Floats) -> NDArray[np.int64]:
    """Positions of at most `MOST_POINTS` points along the curve; its ends are kept."""
    if len(along) <= MOST_POINTS:
        return np.arange(len(along))
    rank = np.linspace(0, len(along) - 1, MOST_POINTS // 2)
    even = np.searchsorted(along, np.linspace(along[0], along[-1], MOST_POINTS // 2))
    return np.unique(np.concatenate([rank.round().astype(np.int64), even.clip(0, len(along) - 1)]))


_ONE_SIDE = 0.025


def roc_auc(scores: NDArray[np.float64], positive: NDArray[np.bool_]) -> Interval | None:
    """Area under the ROC curve with its 95 % interval.

    The area is the probability that a positive picture scores above a negative one, ties counted
    half (Hanley & McNeil 1982); its variance is DeLong's (1988), by ranks (Sun & Xu 2014). It is
    0 for perfectly separated scores, and undefined for a single picture. The interval then ends at
    the area `a` with `a**m = 0.025`, where all of `m` independent pairs are in order with a
    probability of 2.5 %, `m` being the size of the smaller class.

    Args:
        scores: float64 `(n,)`; larger means more likely positive.
        positive: bool `(n,)`.
    Returns:
        None where there are no positive or no negative pictures.
    """
    from scipy.stats import rankdata

    positives, negatives = int(positive.sum()), int((~positive).sum())
    if positives == 0 or negatives == 0:
        return None
    ranks = rankdata(scores)
    # Share of the other class that each picture scores above, or below.
    above = (ranks[positive] - rankdata(scores[positive])) / negatives
    below = 1 - (ranks[~positive] - rankdata(scores[~positive])) / positives
    area = float(above.mean())
    pairs = min(positives, negatives)
    if pairs == 1 or area in {0.0, 1.0}:
        far = _ONE_SIDE ** (1 / pairs)
        return Interval(area, min(area, far), max(area, 1 - far))
    half = Z95 * float(np.sqrt(_variance_of_mean(above) + _variance_of_mean(below)))
    return Interval(area, max(0.0, area - half), min(1.0, area + half))


def _variance_of_mean(values: NDArray[np.float64]) -> float:
    return float(values.var(ddof=1)) / len(values)
