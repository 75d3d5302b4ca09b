"""How a person's own report agrees with what was measured."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from core.domain.intervals import Z95, Interval

FEWEST_PAIRS = 8
"""Fewer pairs than this say nothing: with 7, |rho| below .79 is compatible with no relation."""


class NoCorrelation(StrEnum):
    """Why there is no correlation."""

    TOO_FEW = "too few"
    NO_SPREAD = "no spread"


@dataclass(frozen=True)
class Agreement:
    """Rank correlation of reports with a measure, over answers.

    Attributes:
        pairs: answers that have both.
        correlation: Spearman's rho with its 95 % interval, -1 to 1; None where there is none.
        why_none: None where there is one.
    """

    pairs: int
    correlation: Interval | None = None
    why_none: NoCorrelation | None = None


def agreement(reported: ArrayLike, measured: ArrayLike) -> Agreement:
    """Spearman's rank correlation with the interval of Bonett & Wright (2000).

    On Fisher's z scale the standard error is sqrt((1 + rho^2 / 2) / (n - 3))
    (doi:10.1007/BF02294183). That scale has no place for |rho| = 1: its interval then begins where
    that of the next lower rho would, with two neighbouring ranks swapped, and ends at 1.

    Args:
        reported: float `(n,)`, one value an answer; NaN where not given.
        measured: float `(n,)`, likewise; NaN where not measured.
    """
    from scipy.stats import spearmanr

    first, second = np.asarray(reported, dtype=float), np.asarray(measured, dtype=float)
    both = np.isfinite(first) & np.isfinite(second)
    first, second = first[both], second[both]
    pairs = len(first)
    if pairs < FEWEST_PAIRS:
        return Agreement(pairs, why_none=NoCorrelation.TOO_FEW)
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        return Agreement(pairs, why_none=NoCorrelation.NO_SPREAD)
    rho = float(np.clip(spearmanr(first, second).statistic, -1.0, 1.0))
    return Agreement(pairs, _with_interval(rho, pairs))


def _with_interval(rho: float, pairs: int) -> Interval:
    highest = 1.0 - 12.0 / (pairs * (pairs**2 - 1))
    within = float(np.clip(rho, -highest, highest))
    half = Z95 * np.sqrt((1.0 + within**2 / 2.0) / (pairs - 3))
    low, high = np.tanh(np.arctanh(within) + np.array([-half, half])).tolist()
    return Interval(rho, min(rho, low), max(rho, high))
