"""Distances of two distributions, and effective sample sizes.

How large a distance raises an alarm: `alarm_threshold`.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def population_stability(
    reference: Floats, window: Floats, *, reference_rows: float, window_rows: float
) -> Floats:
    """Population stability index (PSI) of two lists of shares.

    `PSI = sum((p - q) * ln(p / q))` over the bins: the symmetric divergence of Kullback and Leibler
    (1951), in credit scoring since Lewis (1994). It is 0 for equal shares, and symmetric.

    An empty bin would make it infinite, so both sides are smoothed with half a row per bin,
    distributed like the mean of both sides: `p' = (m * p + b * (p + q) / 2) / (m + b)` with `m`
    rows and `b` half the number of bins, and `q'` likewise. Equal shares stay equal, and a bin that
    is empty on both sides adds nothing. For uniform shares this is the estimator of Krichevsky and
    Trofimov (1981).

    Args:
        reference, window: shares, float64 `(..., bins)`, each summing to 1.
        reference_rows, window_rows: independent rows behind them.
    Returns:
        `(...,)`, 0 or more.
    """
    mean_shares = (reference + window) / 2
    pseudo_rows = mean_shares.shape[-1] / 2
    p = (reference_rows * reference + pseudo_rows * mean_shares) / (reference_rows + pseudo_rows)
    q = (window_rows * window + pseudo_rows * mean_shares) / (window_rows + pseudo_rows)
    p, q = np.where(mean_shares > 0, p, 1.0), np.where(mean_shares > 0, q, 1.0)
    return np.asarray(((p - q) * np.log(p / q)).sum(axis=-1))


def kolmogorov_smirnov(
    points: Floats, values: Floats, *, reference_rows: float, window_rows: float
) -> tuple[float, float]:
    """The Kolmogorov-Smirnov distance of two distributions, and its p-value.

    The reference is given by evenly spaced quantiles, so the error of the distance is at most one
    over their number. The p-value is Kolmogorov's limit with Stephens' (1970) correction for small
    samples; with ties it is conservative.

    Args:
        points: of the reference, ascending, `(k,)`.
        values: of the window, `(n,)`, in any order.
        reference_rows, window_rows: independent rows behind them.
    """
    from scipy.special import kolmogorov

    ordered = np.sort(values)
    points_and_values = np.concatenate([points, ordered])
    below = np.searchsorted(points, points_and_values, side="right") / len(points)
    distance = float(
        np.abs(
            below - np.searchsorted(ordered, points_and_values, side="right") / len(values)
        ).max()
    )
    root = math.sqrt(reference_rows * window_rows / (reference_rows + window_rows))
    return distance, float(kolmogorov((root + 0.12 + 0.11 / root) * distance))


Ints = NDArray[np.int64]


def independent_rows(
    values: Floats, stream: Ints, second: Ints, *, intraclass: float = 0.0
) -> float:
    """The effective sample size of rows that are correlated in time and within faces.

    Autocorrelation increases the variance of the mean by the factor `1 + 2 * sum(r_k)`, where `r_k`
    is the autocorrelation at lag `k` seconds (Bayley and Hammersley 1946). The sum ends where two
    consecutive terms together are not positive (Geyer 1992). Autocovariances are computed within
    streams and about the mean of all rows, so faces that do not change count as few rows.

    A single face does not show how much faces differ; the reference gives `intraclass`. The factor
    is at least the design effect of a cluster sample, `1 + intraclass * (l - 1)` for streams of `l`
    rows (Kish 1965).

    Args:
        values: float64 `(n,)`, or one-hot `(n, k)` for labels; without NaN.
        stream, second: int64 `(n,)`, ordered as in `Columns`.
        intraclass: `intraclass_correlation` of the reference; 0 where unknown.
    Returns:
        From 1 to n; 0 for no rows.
    """
    rows = len(values)
    lengths = np.unique(stream, return_counts=True)[1]
    if rows == len(lengths):
        return float(rows)
    deviations = (values - values.mean(axis=0)).reshape(rows, -1)
    total_square = float((deviations**2).sum())
    if total_square <= 1e-12 * float((np.abs(values) ** 2).sum()):  # constant but for rounding
        return float(len(lengths))
    longest = int(second.max() - second.min())
    in_time = (
        1
        + 2
        * _sum_of_autocovariances(deviations, _time_keys(stream, second), longest)
        / total_square
    )
    in_clusters = 1 + intraclass * (float((lengths**2).sum()) / rows - 1)
    return float(np.clip(rows / max(in_time, in_clusters), 1, rows))


def intraclass_correlation(values: Floats, stream: Ints) -> float:
    """The intraclass correlation: the share of the variance between streams, in [0, 1].

    Estimated by a one-way analysis of variance (Fisher 1925), with Snedecor's mean size of unequal
    groups; 0 where there are fewer than two streams, or each has a single row.

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
    between_variance = max(0.0, (between - within) / length)
    return between_variance / (between_variance + within) if between_variance > 0 else 0.0


def _time_keys(stream: Ints, second: Ints) -> Ints:
    """A key for each row, ascending; its differences within a stream are seconds."""
    since = second - second.min()
    # Streams are further apart than any lag, so rows of two streams are never paired.
    keys: Ints = stream * (2 * int(since.max()) + 2) + since
    return keys


def _sum_of_autocovariances(deviations: Floats, keys: Ints, longest: int) -> float:
    """Sum of autocovariances from lag 1 to the longest, truncated after Geyer."""
    total, lag = 0.0, 1
    while lag <= longest:
        pair = _autocovariance(deviations, keys, lag) + _autocovariance(deviations, keys, lag + 1)
        if pair <= 0:
            break
        total += pair
        lag += 2
    return total


def _autocovariance(deviations: Floats, keys: Ints, lag: int) -> float:
    later = np.searchsorted(keys, keys + lag)
    inside = later < len(keys)
    inside[inside] = keys[later[inside]] == keys[inside] + lag
    return float((deviations[inside] * deviations[later[inside]]).sum())
