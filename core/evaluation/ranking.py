"""How well scores put pictures of a class before the others, whatever the threshold."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from core.evaluation.metrics import Z95
from core.vocabulary import Interval


def roc_auc(scores: NDArray[np.float64], positive: NDArray[np.bool_]) -> Interval | None:
    """Area under the ROC curve with its 95 % interval.

    The area is the chance that a positive picture scores above a negative one, ties counted half
    (Hanley & McNeil 1982); its variance is DeLong's (1988), by ranks (Sun & Xu 2014).

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
    spread = _variance_of_mean(above) + _variance_of_mean(below)
    half = Z95 * float(np.sqrt(spread))
    return Interval(area, max(0.0, area - half), min(1.0, area + half))


def _variance_of_mean(values: NDArray[np.float64]) -> float:
    return float(values.var(ddof=1)) / len(values) if len(values) > 1 else 0.0
