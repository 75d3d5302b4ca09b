"""How much evidence rows are that resemble their neighbours in time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def independent_rows(values: Floats, stream: Ints, second: Ints) -> float:
    """How many independent rows these are worth: their effective sample size.

    The mean of rows that resemble each other wanders more than that of as many independent ones,
    by the factor `1 + 2 * sum(r_k)`, where `r_k` is the autocorrelation `k` seconds apart (Bayley
    and Hammersley 1946; Thiébaux and Zwiers 1984). The sum ends where two neighbouring terms
    together are no longer positive, since what follows is noise (Geyer 1992). Products are taken
    within streams and about the mean of all rows, so that faces that each stay as they are count
    as few however long they stay.

    Args:
        values: float64 `(n,)`, or one-hot `(n, k)` for labels; without NaN.
        stream, second: int64 `(n,)`, ordered as in `Columns`.
    Returns:
        From the number of streams, or 1, up to n; 0 for no rows.
    """
    rows = len(values)
    streams = len(np.unique(stream))
    if rows == streams:
        return float(rows)
    apart = (values - values.mean(axis=0)).reshape(rows, -1)
    power = float((apart**2).sum())
    if power <= 1e-12 * float((np.abs(values) ** 2).sum()):  # nothing varies but by rounding
        return float(streams)
    inflation = 1 + 2 * _summed_correlation(apart, _keys(stream, second)) / power
    return min(float(rows), max(float(streams), rows / inflation))


def _keys(stream: Ints, second: Ints) -> Ints:
    """One number for each row, ascending; equal steps in time are equal steps in it."""
    since = second - second.min()
    # Streams lie further apart than anything within one, or two would be compared.
    keys: Ints = stream * (2 * int(since.max()) + 2) + since
    return keys


def _summed_correlation(apart: Floats, keys: Ints) -> float:
    """Sum of products over lags of one second and more, up to Geyer's end."""
    total, lag, longest = 0.0, 1, int(keys.max() - keys.min())
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
