"""Where a second of a face stands among its own earlier seconds."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ENOUGH_EARLIER_S = 30
"""Minimum of earlier seconds: with fewer, one of them moves a percentile by more than three."""


@dataclass(frozen=True)
class EarlierSeconds:
    """Activity of a face's own earlier seconds, each ascending.

    Attributes:
        silent: of all counted shapes, in seconds without speech.
        upper: of brows and eyes alone, in all seconds: what seconds with speech are compared with.
        noise: activities that differ by no more are the same.
    """

    silent: list[float]
    upper: list[float]
    noise: float

    @classmethod
    def of(
        cls,
        activity: NDArray[np.float64],
        upper: NDArray[np.float64],
        speaks: NDArray[np.bool_],
        *,
        noise: float,
    ) -> EarlierSeconds:
        """From columns of seconds.

        Args:
            activity, upper: float64 `(n,)`, of all counted shapes, and of brows and eyes.
            speaks: bool `(n,)`.
        """
        return cls(np.sort(activity[~speaks]).tolist(), np.sort(upper).tolist(), noise)

    def percentile(self, activity: float, *, speaks: bool) -> float | None:
        """Share of the earlier seconds that are below this one, and half of those like it.

        Args:
            activity: of all counted shapes; of brows and eyes while the person speaks.
        Returns:
            In [0, 1]; None with fewer than `ENOUGH_EARLIER_S` seconds to compare with.
        """
        known = self.upper if speaks else self.silent
        if len(known) < ENOUGH_EARLIER_S:
            return None
        below = bisect_left(known, activity - self.noise)
        return (below + bisect_right(known, activity + self.noise)) / (2 * len(known))
