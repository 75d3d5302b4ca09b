"""Laws of drift: PSI, Kolmogorov-Smirnov, kappa, and what is written down."""

from __future__ import annotations

import json
import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ks_2samp
from sklearn.metrics import cohen_kappa_score

from core.domain import FER7
from core.drift import DriftReference, columns_of_pictures, label_consistency, measure
from core.drift.drift_statistics import (
    independent_rows,
    intraclass_correlation,
    kolmogorov_smirnov,
    population_stability,
)
from tests.drift_columns import make_columns, make_numbers, make_reference

SEEDS = st.integers(0, 2**32 - 1)
COUNTS = st.lists(st.integers(0, 1000), min_size=2, max_size=12).filter(any)
BOTH = st.integers(2, 12).flatmap(
    lambda bins: st.tuples(
        *(st.lists(st.integers(0, 1000), min_size=bins, max_size=bins).filter(any),) * 2
    )
)


def psi(one, other) -> float:
    rows = [float(sum(counts)) for counts in (one, other)]
    shares = [np.array(counts) / sum(counts) for counts in (one, other)]
    return float(population_stability(*shares, reference_rows=rows[0], window_rows=rows[1]))


@given(BOTH)
def test_psi_is_finite_not_negative_and_symmetric(both):
    one, other = both
    assert math.isfinite(psi(one, other))
    assert psi(one, other) >= 0
    assert math.isclose(psi(one, other), psi(other, one), rel_tol=1e-9, abs_tol=1e-12)


@given(COUNTS, st.integers(1, 50))
def test_psi_is_zero_for_equal_shares_however_many_rows(counts, times):
    assert psi(counts, [times * one for one in counts]) < 1e-12


@given(BOTH, SEEDS)
def test_psi_does_not_care_in_which_order_bins_come(both, seed):
    order = np.random.default_rng(seed).permutation(len(both[0]))
    shuffled = [np.array(counts)[order].tolist() for counts in both]
    assert math.isclose(psi(*both), psi(*shuffled), rel_tol=1e-9, abs_tol=1e-12)


@given(SEEDS)
def test_the_largest_distance_equals_the_references(seed):
    rng = np.random.default_rng(seed)
    points = np.sort(rng.integers(0, 30, rng.integers(1, 200)).astype(float))
    values = rng.integers(0, 30, rng.integers(1, 200)).astype(float)
    distance, chance = kolmogorov_smirnov(
        points, values, reference_rows=len(points), window_rows=len(values)
    )
    assert math.isclose(distance, ks_2samp(points, values).statistic, abs_tol=1e-12)
    assert 0 <= chance <= 1


@given(SEEDS)
def test_kappa_equals_the_references(seed):
    rng = np.random.default_rng(seed)
    person, model = np.array(FER7.labels)[rng.integers(0, 7, (2, 40))]
    found = label_consistency(person.tolist(), model.tolist())
    assert found.kappa is not None
    assert math.isclose(found.kappa, cohen_kappa_score(person, model), abs_tol=1e-12)


@given(SEEDS, st.integers(1, 6), st.integers(1, 40))
def test_the_effective_sample_size_is_between_one_and_the_number_of_rows(seed, faces, seconds):
    rng = np.random.default_rng(seed)
    values = np.cumsum(rng.normal(size=faces * seconds))
    stream, second = np.repeat(np.arange(faces), seconds), np.tile(np.arange(seconds), faces)
    alike = intraclass_correlation(values, stream)
    assert 0 <= alike <= 1
    assert 1 <= independent_rows(values, stream, second, intraclass=alike) <= faces * seconds


@given(SEEDS)
def test_a_reference_survives_being_written_down(seed):
    reference = make_reference(make_columns(np.random.default_rng(seed), 60))
    assert DriftReference.from_json(json.loads(json.dumps(reference.to_json()))) == reference


@given(SEEDS, st.floats(0.01, 100), st.floats(-50, 50))
def test_the_unit_of_a_number_does_not_matter(seed, times, plus):
    rng = np.random.default_rng(seed)
    reference_values, window_values = (
        make_numbers(rng, 200)["yaw"],
        make_numbers(rng, 60)["yaw"] + 9,
    )
    distances = []
    for scale, shift in ((1, 0), (times, plus)):
        reference = make_reference(columns_of_pictures({"yaw": reference_values * scale + shift}))
        report = measure(reference, columns_of_pictures({"yaw": window_values * scale + shift}))
        distances.append(report.quantities[0].psi)
    assert math.isclose(*distances, rel_tol=1e-9)
