"""Rates, ages and trends of a live stream, each in bounded memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np

from core.domain import LabelScheme, Observation
from core.measures import MAX_GAP_S, Trend

WINDOW_S = 5.0
_MOST = 1000  # entries: a bound that holds even should the clock stand still


class RateMeter:
    """How often something happened, a second, over the last five."""

    def __init__(self) -> None:
        self._times: deque[float] = deque(maxlen=_MOST)

    def tick(self, clock_s: float) -> None:
        """It happened now."""
        self._times.append(clock_s)
        while clock_s - self._times[0] > WINDOW_S:
            self._times.popleft()

    def per_second(self, clock_s: float) -> float:
        """Times a second; falls towards 0 once it stopped."""
        recent = [at for at in self._times if clock_s - at <= WINDOW_S]
        if len(recent) < 2 or recent[-1] <= recent[0]:
            return 0.0
        # Until now, not until the last time: a stream that stopped must not show its old rate.
        return (len(recent) - 1) / max(recent[-1] - recent[0], clock_s - recent[0])


class AgeMeter:
    """How old results were when the screen could read them, over the last five seconds.

    The age of a result: how much longer than the fastest frame its frame was on its way
    (`FrameClock`), and the time from its arrival in this process until the screen could read it.
    """

    def __init__(self) -> None:
        self._ages: deque[tuple[float, float]] = deque(maxlen=_MOST)

    def finished(self, clock_s: float, age_s: float) -> None:
        """A result can be read now."""
        self._ages.append((clock_s, age_s))
        while clock_s - self._ages[0][0] > WINDOW_S:
            self._ages.popleft()

    def ages_ms(self) -> tuple[float, ...]:
        """Every age, oldest result first."""
        return tuple(age_s * 1000 for _, age_s in self._ages)


def percentile(numbers: Sequence[float], share: float) -> float:
    """The number not exceeded by this percentage of them; 0 for none."""
    return float(np.percentile(numbers, share)) if numbers else 0.0


class TimeMeter:
    """Watched and usable seconds since the beginning, as `measures.summarise` counts them."""

    def __init__(self) -> None:
        self.watched_s = 0.0
        self.usable_s = 0.0
        self._last: tuple[float, bool] | None = None

    def see(self, time_s: float, *, usable: bool) -> None:
        """The moment before lasted until this one."""
        if self._last is not None:
            lasted = min(time_s - self._last[0], MAX_GAP_S)
            self.watched_s += lasted
            self.usable_s += lasted if self._last[1] else 0.0
        self._last = (time_s, usable)


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
