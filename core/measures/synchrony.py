"""Synchrony of a group: how far faces move together, compared with chance.

Windowed cross-correlation, tested against surrogates in which each person's segments are shuffled
(Moulder et al. 2018, doi:10.1037/met0000172, PMC6163103). Moving together is no agreement: people
who watch one screen do so without noticing one another.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

STEP_S = 0.25
WINDOW_S = 10.0
MAX_LAG_S = 2.0
LEAST_PEOPLE = 5
"""With fewer, a figure would tell about single people."""

SURROGATES = 100

_WINDOW, _LAG = round(WINDOW_S / STEP_S), round(MAX_LAG_S / STEP_S)
_STILL = 1e-9  # a smaller standard deviation is that of rounding


@dataclass(frozen=True, eq=False)
class Synchrony:
    """How far a group moved together.

    Attributes:
        time_s: float64 `(w,)`, start of each window.
        correlation: float64 `(w,)`, the mean over pairs of their largest cross-correlation, either
            of them leading by up to two seconds; NaN where fewer than five people were measured.
        by_chance: float64 `(s,)`, the mean over the windows of each surrogate that has one.
    """

    time_s: Floats
    correlation: Floats
    by_chance: Floats

    @property
    def z(self) -> float:
        """The mean correlation, in standard deviations of the surrogates' above their mean.

        NaN where nothing was measured, or surrogates do not differ.
        """
        spread = float(self.by_chance.std()) if len(self.by_chance) else 0.0
        if not spread > _STILL:
            return float("nan")
        return (_mean(self.correlation) - float(self.by_chance.mean())) / spread

    @property
    def p(self) -> float:
        """How probable so much synchrony is by chance, in (0, 1]; NaN where not measured."""
        mean = _mean(self.correlation)
        if np.isnan(mean):
            return mean
        return float((1 + (self.by_chance >= mean).sum()) / (1 + len(self.by_chance)))


def synchrony(
    series: Floats, rng: np.random.Generator, *, surrogates: int = SURROGATES
) -> Synchrony:
    """Synchrony of people in windows of ten seconds, one after the other.

    Args:
        series: float64 `(t, people)`, any measure of each person every `STEP_S` seconds, NaN where
            not measured; see `core.measures.resampling.sampled_at`.
        rng: shuffles the segments of the surrogates.
        surrogates: how many.
    Raises:
        ValueError: fewer than five people.
    """
    if series.shape[1] < LEAST_PEOPLE:
        raise ValueError(f"synchrony needs {LEAST_PEOPLE} people or more, got {series.shape[1]}")
    correlation = _correlations(series)
    means = [_mean(_correlations(_shuffled(series, rng))) for _ in range(surrogates)]
    by_chance = np.array([one for one in means if not np.isnan(one)], dtype=np.float64)
    time_s = np.arange(len(correlation), dtype=np.float64) * WINDOW_S
    return Synchrony(time_s, correlation, by_chance)


def _shuffled(series: Floats, rng: np.random.Generator) -> Floats:
    """The same with each person's segments, as long as a window, in a random order."""
    count, people = len(series) // _WINDOW, series.shape[1]
    segments = series[: count * _WINDOW].reshape(count, _WINDOW, people)
    order = rng.permuted(np.tile(np.arange(count), (people, 1)), axis=1).T
    mixed = np.take_along_axis(segments, order[:, None, :], axis=0).reshape(-1, people)
    return np.concatenate([mixed, series[count * _WINDOW :]])


def _correlations(series: Floats) -> Floats:
    """Mean over the pairs of each window, float64 `(w,)`."""
    people = series.shape[1]
    count = max(0, (len(series) - _LAG) // _WINDOW)
    if not count:
        return np.zeros(0)
    lagged = [_standardised(series[lag : lag + count * _WINDOW]) for lag in range(_LAG + 1)]
    highest = np.full((count, people, people), -np.inf)
    for later in lagged:
        np.maximum(highest, lagged[0].transpose(0, 2, 1) @ later / _WINDOW, out=highest)
    highest = np.maximum(highest, highest.transpose(0, 2, 1))
    is_pair = np.isfinite(highest) & ~np.eye(people, dtype=np.bool_)
    is_measured = np.all([np.isfinite(one).all(axis=1) for one in lagged], axis=0)
    is_enough = is_measured.sum(axis=1) >= LEAST_PEOPLE
    sums, pairs = np.where(is_pair, highest, 0.0).sum(axis=(1, 2)), is_pair.sum(axis=(1, 2))
    means = np.full(count, np.nan)
    np.divide(sums, pairs, out=means, where=is_enough)
    return means


def _standardised(series: Floats) -> Floats:
    """Each person's windows, float64 `(w, k, people)`, with mean 0 and standard deviation 1.

    NaN where a person was not measured all the time, or did not move.
    """
    windows = series.reshape(-1, _WINDOW, series.shape[1])
    spread = windows.std(axis=1, keepdims=True)
    return np.asarray(
        (windows - windows.mean(axis=1, keepdims=True)) / np.where(spread > _STILL, spread, np.nan)
    )


def _mean(values: Floats) -> float:
    return float(np.nanmean(values)) if np.isfinite(values).any() else float("nan")
