"""Metrics with their intervals. Counts in, fractions out."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from core.domain import ClassScores, Interval, LabelScheme

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
Z95 = 1.959963984540054  # two-sided 95 % point of the normal distribution


def confusion_counts(truth: Counts, predicted: Counts, classes: int) -> Counts:
    """Confusion matrix, int64 `(classes, classes)`: rows are the truth, columns the predictions."""
    return np.bincount(truth * classes + predicted, minlength=classes * classes).reshape(
        classes, classes
    )


def wilson_interval(hits: int, of: int) -> Interval:
    """A share with its 95 % interval (Wilson 1927), which is accurate near 0 and 1 too.

    Raises:
        ValueError: nothing was counted.
    """
    if of <= 0:
        raise ValueError("a share of nothing has no interval")
    share, z2 = hits / of, Z95 * Z95
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = Z95 * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    # Rounding may put 0 or 1 slightly outside their own interval.
    return Interval(share, min(share, max(0.0, middle - half)), max(share, min(1.0, middle + half)))


def per_class(counts: Counts, scheme: LabelScheme) -> tuple[ClassScores, ...]:
    """Precision, recall and F1 of each label; 0 where undefined, as scikit-learn's default."""
    hits, predicted, support = np.diag(counts), counts.sum(axis=0), counts.sum(axis=1)
    precision = np.divide(hits, predicted, out=np.zeros(len(scheme)), where=predicted > 0)
    recall = np.divide(hits, support, out=np.zeros(len(scheme)), where=support > 0)
    f1 = np.divide(
        2 * hits, predicted + support, out=np.zeros(len(scheme)), where=predicted + support > 0
    )
    return tuple(
        ClassScores(label, float(precision[k]), float(recall[k]), float(f1[k]), int(support[k]))
        for k, label in enumerate(scheme.labels)
    )


def macro_f1(tables: Counts) -> Floats:
    """Mean of the labels' F1, table by table: float64 `(m,)`.

    Args:
        tables: int64 `(m, classes, classes)`, as `confusion_counts` makes them.
    """
    hits = np.diagonal(tables, axis1=1, axis2=2).astype(np.float64)
    both = (tables.sum(axis=1) + tables.sum(axis=2)).astype(np.float64)
    return np.asarray(
        np.divide(2 * hits, both, out=np.zeros_like(hits), where=both > 0).mean(axis=1)
    )


def macro_f1_interval(counts: Counts, *, seed: int, resamples: int = 2000) -> Interval:
    """Mean of the labels' F1 with a percentile-bootstrap interval (Efron 1979).

    Resampling n pictures with replacement is sampling a multinomial table of the same n, so each
    resample costs one table, not n pictures.
    """
    total = int(counts.sum())
    resampled = np.random.default_rng(seed).multinomial(
        total, counts.ravel() / total, size=resamples
    )
    value = float(macro_f1(counts[None])[0])
    return percentile_interval(value, macro_f1(resampled.reshape(-1, *counts.shape)))


def percentile_interval(value: float, resampled: Floats) -> Interval:
    """A figure with its 95 % percentile-bootstrap interval (Efron 1979)."""
    low, high = np.percentile(resampled, [2.5, 97.5])
    return Interval(value, min(value, float(low)), max(value, float(high)))


def expected_calibration_error(scores: Floats, truth: Counts, *, bins: int = 15) -> float:
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


def log_loss(logits: Floats, truth: Counts) -> float:
    """Mean negative log of the true class's score, in nats: the cross-entropy of logits."""
    return float(log_losses(logits, truth).mean())


def log_losses(logits: Floats, truth: Counts) -> Floats:
    """Negative log of the true class's score, picture by picture: float64 `(n,)`, nats.

    Load-bearing: computed from logits. Small scores would have to be clipped before the logarithm,
    which would make a model with confident errors look better than it is.

    Args:
        logits: `(n, k)`, divided by the temperature.
        truth: `(n,)`, class numbers.
    """
    return np.asarray(-log_softmax(logits)[np.arange(len(truth)), truth])


def log_softmax(logits: Floats) -> Floats:
    """Natural logarithms of the scores, float64, row by row, without overflow or underflow."""
    logits = np.asarray(logits, dtype=np.float64)
    shifted = logits - logits.max(axis=1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))


def normal_interval(values: NDArray[np.float64]) -> Interval:
    """A mean with its 95 % normal interval."""
    mean = float(values.mean())
    spread = float(values.std(ddof=1)) if len(values) > 1 else 0.0
    half = Z95 * spread / math.sqrt(len(values))
    return Interval(mean, mean - half, mean + half)


def mean_interval(values: NDArray[np.float64]) -> Interval:
    """Mean of fractions with its 95 % normal interval, clipped to [0, 1]."""
    found = normal_interval(values)
    mean = found.value
    return Interval(mean, min(mean, max(0.0, found.low)), max(mean, min(1.0, found.high)))
