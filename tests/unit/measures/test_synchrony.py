"""Synchrony of a group, against shuffled segments."""

from __future__ import annotations

import numpy as np
import pytest

from core.measures.synchrony import STEP_S, synchrony

MINUTES = 4
ROWS = round(MINUTES * 60 / STEP_S)


def noise(people=6, *, seed=1):
    """Smooth series, each of its own."""
    raw = np.random.default_rng(seed).normal(size=(ROWS + 4, people))
    return np.stack([raw[k : k + ROWS] for k in range(4)]).mean(axis=0)


def of(series, *, seed=2, surrogates=19):
    return synchrony(series, np.random.default_rng(seed), surrogates=surrogates)


def together(*, lag=0, share=0.8):
    """People who move alike, each `lag` steps after the one before."""
    leader = noise(1, seed=3)[:, 0]
    alike = np.stack([np.roll(leader, lag * k) for k in range(6)], axis=1)
    return share * alike + (1 - share) * noise()


def test_people_who_move_alike_are_above_chance():
    found = of(together())
    assert found.correlation.shape == (MINUTES * 6 - 1,)
    assert found.z > 10
    assert found.p == pytest.approx(0.05)


def test_a_second_late_is_still_together():
    assert of(together(lag=1)).z > 10


def test_people_who_move_on_their_own_are_not():
    found = of(noise())
    assert abs(found.z) < 3
    assert found.p > 0.05


def test_fewer_than_five_people_are_refused():
    with pytest.raises(ValueError, match="needs 5 people or more, got 4"):
        of(noise(4))


def test_a_window_with_fewer_than_five_measured_people_is_missing():
    series = together()
    series[100, :2] = np.nan
    found = of(series)
    assert np.flatnonzero(np.isnan(found.correlation)).tolist() == [2]
    series[100, 1] = 0.0
    assert not np.isnan(of(series, surrogates=1).correlation).any()


def test_still_faces_and_short_sessions_say_nothing():
    for series in (np.ones((ROWS, 6)), noise()[:20]):
        found = of(series, surrogates=2)
        assert not np.isfinite(found.correlation).any()
        assert np.isnan([found.z, found.p]).all()


def test_equal_generators_give_equal_surrogates():
    one, two = of(noise(), surrogates=3), of(noise(), surrogates=3)
    assert np.array_equal(one.by_chance, two.by_chance)
    assert not np.array_equal(one.by_chance, of(noise(), seed=9, surrogates=3).by_chance)
