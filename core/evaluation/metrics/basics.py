"""Figures of merit, each with how sure we are of it. Counts in, fractions out."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from core.domain import ClassScores, Interval, LabelScheme

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
Z95 = 1.959963984540054  # two-sided 95 % point of the normal distribution


def confusion_counts(truth: Counts, predicted: Counts, classes: int) -> Counts:
    """Int64 `(classes, classes)`: rows are the truth, columns what the model said."""
    return np.bincount(truth * classes + predicted, minlength=classes * classes).reshape(
        classes, classes
    )


def wilson_interval(hits: int, of: int) -> Interval:
    """A share with its 95 % interval (Wilson 1927), which holds near 0 and 1 too.

    Raises:
        ValueError: nothing was counted.
    """
    if of <= 0:
        raise ValueError("a share of nothing has no interval")
    share, z2 = hits / of, Z95 * Z95
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = Z95 * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    # Rounding may put 0 or 1 a hair outside their own interval.
    return Interval(share, min(share, max(0.0, middle - half)), max(share, min(1.0, middle + half)))


def per_class(counts: Counts, scheme: LabelScheme) -> tuple[ClassScores, ...]:
    """Precision, recall and F1 of each label; 0 where undefined, as scikit-learn's default."""
    hits, said, is_ = np.diag(counts), counts.sum(axis=0), counts.sum(axis=1)
    precision = np.divide(hits, said, out=np.zeros(len(scheme)), where=said > 0)
    recall = np.divide(hits, is_, out=np.zeros(len(scheme)), where=is_ > 0)
    f1 = np.divide(2 * hits, said + is_, out=np.zeros(len(scheme)), where=said + is_ > 0)
    return tuple(
        ClassScores(label, float(precision[k]), float(recall[k]), float(f1[k]), int(is_[k]))
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

    Drawing n pictures with replacement is drawing a multinomial table of the same n, so the
    resampling costs one table each, not n pictures.
    """
    total = int(counts.sum())
    draws = np.random.default_rng(seed).multinomial(total, counts.ravel() / total, size=resamples)
    low, high = np.percentile(macro_f1(draws.reshape(-1, *counts.shape)), [2.5, 97.5])
    value = float(macro_f1(counts[None])[0])
    return Interval(value, min(value, float(low)), max(value, float(high)))


def expected_calibration_error(scores: Floats, truth: Counts, *, bins: int = 15) -> float:
    """How far confidence is from accuracy, on average (Naeini et al. 2015; Guo et al. 2017).

    Args:
        scores: `(n, k)`, rows sum to 1.
        truth: `(n,)`, class numbers.
        bins: of equal width in confidence.
    """
    confidence = scores.max(axis=1)
    right = (scores.argmax(axis=1) == truth).astype(np.float64)
    place = np.minimum((confidence * bins).astype(np.int64), bins - 1)
    gap = np.bincount(place, weights=right - confidence, minlength=bins)
    return float(np.abs(gap).sum() / len(truth))


def log_loss(logits: Floats, truth: Counts) -> float:
    """Mean negative log of the score given to the truth, in nats: the cross-entropy of logits."""
    return float(log_losses(logits, truth).mean())


def log_losses(logits: Floats, truth: Counts) -> Floats:
    """Negative log of the score given to the truth, picture by picture: float64 `(n,)`, nats.

    Load-bearing: computed from logits. A score is rounded, and a small one has to be cut off before
    its logarithm is taken: a model that is wrong and very sure would look better than it is.

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


def mean_interval(values: NDArray[np.float64]) -> Interval:
    """Mean of fractions with its 95 % normal interval, kept within [0, 1]."""
    mean = float(values.mean())
    spread = float(values.std(ddof=1)) if len(values) > 1 else 0.0
    half = Z95 * spread / math.sqrt(len(values))
    return Interval(mean, min(mean, max(0.0, mean - half)), max(mean, min(1.0, mean + half)))
