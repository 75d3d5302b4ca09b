"""From RecruitView's score for facial expression to three levels."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain import EXPRESSIVENESS3, UNLABELLED
from core.domain.errors import EmptySplit


@dataclass(frozen=True)
class LevelCuts:
    """Where reserved ends and expressive begins: reserved < low <= balanced <= high < expressive.

    Attributes:
        low, high: in units of the score; low <= high.
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low <= self.high):
            raise ValueError(f"cuts are finite and in order, got {self.low} and {self.high}")

    def levels(self, scores: NDArray[np.float64]) -> NDArray[np.int64]:
        """Class numbers of `EXPRESSIVENESS3`; `UNLABELLED` where the score is NaN."""
        found = (scores >= self.low).astype(np.int64) + (scores > self.high)
        return np.where(np.isnan(scores), UNLABELLED, found)


PUBLISHED_CUTS = LevelCuts(-0.303, 0.294)
"""Tertiles of all 2,011 scores, the test people's included: to compare with, not to learn from."""


def fit_tertiles(scores: NDArray[np.float64]) -> LevelCuts:
    """Cuts that put a third of these scores into each level.

    Args:
        scores: float64 `(n,)`, one a clip, of the training people only: cuts that were chosen with
            the test people's scores have seen the answers.
    Raises:
        EmptySplit: the scores do not fill three levels.
    """
    known = scores[~np.isnan(scores)]
    if len(known):
        low, high = np.quantile(known, [1 / 3, 2 / 3])
        cuts = LevelCuts(float(low), float(high))
        if len(np.unique(cuts.levels(known))) == len(EXPRESSIVENESS3):
            return cuts
    raise EmptySplit(
        f"{len(known):,} scores with {len(np.unique(known)):,} different values do not make three "
        "levels.",
        advice="Use more clips, or the published cuts.",
    )
