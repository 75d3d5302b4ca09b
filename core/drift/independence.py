"""How much evidence rows are that resemble each other."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
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
