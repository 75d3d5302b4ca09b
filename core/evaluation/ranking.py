"""How well scores put pictures of a class before the others, whatever the threshold."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from core.domain import Interval
from core.evaluation.metrics import Z95

_ONE_SIDE = 0.025


def roc_auc(scores: NDArray[np.float64], positive: NDArray[np.bool_]) -> Interval | None:
    """Area under the ROC curve with its 95 % interval.

    The area is the chance that a positive picture scores above a negative one, ties counted half
    (Hanley & McNeil 1982); its variance is DeLong's (1988), by ranks (Sun & Xu 2014). That variance
    is 0 where nothing overlaps, and unknown for a single picture. The interval then ends where all
    of `m` pairs of different pictures would still be in order once in forty times, `m` being the
    smaller side: `a**m = 0.025`.

    Args:
        scores: float64 `(n,)`; larger means more likely positive.
        positive: bool `(n,)`.
    Returns:
        None where there are no positive or no negative pictures.
    """
    wins, losses = int(positive.sum()), int((~positive).sum())
    if wins == 0 or losses == 0:
        return None
    ranks = rankdata(scores)
    # How large a share of the other side each picture is above, or below.
    above = (ranks[positive] - rankdata(scores[positive])) / losses
    below = 1 - (ranks[~positive] - rankdata(scores[~positive])) / wins
    area = float(above.mean())
    pairs = min(wins, losses)
    if pairs == 1 or area in {0.0, 1.0}:
        far = _ONE_SIDE ** (1 / pairs)
        return Interval(area, min(area, far), max(area, 1 - far))
    half = Z95 * float(np.sqrt(_variance_of_mean(above) + _variance_of_mean(below)))
    return Interval(area, max(0.0, area - half), min(1.0, area + half))


def _variance_of_mean(values: NDArray[np.float64]) -> float:
    return float(values.var(ddof=1)) / len(values)
