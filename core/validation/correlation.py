"""Correlations with 95 % intervals, of independent clips and of clips by several persons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain.intervals import Z95, Interval

Floats = NDArray[np.float64]

LEAST_CLIPS, LEAST_PERSONS = 8, 4
"""With fewer, a correlation of several persons is too few to say."""

LEAST_OF_ONE = 4
"""Clips of one person with which a correlation of their own has an interval (Fisher's z: n > 3)."""


@dataclass(frozen=True)
class Correlation:
    """A correlation and how sure it is.

    Attributes:
        interval: in [-1, 1], 95 %.
        p: two-sided, of no correlation; uncorrected.
        count: clips, or persons where each is one value.
        persons: how many there were.
    """

    interval: Interval
    p: float
    count: int
    persons: int


def spearman(x: Floats, y: Floats) -> float:
    """Rank correlation of `(n,)` with `(n,)`, ties by their mean rank; NaN where one of both is
    constant.
    """
    from scipy.stats import rankdata

    return pearson(rankdata(x), rankdata(y))


def pearson(x: Floats, y: Floats) -> float:
    """Linear correlation of `(n,)` with `(n,)`; NaN where one of both is constant."""
    if len(x) < 2 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return float("nan")
    from_x, from_y = x - x.mean(), y - y.mean()
    length = float(np.sqrt(from_x @ from_x) * np.sqrt(from_y @ from_y))
    return float(np.clip(from_x @ from_y / length, -1.0, 1.0)) if length > 0 else float("nan")


def centred(values: Floats, persons: NDArray[np.str_]) -> Floats:
    """Each value minus the mean of its person, `(n,)`: what is left is within persons."""
    _, back = np.unique(persons, return_inverse=True)
    return values - (np.bincount(back, weights=values) / np.bincount(back))[back]


def of_one(x: Floats, y: Floats) -> Correlation | None:
    """Spearman's correlation of the clips of one person; None under `LEAST_OF_ONE` clips, or where
    one of both is constant.
    """
    found = spearman(x, y) if len(x) >= LEAST_OF_ONE else float("nan")
    return None if np.isnan(found) else _from_z(found, _rank_se(found, len(x)), None, (len(x), 1))


def of_persons(
    x: Floats,
    y: Floats,
    persons: NDArray[np.str_],
    *,
    statistic: Callable[[Floats, Floats], float] = spearman,
) -> Correlation | None:
    """A correlation over the clips of several persons; None where there is none.

    Clips of one person resemble one another, so the interval comes from leaving one person out at
    a time: the jackknife over clusters on the scale of Fisher's z, with Student's t of persons - 1
    degrees of freedom. On made data its intervals held the truth in 92 to 98 % of cases with 4 to
    20 persons, those of a percentile bootstrap over persons in 88 to 93 %. Where each person has
    one clip, the interval is that of independent clips: Bonett & Wright 2000,
    doi:10.1007/BF02294183, for ranks; Fisher's for values. It is never narrower than that.

    Args:
        x, y: float64 `(n,)`.
        persons: str `(n,)`.
        statistic: `spearman` or `pearson`; it may be computed of values `centred` by the caller.
    """
    names = np.unique(persons)
    if len(x) < LEAST_CLIPS or len(names) < LEAST_PERSONS:
        return None
    found = statistic(x, y)
    if np.isnan(found):
        return None
    least_se = _rank_se(found, len(x)) if statistic is spearman else 1 / np.sqrt(len(x) - 3)
    counts = (len(x), len(names))
    if len(names) == len(x):
        return _from_z(found, least_se, None, counts)
    without = np.array([statistic(x[persons != one], y[persons != one]) for one in names])
    if np.isnan(without).any():  # without one person one of both is constant
        return None
    z = _z(without, len(x))
    left = len(names) - 1
    jackknife_se = float(np.sqrt(left / len(names) * ((z - z.mean()) ** 2).sum()))
    return _from_z(found, max(jackknife_se, least_se), left, counts)


def _z(found: Floats, count: int) -> Floats:
    """Fisher's z; a perfect order, whose z is infinite, counts as one with two ranks swapped."""
    largest = 1 - 12 / (count * (count**2 - 1))
    return np.arctanh(np.clip(found, -largest, largest))


def _rank_se(found: float, count: int) -> float:
    """Standard error of z of a rank correlation of independent values."""
    return float(np.sqrt((1 + found**2 / 2) / (count - 3)))


def _from_z(found: float, se: float, degrees: int | None, counts: tuple[int, int]) -> Correlation:
    """The interval on the scale of z; normal where there are no degrees of freedom."""
    from scipy import stats

    z = float(_z(np.array([found]), counts[0])[0])
    reach = se * (Z95 if degrees is None else float(stats.t.ppf(0.975, degrees)))
    tail = stats.norm.sf(abs(z) / se) if degrees is None else stats.t.sf(abs(z) / se, degrees)
    low, high = float(np.tanh(z - reach)), float(np.tanh(z + reach))
    interval = Interval(found, min(found, low), max(found, high))
    return Correlation(interval, min(1.0, 2 * float(tail)), *counts)
