"""How far two distributions are apart, and how far apart chance alone puts them."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import kolmogorov

Floats = NDArray[np.float64]

FIXED_THRESHOLD = 0.25
"""A PSI above it is read as a major change (Siddiqi 2006; in use since Lewis 1994)."""

FALSE_ALARMS = 0.05
"""At most so many unchanged windows raise any alarm at all."""

_FURTHEST_CHANCE = 0.99  # even a single quantity is held against the 99 % point of chance
_PLANNED = 0.03  # less, so that what the draws below miss by chance does not break the promise
_DRAWS = 20_000  # 60 or more lie beyond the point that is asked for
_SEED = 1  # any: equal questions get equal answers


def population_stability(
    reference: Floats, window: Floats, *, reference_rows: float, window_rows: float
) -> Floats:
    """Population stability index (PSI) of two lists of shares.

    `PSI = sum((p - q) * ln(p / q))` over the bins: the symmetric divergence of Kullback and Leibler
    (1951), in credit scoring since Lewis (1994). It is 0 for equal shares and does not care which
    list comes first.

    An empty bin would make it infinite. So each side is given half a row a bin, shared out like the
    mean of both sides: `p' = (m * p + b * (p + q) / 2) / (m + b)` with `m` rows and `b` half the
    number of bins, and `q'` likewise. Equal shares stay equal, and a bin that is empty on both
    sides adds nothing. For shares alike this is the half a row of Krichevsky and Trofimov (1981).

    Args:
        reference, window: shares, float64 `(..., bins)`, each summing to 1.
        reference_rows, window_rows: independent rows behind them.
    Returns:
        `(...,)`, 0 or more.
    """
    middle = (reference + window) / 2
    added = middle.shape[-1] / 2
    p = (reference_rows * reference + added * middle) / (reference_rows + added)
    q = (window_rows * window + added * middle) / (window_rows + added)
    p, q = np.where(middle > 0, p, 1.0), np.where(middle > 0, q, 1.0)
    return np.asarray(((p - q) * np.log(p / q)).sum(axis=-1))


def alarm_level(quantities: int) -> float:
    """The share of chance results below the threshold of each of several quantities.

    By Bonferroni's inequality no more than `FALSE_ALARMS` of unchanged reports then hold any alarm,
    however the quantities depend on each other.
    """
    return max(_FURTHEST_CHANCE, 1 - _PLANNED / max(1, quantities))


@lru_cache(maxsize=256)
def alarm_threshold(
    shares: tuple[float, ...], reference_rows: float, window_rows: int, level: float
) -> float:
    """What the PSI of a window must exceed: 0.25, or more where chance alone goes further.

    An unchanged window of `n` rows, against a reference of `m`, has a PSI of about
    `(1 / m + 1 / n) * chi2(bins - 1)` (Yurdakul 2018): 0.4 and more for 60 rows in ten bins, so the
    fixed 0.25 alone would cry wolf at every short window. With few rows in a bin that approximation
    fails, so chance is played out: true shares are drawn that could have led to the reference
    (Dirichlet, as the spacings of ordered draws are; half a row in an empty bin), then windows from
    them, and the quantile of their PSI is taken. Always the same dice are used.

    Args:
        shares: of the reference's bins.
        reference_rows, window_rows: independent rows, each 1 or more.
        level: share of chance results to stay below it; see `alarm_level`.
    """
    rng = np.random.default_rng(_SEED)
    known = np.array(shares)
    true = rng.dirichlet(np.maximum(known * reference_rows, 0.5), size=_DRAWS)
    drawn = rng.multinomial(window_rows, true) / window_rows
    chance = population_stability(
        known, drawn, reference_rows=reference_rows, window_rows=window_rows
    )
    # With few rows many windows share one PSI: the last digits must not decide among them.
    return max(FIXED_THRESHOLD, float(np.quantile(chance, level, method="higher")) * (1 + 1e-9))


def kolmogorov_smirnov(
    points: Floats, values: Floats, *, reference_rows: float, window_rows: float
) -> tuple[float, float]:
    """Largest distance between two distribution functions, and how often chance goes that far.

    The reference is known by evenly spaced quantiles, so the distance is off by at most one part in
    their number. The probability is Kolmogorov's limit with Stephens' (1970) correction for small
    numbers; ties make it larger than it is, never smaller.

    Args:
        points: of the reference, ascending, `(k,)`.
        values: of the window, `(n,)`, in any order.
        reference_rows, window_rows: independent rows behind them.
    """
    ordered = np.sort(values)
    at = np.concatenate([points, ordered])
    below = np.searchsorted(points, at, side="right") / len(points)
    distance = float(np.abs(below - np.searchsorted(ordered, at, side="right") / len(values)).max())
    root = math.sqrt(reference_rows * window_rows / (reference_rows + window_rows))
    return distance, float(kolmogorov((root + 0.12 + 0.11 / root) * distance))
