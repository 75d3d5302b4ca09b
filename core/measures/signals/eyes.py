"""PERCLOS: the share of time with the eyes closed (Wierwille et al. 1994)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.domain import Timeline
from core.measures.durations import seconds_of_rows

WINDOW_S = 60.0
CLOSED_AT = 0.2
"""Lids at least 80 % closed count as closed."""

ENOUGH_S = 10.0
"""Minimum of measured time in the window."""


def perclos(timeline: Timeline, face_id: int) -> NDArray[np.float64]:
    """Share of the last 60 s with eyes closed, for each row of one face.

    Args:
        face_id: whose rows.
    Returns:
        Float64 `(m,)`, one for each of its rows, in [0, 1]; NaN before `ENOUGH_S` seconds of
        measured eyes lie in the window.
    """
    own = timeline.face_id == face_id
    times, open_ = timeline.time_s[own], timeline.eyes_open[own]
    measured = ~np.isnan(open_)
    seconds = np.where(measured, seconds_of_rows(timeline)[own], 0.0)
    closed = np.where(measured & (open_ <= CLOSED_AT), seconds, 0.0)
    start = np.searchsorted(times, times - WINDOW_S, side="right")
    known_s, closed_s = _sums_since(seconds, start), _sums_since(closed, start)
    share = np.full(len(times), np.nan)
    np.divide(closed_s, known_s, out=share, where=known_s >= ENOUGH_S)
    return share


def _sums_since(values: NDArray[np.float64], start: NDArray[np.intp]) -> NDArray[np.float64]:
    """For each index the sum from `start` to the index, inclusive."""
    total = np.concatenate([[0.0], np.cumsum(values)])
    return np.asarray(total[1:] - total[start])
