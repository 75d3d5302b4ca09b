"""Figures that follow from a confusion matrix alone, for many matrices at once.

A bootstrap of pictures is a draw of matrices (see `basics.macro_f1_interval`), so every figure
here takes int64 `(m, classes, classes)`, rows the truth, and answers float64 `(m,)`. Undefined
figures are 0, as scikit-learn's are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from core.domain import Interval
from core.evaluation.metrics.basics import Counts, Floats, macro_f1

RESAMPLES = 2000


def balanced_accuracy(tables: Counts) -> Floats:
    """Mean recall over the classes that have pictures (Brodersen et al. 2010)."""
    held = tables.sum(axis=2)
    recall = _shares(_hits(tables), held)
    return _shares(recall.sum(axis=1), (held > 0).sum(axis=1))


def f1_by_class(tables: Counts) -> Floats:
    """F1 of each class: float64 `(m, classes)`."""
    return _shares(2 * _hits(tables), tables.sum(axis=1) + tables.sum(axis=2))


def weighted_f1(tables: Counts) -> Floats:
    """Mean of the classes' F1, each weighing as much as it has pictures."""
    held = tables.sum(axis=2)
    return _shares((f1_by_class(tables) * held).sum(axis=1), held.sum(axis=1))


def kappa(tables: Counts) -> Floats:
    """Agreement with the labels beyond what chance would give, at most 1 (Cohen 1960)."""
    total = tables.sum(axis=(1, 2))
    by_chance = _shares((tables.sum(axis=2) * tables.sum(axis=1)).sum(axis=1), total**2)
    found = _shares(_hits(tables).sum(axis=1), total)
    # Both always say one and the same class: they could not agree more.
    return np.where(by_chance >= 1.0, 1.0, _shares(found - by_chance, 1.0 - by_chance))


def matthews(tables: Counts) -> Floats:
    """Correlation of what was said with the labels, in [-1, 1] (Gorodkin 2004)."""
    said, held = tables.sum(axis=1).astype(np.float64), tables.sum(axis=2).astype(np.float64)
    total = said.sum(axis=1)
    together = _hits(tables).sum(axis=1) * total - (said * held).sum(axis=1)
    apart = (total**2 - (said**2).sum(axis=1)) * (total**2 - (held**2).sum(axis=1))
    return _shares(together, np.sqrt(apart))


FIGURES: Mapping[str, Callable[[Counts], Floats]] = {
    "balanced_accuracy": balanced_accuracy,
    "macro_f1": macro_f1,
    "weighted_f1": weighted_f1,
    "kappa": kappa,
    "matthews": matthews,
}


def bootstrap_tables(counts: Counts, *, seed: int) -> Counts:
    """Confusion matrices of pictures drawn with replacement: int64 `(RESAMPLES, k, k)`."""
    total = int(counts.sum())
    rng = np.random.default_rng(seed)
    draws = rng.multinomial(total, counts.ravel() / total, size=RESAMPLES)
    return np.asarray(draws.reshape(-1, *counts.shape), dtype=np.int64)


def interval_around(value: float, drawn: Floats) -> Interval:
    """A figure with its percentile-bootstrap interval (Efron 1979)."""
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Interval(value, min(value, float(low)), max(value, float(high)))


def _hits(tables: Counts) -> Floats:
    return np.diagonal(tables, axis1=1, axis2=2).astype(np.float64)


def _shares(some: Floats, of: Floats | Counts) -> Floats:
    some = np.asarray(some, dtype=np.float64)
    return np.divide(some, of, out=np.zeros_like(some), where=np.asarray(of) > 0)
