"""Tries at one question are compared with intervals, and a tie is called one."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from core.practice.comparison import (
    BLOCK_S,
    FEWEST_SECONDS,
    _drawn_runs,
    difference,
    mean_with_interval,
)


def _sticky(rng: np.random.Generator, seconds: int, share: float) -> NDArray[np.float64]:
    """0 or 1 a second, each held for about 4 s, with this share of ones."""
    values, now = np.empty(seconds), float(rng.random() < share)
    for at in range(seconds):
        if rng.random() < 0.25:
            now = float(rng.random() < share)
        values[at] = now
    return values


def _rng() -> np.random.Generator:
    return np.random.default_rng(5)


def test_equal_generators_give_equal_intervals() -> None:
    values = _sticky(_rng(), 60, 0.6)
    assert mean_with_interval(values, _rng()) == mean_with_interval(values, _rng())


def test_the_estimate_is_the_mean_of_the_measured_seconds() -> None:
    values = _sticky(_rng(), 60, 0.6)
    values[10:25] = np.nan
    found = mean_with_interval(values, _rng())
    assert found is not None
    assert found.value == pytest.approx(np.nanmean(values))
    assert found.low < found.value < found.high


def test_too_few_measured_seconds_have_no_interval_and_no_difference() -> None:
    long = np.linspace(0, 1, 60)
    short = np.full(60, np.nan)
    short[: FEWEST_SECONDS - 1] = 0.5
    assert mean_with_interval(short, _rng()) is None
    assert difference(long, short, _rng()) is None
    assert difference(short, long, _rng()) is None
    assert mean_with_interval(np.empty(0), _rng()) is None


def test_two_draws_of_the_same_answer_are_a_tie() -> None:
    values = _sticky(_rng(), 80, 0.5)
    found = difference(values, values, _rng())
    assert found is not None
    assert found.is_tie
    assert found.change.value == 0.0


def test_a_large_change_is_no_tie_and_has_its_sign() -> None:
    low, high = _sticky(_rng(), 90, 0.1), _sticky(_rng(), 90, 0.95)
    rise, fall = difference(low, high, _rng()), difference(high, low, _rng())
    assert rise is not None
    assert fall is not None
    assert not rise.is_tie
    assert not fall.is_tie
    assert rise.change.low > 0 > fall.change.high


def test_seconds_that_hang_together_widen_the_interval() -> None:
    rng = _rng()
    sticky = _sticky(rng, 100, 0.5)
    mixed = rng.permutation(sticky)
    together, apart = mean_with_interval(sticky, _rng()), mean_with_interval(mixed, _rng())
    assert together is not None
    assert apart is not None
    assert together.high - together.low > 1.3 * (apart.high - apart.low)


def test_answers_of_equal_chance_are_ties_in_most_cases() -> None:
    """Seconds drawn one by one would call a difference in 40 of 100."""
    rng = _rng()
    found = [difference(_sticky(rng, 90, 0.5), _sticky(rng, 90, 0.5), rng) for _ in range(100)]
    assert sum(one is not None and one.is_tie for one in found) >= 88


def test_a_measure_that_never_changed_has_an_interval_without_width() -> None:
    found = mean_with_interval(np.ones(40), _rng())
    assert found is not None
    assert (found.low, found.value, found.high) == (1.0, 1.0, 1.0)


def test_the_interval_of_a_share_stays_a_share() -> None:
    values = np.ones(40)
    values[3:9] = 0.0
    free, share = (
        mean_with_interval(values, _rng()),
        mean_with_interval(values, _rng(), within=(0, 1)),
    )
    assert free is not None
    assert share is not None
    assert free.high > 1.0
    assert share.high == 1.0


def test_tries_of_three_hours_are_compared() -> None:
    low, high = (np.tile(_sticky(_rng(), 600, share), 18) for share in (0.4, 0.6))
    found = difference(low, high, _rng())
    assert found is not None
    assert not found.is_tie


def test_runs_of_a_draw_have_as_many_seconds_as_the_answer() -> None:
    for seconds in (30, 77, 10_800):
        begins, lengths = _drawn_runs(seconds, _rng())
        assert (lengths.sum(axis=1) == seconds).all()
        assert (lengths >= 0).all()
        assert begins.shape[1] < seconds / 8 + 40  # runs are kept, not each second of each draw
        assert ((begins >= 0) & (begins < seconds)).all()
        inner = lengths[:, 0]  # the first run is seldom cut off
        assert inner.mean() == pytest.approx(BLOCK_S, rel=0.1 if seconds > 60 else 0.25)
