"""How far two distributions are apart, what chance alone gives, and how much evidence rows are."""

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


Ints = NDArray[np.int64]


def independent_rows(values: Floats, stream: Ints, second: Ints, *, alike: float = 0.0) -> float:
    """How many independent rows these are worth: their effective sample size.

    The mean of rows that resemble each other wanders more than that of as many independent ones.
    It does so by the factor `1 + 2 * sum(r_k)`, where `r_k` is the autocorrelation `k` seconds
    apart (Bayley and Hammersley 1946). The sum ends where two neighbouring terms together are no
    longer positive, since what follows is noise (Geyer 1992). Products are taken within streams and
    about the mean of all rows, so faces that each stay as they are count as few however long they
    stay.

    A single face cannot show how far faces differ; the reference can, and says so by `alike`. The
    factor is then at least `1 + alike * (l - 1)` for streams of `l` rows: the design effect of a
    sample taken in clusters (Kish 1965).

    Args:
        values: float64 `(n,)`, or one-hot `(n, k)` for labels; without NaN.
        stream, second: int64 `(n,)`, ordered as in `Columns`.
        alike: see `likeness`; 0 where unknown.
    Returns:
        From 1 to n; 0 for no rows.
    """
    rows = len(values)
    lengths = np.unique(stream, return_counts=True)[1]
    if rows == len(lengths):
        return float(rows)
    apart = (values - values.mean(axis=0)).reshape(rows, -1)
    power = float((apart**2).sum())
    if power <= 1e-12 * float((np.abs(values) ** 2).sum()):  # nothing varies but by rounding
        return float(len(lengths))
    longest = int(second.max() - second.min())
    in_time = 1 + 2 * _summed_products(apart, _keys(stream, second), longest) / power
    in_clusters = 1 + alike * (float((lengths**2).sum()) / rows - 1)
    return float(np.clip(rows / max(in_time, in_clusters), 1, rows))


def likeness(values: Floats, stream: Ints) -> float:
    """How much of the variance lies between streams: 0 none, 1 all of it.

    The intraclass correlation of a one-way analysis of variance (Fisher 1925), with the mean length
    of unequal groups after Snedecor; 0 where there are no two streams, or each has a single row.

    Args:
        values: float64 `(n,)`, or one-hot `(n, k)`; without NaN.
        stream: int64 `(n,)`, ascending.
    """
    rows = len(values)
    _, group, lengths = np.unique(stream, return_inverse=True, return_counts=True)
    groups = len(lengths)
    if groups < 2 or rows == groups:
        return 0.0
    table = values.reshape(rows, -1)
    sums = np.zeros((groups, table.shape[1]))
    np.add.at(sums, group, table)
    means = sums / lengths[:, None]
    between = float((lengths[:, None] * (means - table.mean(axis=0)) ** 2).sum()) / (groups - 1)
    within = float(((table - means[group]) ** 2).sum()) / (rows - groups)
    length = (rows - float((lengths**2).sum()) / rows) / (groups - 1)
    of_streams = max(0.0, (between - within) / length)
    return of_streams / (of_streams + within) if of_streams > 0 else 0.0


def _keys(stream: Ints, second: Ints) -> Ints:
    """One number for each row, ascending; equal steps in time are equal steps in it."""
    since = second - second.min()
    # Streams lie further apart than anything within one, or two would be compared.
    keys: Ints = stream * (2 * int(since.max()) + 2) + since
    return keys


def _summed_products(apart: Floats, keys: Ints, longest: int) -> float:
    """Sum of products over lags from one second to the longest, up to Geyer's end."""
    total, lag = 0.0, 1
    while lag <= longest:
        pair = _products(apart, keys, lag) + _products(apart, keys, lag + 1)
        if pair <= 0:
            break
        total += pair
        lag += 2
    return total


def _products(apart: Floats, keys: Ints, lag: int) -> float:
    later = np.searchsorted(keys, keys + lag)
    inside = later < len(keys)
    inside[inside] = keys[later[inside]] == keys[inside] + lag
    return float((apart[inside] * apart[later[inside]]).sum())
