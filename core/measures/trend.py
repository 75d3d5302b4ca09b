"""Scores over time, averaged in bins for charts."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain import LabelScheme, Timeline


@dataclass(frozen=True, eq=False)
class Trend:
    """Mean smoothed scores in bins of equal length.

    Attributes:
        scheme: classes of the columns of `scores`.
        time_s: float64 `(m,)`, centre of each bin.
        scores: float64 `(m, k)`; NaN where no face was usable, so that a chart shows a gap.
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
    counts = np.bincount(index, minlength=steps).astype(np.float64)
    scores = np.full((steps, len(timeline.scheme)), np.nan)
    for column, values in enumerate(timeline.steady[own].T):
        sums = np.bincount(index, weights=values, minlength=steps)
        np.divide(sums, counts, out=scores[:, column], where=counts > 0)
    times = began + (np.arange(steps, dtype=np.float64) + 0.5) * step_s
    return Trend(timeline.scheme, times, scores)
