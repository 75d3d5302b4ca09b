"""Frame rate, latency and trends of a live stream, each in bounded memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from core.domain import LabelScheme, Observation
from core.measures import MAX_GAP_S, Trend

WINDOW_S = 5.0
_MAX_ENTRIES = 1000  # a bound in case the clock stands still


class RateMeter:
    """Events per second, over the last five seconds."""

    def __init__(self) -> None:
        self._times: deque[float] = deque(maxlen=_MAX_ENTRIES)

    def tick(self, clock_s: float) -> None:
        """Count an event now."""
        self._times.append(clock_s)
        while clock_s - self._times[0] > WINDOW_S:
            self._times.popleft()

    def per_second(self, clock_s: float) -> float:
        """Events per second; falls towards 0 once they stop."""
        recent = [at for at in self._times if clock_s - at <= WINDOW_S]
        if len(recent) < 2 or recent[-1] <= recent[0]:
            return 0.0
        # Until now, not until the last event: a stopped stream must not show its old rate.
        return (len(recent) - 1) / max(recent[-1] - recent[0], clock_s - recent[0])


class AgeMeter:
    """Latencies of results, over the last five seconds.

    The latency of a result is its frame's delay compared with the fastest frame (`FrameClock`),
    plus the time from its arrival in this process until the screen can read it.
    """

    def __init__(self) -> None:
        self._ages: deque[tuple[float, float]] = deque(maxlen=_MAX_ENTRIES)

    def add(self, clock_s: float, age_s: float) -> None:
        """Add the latency of a result that is available now."""
        self._ages.append((clock_s, age_s))
        while clock_s - self._ages[0][0] > WINDOW_S:
            self._ages.popleft()

    def ages_ms(self) -> tuple[float, ...]:
        """Every latency, oldest result first."""
        return tuple(age_s * 1000 for _, age_s in self._ages)


def percentile(numbers: Sequence[float], share: float) -> float:
    """A percentile of numbers; 0 for none."""
    return float(np.percentile(numbers, share)) if numbers else 0.0


class TimeMeter:
    """Analysed and usable seconds of the session, as `measures.summarise` counts them."""

    def __init__(self) -> None:
        self.watched_s = 0.0
        self.usable_s = 0.0
        self._last: tuple[float, bool] | None = None

    def update(self, time_s: float, *, usable: bool) -> None:
        """Add the time since the moment before."""
        if self._last is not None:
            lasted = min(time_s - self._last[0], MAX_GAP_S)
            self.watched_s += lasted
            self.usable_s += lasted if self._last[1] else 0.0
        self._last = (time_s, usable)


MAX_STEPS = 600

InView = Callable[[NDArray[np.float64]], NDArray[np.float64]]
Scores = NDArray[np.float32] | tuple[float, ...]


def steady_scores(seen: Observation) -> Scores | None:
    """A face's smoothed scores; None without any."""
    return None if seen.steady is None else seen.steady.values


class RunningTrend:
    """Mean smoothed scores of all usable faces, in steps that double beyond `MAX_STEPS`.

    Args:
        scheme: names the scores.
        step_s: initial length of a step.
        in_view: scores `(n, m)` of faces as those of the scheme, `(n, len(scheme))`; applied to all
            of a step together, which takes much less time than one by one.
        scores_of: what is averaged of a face, `(m,)`; None where nothing is.
    """

    def __init__(
        self,
        scheme: LabelScheme,
        *,
        step_s: float = 1.0,
        in_view: InView | None = None,
        scores_of: Callable[[Observation], Scores | None] = steady_scores,
    ) -> None:
        self._scheme = scheme
        self._step_s = step_s
        self._in_view = in_view
        self._scores_of = scores_of
        self._waiting: list[Scores] = []
        self._waiting_step = 0
        self._sums = np.zeros((MAX_STEPS, len(scheme)))
        self._counts = np.zeros(MAX_STEPS)
        self._used = 0

    def update(self, time_s: float, observations: Sequence[Observation]) -> None:
        """Add one moment; times never decrease."""
        while int(time_s / self._step_s) >= MAX_STEPS:
            self._add_waiting()
            self._halve()
        step = int(time_s / self._step_s)
        if step != self._waiting_step or len(self._waiting) > _MAX_ENTRIES:
            self._add_waiting()
        self._waiting_step = step
        self._used = max(self._used, step + 1)
        known = (self._scores_of(one) for one in observations)
        self._waiting += [one for one in known if one is not None]

    def trend(self) -> Trend:
        """A copy of the trend."""
        self._add_waiting()
        scores = np.full((self._used, len(self._scheme)), np.nan)
        counts = self._counts[: self._used, None]
        np.divide(self._sums[: self._used], counts, out=scores, where=counts > 0)
        times = (np.arange(self._used, dtype=np.float64) + 0.5) * self._step_s
        return Trend(self._scheme, times, scores)

    def _add_waiting(self) -> None:
        """Add the scores of the newest step."""
        if not self._waiting:
            return
        rows = np.array(self._waiting, dtype=np.float64)
        rows = rows if self._in_view is None else self._in_view(rows)
        self._sums[self._waiting_step] += rows.sum(axis=0)
        self._counts[self._waiting_step] += len(rows)
        self._waiting.clear()

    def _halve(self) -> None:
        """Merge pairs of steps."""
        half = MAX_STEPS // 2
        self._sums[:half] = self._sums[0::2] + self._sums[1::2]
        self._counts[:half] = self._counts[0::2] + self._counts[1::2]
        self._sums[half:], self._counts[half:] = 0, 0
        self._step_s *= 2
        self._used = (self._used + 1) // 2
