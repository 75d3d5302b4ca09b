"""The confusion matrix, and metrics that follow from it alone.

A bootstrap over pictures samples matrices (`bootstrap_tables`), so every function in `METRICS`
takes many of them, int64 `(m, classes, classes)`, rows the truth, and returns float64 `(m,)`.
Undefined metrics are 0, as in scikit-learn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from core.domain import ClassScores, Interval, LabelScheme
from core.evaluation.metrics.arrays import Counts, Floats
from core.evaluation.metrics.mean_intervals import percentile_interval

RESAMPLES = 2000


def confusion_counts(truth: Counts, predicted: Counts, classes: int) -> Counts:
    """Confusion matrix, int64 `(classes, classes)`: rows are the truth, columns the predictions."""
    return np.bincount(truth * classes + predicted, minlength=classes * classes).reshape(
        classes, classes
    )


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


def balanced_accuracy(tables: Counts) -> Floats:
    """Mean recall over the classes that have pictures (Brodersen et al. 2010)."""
    support = tables.sum(axis=2)
    recall = _shares(_hits(tables), support)
    return _shares(recall.sum(axis=1), (support > 0).sum(axis=1))


def f1_by_class(tables: Counts) -> Floats:
    """F1 of each class: float64 `(m, classes)`."""
    return _shares(2 * _hits(tables), tables.sum(axis=1) + tables.sum(axis=2))


def macro_f1(tables: Counts) -> Floats:
    """Mean of the classes' F1."""
    return np.asarray(f1_by_class(tables).mean(axis=1))


def weighted_f1(tables: Counts) -> Floats:
    """Mean of the classes' F1, weighted by their support."""
    support = tables.sum(axis=2)
    return _shares((f1_by_class(tables) * support).sum(axis=1), support.sum(axis=1))


def kappa(tables: Counts) -> Floats:
    """Agreement with the labels beyond what chance would give, at most 1 (Cohen 1960)."""
    total = tables.sum(axis=(1, 2))
    by_chance = _shares((tables.sum(axis=2) * tables.sum(axis=1)).sum(axis=1), total**2)
    found = _shares(_hits(tables).sum(axis=1), total)
    # All labels and all predictions are of one class: perfect agreement.
    return np.where(by_chance >= 1.0, 1.0, _shares(found - by_chance, 1.0 - by_chance))


def matthews(tables: Counts) -> Floats:
    """Correlation of predictions with labels, in [-1, 1] (Gorodkin 2004)."""
    predicted, support = (
        tables.sum(axis=1).astype(np.float64),
        tables.sum(axis=2).astype(np.float64),
    )
    total = predicted.sum(axis=1)
    covariance = _hits(tables).sum(axis=1) * total - (predicted * support).sum(axis=1)
    denominator = (total**2 - (predicted**2).sum(axis=1)) * (total**2 - (support**2).sum(axis=1))
    return _shares(covariance, np.sqrt(denominator))


METRICS: Mapping[str, Callable[[Counts], Floats]] = {
    "balanced_accuracy": balanced_accuracy,
    "macro_f1": macro_f1,
    "weighted_f1": weighted_f1,
    "kappa": kappa,
    "matthews": matthews,
}


def bootstrap_tables(counts: Counts, *, seed: int) -> Counts:
    """Confusion matrices of pictures sampled with replacement: int64 `(RESAMPLES, k, k)`.

    Resampling n pictures with replacement is sampling a multinomial table of the same n, so each
    resample costs one table, not n pictures.
    """
    total = int(counts.sum())
    rng = np.random.default_rng(seed)
    draws = rng.multinomial(total, counts.ravel() / total, size=RESAMPLES)
    return np.asarray(draws.reshape(-1, *counts.shape), dtype=np.int64)


def macro_f1_interval(counts: Counts, *, seed: int) -> Interval:
    """Mean of the classes' F1 of one matrix, with a percentile-bootstrap interval (Efron 1979)."""
    value = float(macro_f1(counts[None])[0])
    return percentile_interval(value, macro_f1(bootstrap_tables(counts, seed=seed)))


def _hits(tables: Counts) -> Floats:
    return np.diagonal(tables, axis1=1, axis2=2).astype(np.float64)


def _shares(some: Floats, of: Floats | Counts) -> Floats:
    some = np.asarray(some, dtype=np.float64)
    return np.divide(some, of, out=np.zeros_like(some), where=np.asarray(of) > 0)
