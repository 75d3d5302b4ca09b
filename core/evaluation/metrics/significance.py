"""Significance tests of differences between models.

Two shares are compared by the score intervals of Newcombe (1998), built from each share's Wilson
interval, and, where both models answered the same pictures, by McNemar's test (1947) on those that
only one of them classified correctly; macro-F1 and log loss by the bootstrap over pictures.
Several p-values at once are corrected by Holm (1979).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain import Interval
from core.domain.intervals import share_interval
from core.evaluation.metrics.confusion_matrix_metrics import macro_f1
from core.evaluation.metrics.logarithmic_loss import log_losses
from core.evaluation.metrics.mean_intervals import normal_interval, percentile_interval

ALPHA = 0.05
"""Level of the tests.

It belongs to the 95 % of every interval (`Z95` in `core.domain.intervals`, the percentiles in
`mean_intervals`): they change together.
"""


@dataclass(frozen=True)
class PairedTest:
    """McNemar's test on the pictures that only one of two models classifies correctly.

    Attributes:
        only_first, only_second: pictures that only this one classifies correctly.
        exact_p: two-sided, conditional (McNemar 1947 in its exact, binomial form).
        mid_p: the same with half the weight of the observed table, which is less conservative and
            still keeps its level (Fagerland, Lydersen & Laake 2013).
    """

    only_first: int
    only_second: int
    exact_p: float
    mid_p: float


@dataclass(frozen=True)
class Difference:
    """Accuracy of a first model minus that of a second, with its 95 % interval.

    Attributes:
        pictures: evaluated with both; of the smaller of two splits where they are not the same.
        accuracy: in [-1, 1]; positive where the first is better.
        test: None where predictions are not paired.
    """

    pictures: int
    accuracy: Interval
    test: PairedTest | None = None

    @property
    def is_tie(self) -> bool:
        """Whether the difference is not significant, by its interval or by the test."""
        contains_zero = self.accuracy.low <= 0.0 <= self.accuracy.high
        return contains_zero or (self.test is not None and self.test.exact_p >= ALPHA)


def paired_difference(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> Difference:
    """Compare two models on the same pictures.

    Args:
        first, second: bool, shape `(n,)`: which pictures each classifies correctly.
    Raises:
        ValueError: no pictures, or not as many for both.
    """
    if first.shape != second.shape or not len(first):
        raise ValueError(f"{first.shape} answers cannot be paired with {second.shape}")
    table = (
        int((first & second).sum()),
        int((first & ~second).sum()),
        int((~first & second).sum()),
        int((~first & ~second).sum()),
    )
    return Difference(len(first), _paired_interval(*table), mcnemar(table[1], table[2]))


def unpaired_difference(first: tuple[int, int], second: tuple[int, int]) -> Difference:
    """Compare two models on different pictures, or where predictions cannot be paired.

    For the same pictures the interval is conservative: that both models fail on the same hard ones
    is not used.

    Args:
        first, second: correct predictions, and evaluated pictures.
    Raises:
        ValueError: one has no pictures.
    """
    one, other = share_interval(*first), share_interval(*second)
    # Newcombe 1998 (independent proportions), method 10.
    low = math.hypot(one.value - one.low, other.high - other.value)
    high = math.hypot(one.high - one.value, other.value - other.low)
    return Difference(min(first[1], second[1]), _around(one.value - other.value, low, high))


def mcnemar(only_first: int, only_second: int) -> PairedTest:
    """McNemar's test.

    Args:
        only_first, only_second: number of pictures that only this one classifies correctly.
    """
    from scipy.stats import binom

    fewer, both = min(only_first, only_second), only_first + only_second
    below = float(binom.cdf(fewer, both, 0.5))
    exact = min(1.0, 2 * below)
    mid = 1.0 if only_first == only_second else 2 * below - float(binom.pmf(fewer, both, 0.5))
    return PairedTest(only_first, only_second, exact, min(1.0, mid))


def _paired_interval(both: int, first: int, second: int, neither: int) -> Interval:
    """Newcombe 1998 (paired proportions), method 10: Wilson's limits, corrected for correlation."""
    count = both + first + second + neither
    one, other = share_interval(both + first, count), share_interval(both + second, count)
    phi = _phi(both, first, second, neither)
    low = _limit_length(one.value - one.low, other.high - other.value, phi)
    high = _limit_length(one.high - one.value, other.value - other.low, phi)
    return _around((first - second) / count, low, high)


def _phi(both: int, first: int, second: int, neither: int) -> float:
    """Correlation of correctness, with the continuity correction of method 10."""
    sides = (both + first) * (second + neither) * (both + second) * (first + neither)
    if sides == 0:
        return 0.0
    excess: float = both * neither - first * second
    if excess > 0:
        excess = max(0.0, excess - (both + first + second + neither) / 2)
    return excess / math.sqrt(sides)


def _limit_length(one: float, other: float, phi: float) -> float:
    """Distance of a limit from the value; rounding may bring its square slightly below 0."""
    return math.sqrt(max(0.0, one * one - 2 * phi * one * other + other * other))


def _around(value: float, low: float, high: float) -> Interval:
    return Interval(value, max(-1.0, value - low), min(1.0, value + high))


_RESAMPLES = 2000
_AT_ONCE = 250  # resamples held in memory together: 7 classes take 0.7 MB


def macro_f1_difference(
    truth: NDArray[np.int64],
    predicted: tuple[NDArray[np.int64], NDArray[np.int64]],
    *,
    classes: int,
    seed: int,
) -> Interval:
    """Macro-F1 of a first model minus that of a second, with a paired percentile bootstrap.

    Pictures are resampled with both predictions (Efron 1979; Koehn 2004): a resample of n pictures
    is one table of truth by first by second with the same n.

    Args:
        truth: int64, shape `(n,)`, class numbers.
        predicted: by each model, like `truth`.
        classes: how many there are.
        seed: of the resampling.
    """
    cell = (truth * classes + predicted[0]) * classes + predicted[1]
    table = np.bincount(cell, minlength=classes**3)
    rng = np.random.default_rng(seed)
    found = np.concatenate(
        [
            _differences(rng.multinomial(len(truth), table / len(truth), size=_AT_ONCE), classes)
            for _ in range(_RESAMPLES // _AT_ONCE)
        ]
    )
    value = float(_differences(table[None], classes)[0])
    return percentile_interval(value, found)


def log_loss_difference(
    truth: NDArray[np.int64], logits: tuple[NDArray[np.float64], NDArray[np.float64]]
) -> Interval:
    """Log loss of a first model minus that of a second, in nats, with a paired normal interval.

    Args:
        truth: int64, shape `(n,)`, class numbers.
        logits: of each, float64, shape `(n, k)`, divided by its temperature.
    """
    return normal_interval(log_losses(logits[0], truth) - log_losses(logits[1], truth))


def _differences(tables: NDArray[np.int64], classes: int) -> NDArray[np.float64]:
    """Float64 `(m,)` from int64 `(m, classes ** 3)`: truth by first by second."""
    cubes = tables.reshape(-1, classes, classes, classes)
    return macro_f1(cubes.sum(axis=3)) - macro_f1(cubes.sum(axis=2))


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """P-values corrected for multiple comparisons (Holm 1979).

    Args:
        p_values: each in [0, 1].
    Returns:
        In the same order, each at least what it was and at most 1.
    """
    if not p_values:
        return ()
    given = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(given, kind="stable")
    raised = np.maximum.accumulate(given[order] * np.arange(len(given), 0, -1))
    found = np.empty_like(given)
    found[order] = np.minimum(1.0, raised)
    return tuple(float(one) for one in found)


def homogeneity(counts: list[tuple[int, int]]) -> float:
    """P-value of Pearson's chi-squared test of homogeneity of several shares.

    Args:
        counts: for each group: hits, and of how many.
    Returns:
        1.0 where there is nothing to compare: one group, or all or no hits.
    """
    from scipy.stats import chi2_contingency

    table = np.array([(hits, of - hits) for hits, of in counts if of > 0], dtype=np.int64)
    if len(table) < 2 or (table.sum(axis=0) == 0).any():
        return 1.0
    return float(chi2_contingency(table, correction=False).pvalue)
