"""95 % confidence intervals of shares, means and bootstraps."""

from __future__ import annotations

import math

import numpy as np

from core.domain import Interval
from core.evaluation.metrics.arrays import Floats

Z95 = 1.959963984540054  # two-sided 95 % point of the normal distribution


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
