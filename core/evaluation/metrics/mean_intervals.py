"""95 % confidence intervals of means and bootstraps; those of shares: `core.domain.intervals`."""

from __future__ import annotations

import math

import numpy as np

from core.domain.intervals import Z95, Interval
from core.evaluation.metrics.arrays import Floats


def percentile_interval(value: float, resampled: Floats) -> Interval:
    """A figure with its 95 % percentile-bootstrap interval (Efron 1979)."""
    low, high = np.percentile(resampled, [2.5, 97.5])
    return Interval(value, min(value, float(low)), max(value, float(high)))


def normal_interval(values: Floats) -> Interval:
    """A mean with its 95 % normal interval."""
    mean = float(values.mean())
    spread = float(values.std(ddof=1)) if len(values) > 1 else 0.0
    half = Z95 * spread / math.sqrt(len(values))
    return Interval(mean, mean - half, mean + half)


def mean_interval(values: Floats) -> Interval:
    """Mean of fractions with its 95 % normal interval, clipped to [0, 1]."""
    found = normal_interval(values)
    mean = found.value
    return Interval(mean, min(mean, max(0.0, found.low)), max(mean, min(1.0, found.high)))
