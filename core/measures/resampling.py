"""Values at other times than those they were measured at."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def sampled_at(at_s: Floats, time_s: Floats, values: Floats, *, max_gap_s: float) -> Floats:
    """Values at any times, linear between the two measurements around each.

    Args:
        at_s: float64 of any shape: when.
        time_s: float64 `(n,)`, when they were measured, never decreasing.
        values: float64 `(n,)`; NaN where not measured.
        max_gap_s: the longest time between two measurements that is bridged.
    Returns:
        Float64 of the shape of `at_s`; NaN before the first measurement, after the last, and in
        longer gaps.
    """
    measured = np.isfinite(values)
    time_s, values = time_s[measured], values[measured]
    if not len(time_s):
        return np.full(at_s.shape, np.nan)
    after = np.searchsorted(time_s, at_s)  # the first measurement at or after each time
    end = time_s[np.minimum(after, len(time_s) - 1)]
    start = np.where(end == at_s, at_s, time_s[np.maximum(after - 1, 0)])
    is_known = (at_s >= time_s[0]) & (at_s <= time_s[-1]) & (end - start <= max_gap_s)
    return np.where(is_known, np.interp(at_s, time_s, values), np.nan)
