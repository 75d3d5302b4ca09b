"""Calibration: temperature scaling, the "not sure" threshold, and the reliability diagram."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain import Interval, softmax
from core.domain.intervals import share_interval
from core.evaluation.metrics.arrays import Counts, Floats
from core.evaluation.metrics.logarithmic_loss import log_loss, log_losses
from core.evaluation.metrics.mean_intervals import normal_interval, percentile_interval

# Of predictions less accurate than this, about one in five would be wrong.
TARGET_ACCURACY = 0.80


def fit_temperature(logits: NDArray[np.float64], truth: NDArray[np.int64]) -> float:
    """The temperature that minimises the log loss (Guo et al. 2017).

    Args:
        logits: `(n, k)`, of pictures the weights were not fitted on, and not of the test.
        truth: `(n,)`, class numbers.
    Returns:
        In [0.05, 20].
    """
    from scipy.optimize import minimize_scalar

    found = minimize_scalar(
        lambda power: log_loss(logits / np.exp(power), truth),
        bounds=(np.log(0.05), np.log(20.0)),
        method="bounded",
    )
    return float(np.exp(found.x))


def not_sure_threshold(
    scores: NDArray[np.float64], truth: NDArray[np.int64], *, target_accuracy: float
) -> float:
    """The lowest confidence threshold that reaches a target accuracy.

    Top scores under it are shown as "not sure". Accuracy over all pictures above it is at least
    `target_accuracy` (selective classification, Geifman & El-Yaniv 2017).

    Returns:
        In [1 / k, 0.95]; 0.95 where no threshold reaches it.
    """
    confidence = scores.max(axis=1)
    order = np.argsort(-confidence, kind="stable")
    right = (scores.argmax(axis=1) == truth)[order]
    accuracy = np.cumsum(right) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(accuracy >= target_accuracy)
    if not len(good):
        return 0.95
    return float(np.clip(confidence[order[good[-1]]], 1 / scores.shape[1], 0.95))


BINS = 15
_RESAMPLES = 500


def expected_calibration_error(scores: Floats, truth: Counts, *, bins: int = BINS) -> float:
    """Mean gap between confidence and accuracy (Naeini et al. 2015; Guo et al. 2017).

    Args:
        scores: `(n, k)`, rows sum to 1.
        truth: `(n,)`, class numbers.
        bins: of equal width in confidence.
    """
    confidence = scores.max(axis=1)
    right = (scores.argmax(axis=1) == truth).astype(np.float64)
    bin_index = np.minimum((confidence * bins).astype(np.int64), bins - 1)
    gap = np.bincount(bin_index, weights=right - confidence, minlength=bins)
    return float(np.abs(gap).sum() / len(truth))


@dataclass(frozen=True)
class ReliabilityBin:
    """Pictures whose top score lies in one bin.

    Attributes:
        low, high: ends of the bin.
        pictures: in it.
        confidence: their mean top score.
        accuracy: share of them that is classified correctly (Wilson).
    """

    low: float
    high: float
    pictures: int
    confidence: float
    accuracy: Interval


@dataclass(frozen=True)
class Reliability:
    """Calibration of one model on one split.

    Attributes:
        bins: those that hold pictures, of equal width in confidence.
        ece: expected calibration error over 15 bins (Naeini et al. 2015), with the interval of a
            bootstrap of pictures. The error of a perfect model is above 0 too, by chance.
        log_loss: mean negative log of the true class's score, nats.
        brier: mean squared distance from the truth over all classes, in [0, 2] (Brier 1950).
    """

    bins: tuple[ReliabilityBin, ...]
    ece: Interval
    log_loss: Interval
    brier: Interval


def reliability(logits: Floats, truth: Counts, *, seed: int) -> Reliability:
    """Reliability diagram and calibration metrics.

    Args:
        logits: float64 `(n, k)`, divided by the temperature; n at least 1.
        truth: `(n,)`, class numbers.
        seed: of the resampling.
    """
    scores = softmax(logits)
    one_hot = np.zeros_like(scores)
    one_hot[np.arange(len(truth)), truth] = 1.0
    return Reliability(
        _bins(scores, truth),
        _ece(scores, truth, seed),
        _mean_loss(log_losses(logits, truth)),
        _mean_loss(((scores - one_hot) ** 2).sum(axis=1)),
    )


def _bins(scores: Floats, truth: Counts) -> tuple[ReliabilityBin, ...]:
    confidence, right, bin_index = _by_bin(scores, truth)
    found = []
    for at in np.unique(bin_index).tolist():
        inside = bin_index == at
        count = int(inside.sum())
        found.append(
            ReliabilityBin(
                at / BINS,
                (at + 1) / BINS,
                count,
                float(confidence[inside].mean()),
                share_interval(int(right[inside].sum()), count),
            )
        )
    return tuple(found)


def _ece(scores: Floats, truth: Counts, seed: int) -> Interval:
    confidence, right, bin_index = _by_bin(scores, truth)
    gaps, count = right - confidence, len(truth)
    rng, resampled = np.random.default_rng(seed), np.zeros(_RESAMPLES)
    for at in range(_RESAMPLES):
        chosen = rng.integers(0, count, count)
        sums = np.bincount(bin_index[chosen], weights=gaps[chosen], minlength=BINS)
        resampled[at] = np.abs(sums).sum() / count
    return percentile_interval(expected_calibration_error(scores, truth, bins=BINS), resampled)


def _by_bin(scores: Floats, truth: Counts) -> tuple[Floats, Floats, Counts]:
    confidence = scores.max(axis=1)
    right = (scores.argmax(axis=1) == truth).astype(np.float64)
    return confidence, right, np.minimum((confidence * BINS).astype(np.int64), BINS - 1)


def _mean_loss(values: Floats) -> Interval:
    """Mean of losses with its normal interval, clipped at 0."""
    found = normal_interval(values)
    return Interval(found.value, min(found.value, max(0.0, found.low)), found.high)
