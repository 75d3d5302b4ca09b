"""Effective sample size and intraclass correlation."""

from __future__ import annotations

import numpy as np
import pytest

from core.drift.drift_statistics import independent_rows, intraclass_correlation


def autoregressive(rng, rows, *, coefficient):
    """A first-order autoregressive series of variance 1."""
    steps = rng.normal(size=rows)
    values = np.empty(rows)
    values[0] = steps[0]
    for at in range(1, rows):
        values[at] = coefficient * values[at - 1] + np.sqrt(1 - coefficient**2) * steps[at]
    return values


def effective_rows(values, stream=None, **further):
    stream = np.zeros(len(values), np.int64) if stream is None else stream
    return independent_rows(values, stream, np.arange(len(values)), **further)


def test_pictures_are_independent_rows():
    values = np.random.default_rng(1).normal(size=50)
    assert effective_rows(values, np.arange(50)) == 50


def test_unrelated_rows_of_one_face_are_nearly_all_independent():
    assert effective_rows(np.random.default_rng(2).normal(size=2000)) > 1700


@pytest.mark.parametrize("coefficient", [0.5, 0.8, 0.95])
def test_autocorrelated_rows_have_the_effective_sample_size_of_theory(coefficient):
    rng = np.random.default_rng(3)
    found = np.mean(
        [effective_rows(autoregressive(rng, 4000, coefficient=coefficient)) for _ in range(20)]
    )
    assert found == pytest.approx(4000 * (1 - coefficient) / (1 + coefficient), rel=0.15)


def test_faces_that_stay_as_they_are_count_as_few_however_long_they_stay():
    rng = np.random.default_rng(4)
    levels = np.repeat(rng.normal(size=12), 300)
    stream = np.repeat(np.arange(12), 300)
    values = levels + rng.normal(0, 0.05, 3600)
    second = np.tile(np.arange(300), 12)
    assert 10 <= independent_rows(values, stream, second) < 24


def test_the_order_in_which_faces_come_says_nothing():
    rng = np.random.default_rng(9)
    levels = np.linspace(-1, 1, 12)
    stream, second = np.repeat(np.arange(12), 100), np.tile(np.arange(100), 12)
    noise = rng.normal(0, 0.05, 1200)
    fading, mixed = (
        independent_rows(np.repeat(order, 100) + noise, stream, second)
        for order in (levels, rng.permutation(levels))
    )
    assert fading == pytest.approx(mixed, rel=0.01)


def test_a_gap_in_time_separates_what_lies_around_it():
    values = autoregressive(np.random.default_rng(5), 600, coefficient=0.95)
    near = independent_rows(values, np.zeros(600, np.int64), np.arange(600))
    far = independent_rows(values, np.zeros(600, np.int64), np.arange(600) * 1000)
    assert near < 60
    assert far == 600


def test_a_number_that_never_varies_counts_as_one_row_per_face():
    assert effective_rows(np.full(100, 0.7), np.repeat([0, 1], 50)) == 2


def test_what_the_reference_knows_of_faces_applies_for_a_single_one():
    values = np.random.default_rng(6).normal(size=300)
    assert effective_rows(values) > 200
    assert effective_rows(values, intraclass=0.5) == pytest.approx(300 / 150.5, rel=0.05)
    assert effective_rows(values, intraclass=1.0) == 1


def test_no_rows_have_an_effective_sample_size_of_zero():
    assert effective_rows(np.zeros(0)) == 0


def test_similar_faces_have_no_variance_between_them_and_different_ones_nearly_all():
    rng = np.random.default_rng(7)
    stream = np.repeat(np.arange(40), 50)
    noise = rng.normal(size=2000)
    levels = np.repeat(rng.normal(size=40), 50)
    assert intraclass_correlation(noise, stream) < 0.02
    assert intraclass_correlation(noise + levels, stream) == pytest.approx(0.5, abs=0.12)
    assert intraclass_correlation(levels, stream) == pytest.approx(1)


def test_labels_are_counted_alike_within_a_face():
    rng = np.random.default_rng(8)
    stream = np.repeat(np.arange(30), 20)
    own_label = np.repeat(rng.integers(0, 7, 30), 20)
    assert intraclass_correlation(np.eye(7)[own_label], stream) == pytest.approx(1)
    assert intraclass_correlation(np.eye(7)[rng.integers(0, 7, 600)], stream) < 0.03


@pytest.mark.parametrize("stream", [np.arange(5), np.zeros(5, np.int64)])
def test_intraclass_correlation_is_zero_for_single_pictures_and_for_a_single_face(stream):
    assert intraclass_correlation(np.array([1.0, 2.0, 3.0, 4.0, 5.0]), stream) == 0
