"""Whether a measure differs between two tries at a question, or may be the same.

The seconds of one answer are no independent draws: who looks away now does so in the next second
too. They are therefore drawn again in runs of seconds that stay together (block bootstrap, Künsch
1989, doi:10.1214/aos/1176347265), as the stationary bootstrap does (Politis & Romano 1994,
doi:10.1080/01621459.1994.10476870), whose runs have geometric lengths. Few runs give intervals
that are too narrow; they are widened as those of a mean of so many independent values: by
Student's t, and n / (n - 1) of the variance. On made answers of 40 to 180 s whose states held for
2 to 4 s, 89 to 97 % of intervals then held the true difference of 0; with runs of 5 s 83 to 94 %.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain.intervals import Z95, Interval

BLOCK_S = 10.0
"""Mean length of a run: the window of tension and expressiveness, longer than facing holds on."""

FEWEST_SECONDS = 30
"""Measured seconds, three runs: from fewer no interval can be trusted."""

_DRAWS = 2000  # the ends of an interval then move by less than a tenth of its width
_MIDDLE_95 = (2.5, 97.5)


@dataclass(frozen=True)
class Difference:
    """A later try minus an earlier one.

    Attributes:
        change: of the mean, with its 95 % interval, in the unit of the measure.
    """

    change: Interval

    @property
    def is_tie(self) -> bool:
        """Whether the interval holds 0: no clear difference."""
        return self.change.low <= 0.0 <= self.change.high


def mean_with_interval(
    per_second: NDArray[np.float64],
    rng: np.random.Generator,
    *,
    within: tuple[float, float] = (-math.inf, math.inf),
) -> Interval | None:
    """The mean over the measured seconds of an answer.

    Args:
        per_second: float64 `(seconds,)`, in order; NaN where not measured.
        rng: equal generators give equal intervals.
        within: the values that are possible, such as 0 to 1 of a share.

    Returns:
        None with fewer than `FEWEST_SECONDS` measured seconds.
    """
    means = _drawn_means(per_second, rng)
    if means is None:
        return None
    return _interval(float(np.nanmean(per_second)), np.clip(means, *within))


def difference(
    earlier: NDArray[np.float64], later: NDArray[np.float64], rng: np.random.Generator
) -> Difference | None:
    """How the mean of the later try differs from that of the earlier one.

    Args:
        earlier, later: float64 `(seconds,)` each, in order; NaN where not measured.
        rng: equal generators give equal intervals.

    Returns:
        None where either has fewer than `FEWEST_SECONDS` measured seconds.
    """
    before, after = _drawn_means(earlier, rng), _drawn_means(later, rng)
    if before is None or after is None:
        return None
    change = float(np.nanmean(later) - np.nanmean(earlier))
    return Difference(_interval(change, after - before))


def _drawn_means(
    per_second: NDArray[np.float64], rng: np.random.Generator
) -> NDArray[np.float64] | None:
    """Means of the seconds drawn again, `(draws,)`; None where there are too few."""
    from scipy.stats import t

    seconds = int(np.isfinite(per_second).sum())
    if seconds < FEWEST_SECONDS:
        return None
    measured = np.isfinite(per_second)
    runs_of = _drawn_runs(len(per_second), rng)
    sums = _sums(np.where(measured, per_second, 0.0), *runs_of)
    counts = _sums(measured.astype(np.float64), *runs_of)
    mean = float(np.nanmean(per_second))
    # A draw may hit unmeasured seconds alone: then it says what all seconds do.
    means = np.where(counts > 0.5, sums / np.maximum(counts, 1.0), mean)
    runs = seconds / BLOCK_S
    wider = t.ppf(0.975, runs - 1) / Z95 * np.sqrt(runs / (runs - 1))
    return np.asarray(mean + (means - mean) * wider, dtype=np.float64)


def _drawn_runs(
    count: int, rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Begin and length of each run, `(draws, runs)`: runs begin anywhere, go round at the end, and
    end by chance; together they have `count` seconds, those after that have length 0.
    """
    usual = count / BLOCK_S
    runs = int(usual + 6.0 * np.sqrt(usual)) + 20  # enough but for one draw in a billion
    ends = np.minimum(np.cumsum(rng.geometric(1.0 / BLOCK_S, (_DRAWS, runs)), axis=1), count)
    ends[:, -1] = count
    return rng.integers(0, count, (_DRAWS, runs)), np.diff(ends, axis=1, prepend=0)


def _sums(
    values: NDArray[np.float64], begins: NDArray[np.int64], lengths: NDArray[np.int64]
) -> NDArray[np.float64]:
    """The sum of each draw, `(draws,)`, by running totals: hours have too many seconds to list."""
    totals = np.concatenate([[0.0], np.cumsum(np.tile(values, 2))])
    return np.asarray((totals[begins + lengths] - totals[begins]).sum(axis=1))


def _interval(value: float, draws: NDArray[np.float64]) -> Interval:
    low, high = np.percentile(draws, _MIDDLE_95).tolist()
    return Interval(value, min(value, low), max(value, high))
