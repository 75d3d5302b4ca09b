"""The whole session's trend in bounded memory."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.domain import LabelScheme, Observation
from core.measures import Trend

MOST_STEPS = 600


class RunningTrend:
    """Mean smoothed scores of all usable faces, in steps that double when there are too many.

    Args:
        scheme: names the scores.
        step_s: first length of a step.
    """

    def __init__(self, scheme: LabelScheme, *, step_s: float = 1.0) -> None:
        self._scheme = scheme
        self._step_s = step_s
        self._sums = np.zeros((MOST_STEPS, len(scheme)))
        self._counts = np.zeros(MOST_STEPS)
        self._used = 0

    def see(self, time_s: float, observations: Sequence[Observation]) -> None:
        """Add one moment; times never go back."""
        while int(time_s / self._step_s) >= MOST_STEPS:
            self._halve()
        step = int(time_s / self._step_s)
        self._used = max(self._used, step + 1)
        for seen in observations:
            if seen.steady is not None:
                self._sums[step] += seen.steady.values
                self._counts[step] += 1

    def trend(self) -> Trend:
        """A copy that nobody changes any more."""
        scores = np.full((self._used, len(self._scheme)), np.nan)
        counts = self._counts[: self._used, None]
        np.divide(self._sums[: self._used], counts, out=scores, where=counts > 0)
        times = (np.arange(self._used, dtype=np.float64) + 0.5) * self._step_s
        return Trend(self._scheme, times, scores)

    def _halve(self) -> None:
        """Two steps become one."""
        half = MOST_STEPS // 2
        self._sums[:half] = self._sums[0::2] + self._sums[1::2]
        self._counts[:half] = self._counts[0::2] + self._counts[1::2]
        self._sums[half:], self._counts[half:] = 0, 0
        self._step_s *= 2
        self._used = (self._used + 1) // 2
