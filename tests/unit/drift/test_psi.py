"""PSI, its threshold, and Kolmogorov-Smirnov."""

from __future__ import annotations

import math

import numpy as np
import pytest

from core.drift.alarm_threshold import FIXED_THRESHOLD, alarm_level, alarm_threshold
from core.drift.drift_statistics import (
    kolmogorov_smirnov,
    population_stability,
)

TEN = (0.1,) * 10


def psi(one, other, rows=1e9):
    return float(
        population_stability(np.array(one), np.array(other), reference_rows=rows, window_rows=rows)
    )


def test_with_many_rows_it_is_the_published_formula():
    expected = (0.5 - 0.2) * math.log(0.5 / 0.2) + (0.5 - 0.8) * math.log(0.5 / 0.8)
    assert psi((0.5, 0.5), (0.2, 0.8)) == pytest.approx(expected, rel=1e-6)


def test_an_empty_bin_makes_it_large_and_not_infinite():
    assert 5 < psi((0.5, 0.5), (0.0, 1.0), rows=1e6) < 10
    assert 0.5 < psi((0.5, 0.5), (0.0, 1.0), rows=20) < 5


def test_a_bin_that_is_empty_on_both_sides_adds_nothing():
    assert psi((0.5, 0.5, 0.0), (0.2, 0.8, 0.0)) == pytest.approx(psi((0.5, 0.5), (0.2, 0.8)))


def test_many_rows_need_no_more_than_the_fixed_threshold():
    assert alarm_threshold(TEN, 20_000, 2_000, 0.99) == FIXED_THRESHOLD


def test_few_rows_raise_the_threshold_to_where_chance_ends():
    thresholds = [alarm_threshold(TEN, 20_000, rows, 0.99) for rows in (30, 60, 120)]
    assert thresholds == sorted(thresholds, reverse=True)
    # chi2(9) has its 99 % point at 21.67; the half row a bin takes a little off.
    assert thresholds[1] == pytest.approx(21.67 / 60, rel=0.25)


def test_a_small_reference_raises_it_too():
    assert alarm_threshold(TEN, 50, 200, 0.99) > alarm_threshold(TEN, 5_000, 200, 0.99)


def test_equal_arguments_give_equal_thresholds():
    first = alarm_threshold(TEN, 70.5, 40, 0.99)
    alarm_threshold.cache_clear()
    assert alarm_threshold(TEN, 70.5, 40, 0.99) == first


def test_more_quantities_share_the_false_alarms():
    assert alarm_level(1) == 0.99
    assert 9 * (1 - alarm_level(9)) <= 0.05
    assert alarm_level(9) > alarm_level(4)


def test_distance_between_halves_that_do_not_meet_is_one():
    points = np.linspace(0, 1, 201)
    distance, chance = kolmogorov_smirnov(
        points, np.full(50, 2.0), reference_rows=1000, window_rows=50
    )
    assert distance == 1
    assert chance < 1e-9


def test_rows_that_count_for_few_prove_little():
    points, values = np.linspace(0, 1, 201), np.random.default_rng(1).uniform(0.2, 1, 300)
    few = kolmogorov_smirnov(points, values, reference_rows=1000, window_rows=5)
    many = kolmogorov_smirnov(points, values, reference_rows=1000, window_rows=300)
    assert few[0] == many[0]
    assert few[1] > 0.3
    assert many[1] < 1e-6
