"""ROC and precision-recall curves of one class against all others, and the areas under them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from core.domain import Interval
from core.evaluation.metrics.basics import Z95, Floats

MOST_POINTS = 300
"""As finely as a curve is drawn: more cannot be told apart on a screen."""


@dataclass(frozen=True, eq=False)
class ClassCurves:
    """How well one class is told from the others at every threshold.

    Attributes:
        label: the class.
        positives: pictures of it.
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
    hits, said = _counts_by_threshold(scores, positive)
    wins, losses = int(positive.sum()), int((~positive).sum())
    false_rate = np.concatenate([[0.0], (said - hits) / losses])
    true_rate = np.concatenate([[0.0], hits / wins])
    precision, recall = hits / said, hits / wins
    drawn, drawn_pr = _thinned(false_rate), _thinned(recall)
    return ClassCurves(
        label,
        wins,
        false_rate[drawn],
        true_rate[drawn],
        recall[drawn_pr],
        precision[drawn_pr],
        auc,
        average_precision(scores, positive),
    )


def average_precision(scores: Floats, positive: NDArray[np.bool_]) -> Interval:
    """Area under the precision-recall steps, with the logit interval of Boyd et al. (2013).

    Raises:
        ValueError: no picture is of this class.
    """
    wins = int(positive.sum())
    if wins == 0:
        raise ValueError("without a picture of the class there is no precision to average")
    hits, said = _counts_by_threshold(scores, positive)
    gains = np.diff(np.concatenate([[0.0], hits / wins]))
    value = min(1.0, float((gains * hits / said).sum()))
    if not 0.0 < value < 1.0:
        return Interval(value, value, value)
    middle, half = math.log(value / (1 - value)), Z95 / math.sqrt(wins * value * (1 - value))
    return Interval(value, min(value, _expit(middle - half)), max(value, _expit(middle + half)))


def _expit(logit: float) -> float:
    # Two branches, as exp of a large number overflows.
    if logit >= 0:
        return 1 / (1 + math.exp(-logit))
    return math.exp(logit) / (1 + math.exp(logit))


def _counts_by_threshold(scores: Floats, positive: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """At every different score, from the highest: positives at or above it, and all pictures."""
    order = np.argsort(-scores, kind="stable")
    ends = np.flatnonzero(np.concatenate([np.diff(scores[order]) != 0, [True]]))
    hits = np.cumsum(positive[order])[ends].astype(np.float64)
    return hits, (ends + 1).astype(np.float64)


def _thinned(along: Floats) -> NDArray[np.int64]:
    """Positions of at most so many points, evenly along the curve's length; the ends stay."""
    if len(along) <= MOST_POINTS:
        return np.arange(len(along))
    rank = np.linspace(0, len(along) - 1, MOST_POINTS // 2)
    even = np.searchsorted(along, np.linspace(along[0], along[-1], MOST_POINTS // 2))
    return np.unique(np.concatenate([rank.round().astype(np.int64), even.clip(0, len(along) - 1)]))


_ONE_SIDE = 0.025


def roc_auc(scores: NDArray[np.float64], positive: NDArray[np.bool_]) -> Interval | None:
    """Area under the ROC curve with its 95 % interval.

    The area is the chance that a positive picture scores above a negative one, ties counted half
    (Hanley & McNeil 1982); its variance is DeLong's (1988), by ranks (Sun & Xu 2014). That variance
    is 0 where nothing overlaps, and unknown for a single picture. The interval then ends where all
    of `m` pairs of different pictures would still be in order once in forty times, `m` being the
    smaller side: `a**m = 0.025`.

    Args:
        scores: float64 `(n,)`; larger means more likely positive.
        positive: bool `(n,)`.
    Returns:
        None where there are no positive or no negative pictures.
    """
    wins, losses = int(positive.sum()), int((~positive).sum())
    if wins == 0 or losses == 0:
        return None
    ranks = rankdata(scores)
    # How large a share of the other side each picture is above, or below.
    above = (ranks[positive] - rankdata(scores[positive])) / losses
    below = 1 - (ranks[~positive] - rankdata(scores[~positive])) / wins
    area = float(above.mean())
    pairs = min(wins, losses)
    if pairs == 1 or area in {0.0, 1.0}:
        far = _ONE_SIDE ** (1 / pairs)
        return Interval(area, min(area, far), max(area, 1 - far))
    half = Z95 * float(np.sqrt(_variance_of_mean(above) + _variance_of_mean(below)))
    return Interval(area, max(0.0, area - half), min(1.0, area + half))


def _variance_of_mean(values: NDArray[np.float64]) -> float:
    return float(values.var(ddof=1)) / len(values)
