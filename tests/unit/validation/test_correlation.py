"""Correlations: the right value and sign, and intervals that hold the truth."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from core.validation.correlation import centred, of_one, of_persons, pearson, spearman


def made(rng, *, persons: int, clips: int, correlation: float, alike: float = 0.3):
    """Clips whose measure and rating correlate as told, also between the persons.

    Args:
        alike: share of the variance that the clips of one person have in common.
    """
    both = [[1.0, correlation], [correlation, 1.0]]
    of_clips = rng.multivariate_normal([0, 0], both, size=persons * clips)
    of_people = rng.multivariate_normal([0, 0], both, size=persons)
    number = np.repeat(np.arange(persons), clips)
    found = np.sqrt(1 - alike) * of_clips + np.sqrt(alike) * of_people[number]
    return found[:, 0], found[:, 1], number.astype(str)


def test_both_correlations_are_those_of_scipy():
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=40).round(1), rng.normal(size=40).round(1)
    assert spearman(x, y) == pytest.approx(stats.spearmanr(x, y).statistic)
    assert pearson(x, y) == pytest.approx(stats.pearsonr(x, y).statistic)


def test_the_interval_of_independent_clips_is_that_of_bonett_and_wright():
    x = np.arange(20.0)
    y = np.array([0, 2, 1, 3, 5, 4, 6, 8, 7, 9, 11, 10, 12, 14, 13, 15, 17, 16, 18, 19.0])
    found = of_persons(x, y, np.arange(20).astype(str))
    r = stats.spearmanr(x, y).statistic
    half = 1.959964 * np.sqrt((1 + r**2 / 2) / 17)
    assert found.interval.low == pytest.approx(np.tanh(np.arctanh(r) - half), abs=1e-6)
    assert found.interval.high == pytest.approx(np.tanh(np.arctanh(r) + half), abs=1e-6)


@pytest.mark.parametrize(
    ("persons", "clips", "correlation"), [(6, 4, 0.5), (20, 4, 0.5), (20, 1, -0.4), (12, 5, 0.0)]
)
def test_about_95_of_100_intervals_hold_the_planted_correlation(persons, clips, correlation):
    rng = np.random.default_rng(17)
    truth = 6 / np.pi * np.arcsin(correlation / 2)  # of ranks, where values are normal
    inside = 0
    for _ in range(300):
        found = of_persons(*made(rng, persons=persons, clips=clips, correlation=correlation))
        inside += found.interval.low <= truth <= found.interval.high
    assert 0.90 <= inside / 300 <= 0.99


def test_no_correlation_is_found_no_more_often_than_5_of_100_times():
    rng = np.random.default_rng(23)
    found = [of_persons(*made(rng, persons=10, clips=4, correlation=0.0)) for _ in range(300)]
    assert np.mean([one.p < 0.05 for one in found]) <= 0.09


def test_a_planted_correlation_is_found_with_its_sign():
    rng = np.random.default_rng(5)
    for correlation in (0.8, -0.8):
        found = of_persons(*made(rng, persons=15, clips=4, correlation=correlation))
        assert found.interval.low > 0 if correlation > 0 else found.interval.high < 0


def test_clips_of_one_person_count_for_less_than_clips_of_many():
    rng = np.random.default_rng(11)
    x, y, persons = made(rng, persons=8, clips=10, correlation=0.0, alike=0.9)
    by_persons = of_persons(x, y, persons).interval
    as_if_independent = of_persons(x, y, np.arange(len(x)).astype(str)).interval
    assert by_persons.high - by_persons.low > 1.5 * (as_if_independent.high - as_if_independent.low)


def test_a_perfect_order_is_not_taken_for_certain():
    x = np.arange(12.0)
    found = of_persons(x, x, np.repeat(["a", "b", "c", "d"], 3))
    assert found.interval.value == 1.0
    assert found.interval.low < 0.99


@pytest.mark.parametrize(
    ("x", "persons"),
    [
        (np.arange(7.0), np.array(list("abcdefg"))),  # seven clips
        (np.arange(12.0), np.repeat(["a", "b", "c"], 4)),  # three persons
        (np.ones(12), np.repeat(["a", "b", "c", "d"], 3)),  # constant
        (np.append(np.ones(9), [1.0, 2, 3]), np.repeat(["a", "b", "c", "d"], 3)),  # only in one
    ],
    ids=["seven clips", "three persons", "constant", "different in one person alone"],
)
def test_too_few_or_constant_values_have_no_correlation(x, persons):
    assert of_persons(x, np.arange(float(len(x))), persons) is None


@pytest.mark.parametrize(("count", "has_one"), [(3, False), (4, True)])
def test_one_person_has_a_correlation_from_four_clips_on(count, has_one):
    found = of_one(np.arange(float(count)), np.arange(float(count)) ** 2)
    assert (found is not None) == has_one


def test_centred_values_tell_nothing_between_persons():
    persons = np.repeat(["a", "b"], 3)
    values = np.array([1.0, 2, 3, 101, 102, 103])
    assert centred(values, persons).tolist() == [-1, 0, 1, -1, 0, 1]
