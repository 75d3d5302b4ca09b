"""Scores over time, averaged in bins for charts."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain import LabelScheme, Timeline
from core.measures.durations import seconds_of_rows


@dataclass(frozen=True, eq=False)
class Trend:
    """Mean smoothed scores in bins of equal length.

    Attributes:
        scheme: classes of the columns of `scores`.
        time_s: float64 `(m,)`, centre of each bin.
        scores: float64 `(m, k)`; NaN where no face was usable, so that a chart shows a gap. A bin
            between two frames has the scores of the frame before it, for as long as that lasts.
    """

    scheme: LabelScheme
    time_s: NDArray[np.float64]
    scores: NDArray[np.float64]


def binned_trend(
    timeline: Timeline,
    *,
    every_s: float,
    face_id: int | None = None,
    most_steps: int = 600,
) -> Trend:
    """The trend of one face, or of all usable faces together.

    Args:
        every_s: length of a bin; longer where the session would need more than `most_steps`.
        face_id: None takes every face.
    Raises:
        ValueError: `every_s` is not positive.
    """
    if every_s <= 0:
        raise ValueError(f"a bin has a positive length, got {every_s}")
    if len(timeline) == 0:
        return Trend(timeline.scheme, np.zeros(0), np.zeros((0, len(timeline.scheme))))
    began, ended = float(timeline.time_s[0]), float(timeline.time_s[-1])
    step_s = max(every_s, (ended - began) / most_steps)
    steps = max(1, math.floor((ended - began) / step_s) + 1)
    own = timeline.usable & ~np.isnan(timeline.steady[:, 0])
    if face_id is not None:
        own &= timeline.face_id == face_id
    index = ((timeline.time_s[own] - began) / step_s).astype(np.int64).clip(0, steps - 1)
    ends = (timeline.time_s[own] + seconds_of_rows(timeline)[own] - began) / step_s
    rows, index = _with_bins_between_frames(index, ends, steps)
    counts = np.bincount(index, minlength=steps).astype(np.float64)
    scores = np.full((steps, len(timeline.scheme)), np.nan)
    for column, values in enumerate(timeline.steady[own][rows].T):
        sums = np.bincount(index, weights=values, minlength=steps)
        np.divide(sums, counts, out=scores[:, column], where=counts > 0)
    times = began + (np.arange(steps, dtype=np.float64) + 0.5) * step_s
    return Trend(timeline.scheme, times, scores)


def _with_bins_between_frames(
    index: NDArray[np.int64], ends: NDArray[np.float64], steps: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows and their bins; where a camera is slower than the bins, those between two frames too.

    Args:
        index: int64 `(n,)`, the bin of each row.
        ends: float64 `(n,)`, when each row stops lasting, in bins.
        steps: how many bins there are.
    Returns:
        Two int64 `(r,)`: positions in `index`, and the bin that each counts in. A bin with frames
        of its own has only these; another one the rows that last beyond its centre.
    """
    rows = np.arange(len(index))
    last = np.minimum(np.ceil(ends - 0.5).astype(np.int64) - 1, steps - 1)
    further = np.maximum(last - index, 0)
    held = np.repeat(rows, further)
    bins = index[held] + np.arange(len(held)) - np.repeat(np.cumsum(further) - further, further) + 1
    is_empty = ~np.isin(bins, index)
    return np.append(rows, held[is_empty]), np.append(index, bins[is_empty])
