"""Several tests at once: how small each p-value is once all of them are counted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """P-values corrected for being several: no false alarm among all in 19 of 20 (Holm 1979).

    Args:
        p_values: each in [0, 1].
    Returns:
        In the same order, each at least what it was and at most 1.
    """
    if not p_values:
        return ()
    given = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(given, kind="stable")
    raised = np.maximum.accumulate(given[order] * np.arange(len(given), 0, -1))
    found = np.empty_like(given)
    found[order] = np.minimum(1.0, raised)
    return tuple(float(one) for one in found)
