"""Conditions as pictures have them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chi2_contingency

from core.evaluation.metrics.significance import homogeneity
from core.evaluation.robustness.accuracy_by_quality import (
    QUALITY_MEASURES,
    binned,
    by_pixels,
    by_pose,
    corrected,
    measure_quality,
)
from core.evaluation.robustness.presentation import quality_sentence
from tests.make import make_photo


def test_fifths_hold_a_fifth_each_and_know_their_borders():
    values = np.linspace(0, 1, 500)
    found = binned("brightness", values, values > 0.4)
    assert [one.pictures for one in found.bins] == [100] * 5
    assert [one.accuracy.value for one in found.bins] == [0, 0, 1, 1, 1]
    assert found.bins[0].low is None
    assert found.bins[-1].high is None
    assert found.bins[1].low == found.bins[0].high
    assert found.differs


def test_angles_are_binned_by_fixed_borders_and_bins_without_pictures_left_out():
    poses = np.array([[5.0, 0.0, 0.0], [-25.0, 0.0, 0.0], [np.nan, np.nan, np.nan]])
    yaw, pitch, roll = by_pose(poses, np.array([True, False, True]))
    assert [(one.low, one.high, one.pictures) for one in yaw.bins] == [
        (None, 10.0, 1),
        (20.0, 30.0, 1),
    ]
    assert yaw.not_measured == 1
    assert yaw.accuracy_elsewhere.value == 1.0
    assert len(pitch.bins) == len(roll.bins) == 1


def test_equal_pictures_fall_into_one_bin_and_differ_in_nothing():
    found = binned("contrast", np.full(40, 0.5), np.arange(40) % 2 == 0)
    assert sum(one.pictures for one in found.bins) == 40
    assert len(found.bins) == 1
    assert found.p == 1.0
    assert "alike" in quality_sentence(found)


def test_poses_nobody_could_measure_are_counted():
    found = binned("yaw", np.full(5, np.nan), np.ones(5, dtype=bool))
    assert found.bins == ()
    assert found.not_measured == 5
    assert "alike" in quality_sentence(found)


def test_light_is_measured_as_the_error_gallery_measures_it():
    pixels = np.stack([make_photo(seed) for seed in range(20)])
    found = by_pixels(measure_quality(pixels), np.ones(20, dtype=bool))
    assert [one.name for one in found] == list(QUALITY_MEASURES)[:3]


def test_homogeneity_is_scipys_and_says_nothing_of_nothing():
    expected = chi2_contingency([[30, 70], [50, 50]], correction=False).pvalue
    assert homogeneity([(30, 100), (50, 100)]) == pytest.approx(expected)
    assert homogeneity([(30, 100)]) == 1.0
    assert homogeneity([(10, 10), (20, 20)]) == 1.0
    assert homogeneity([(0, 0), (5, 10)]) == 1.0


def test_testing_several_measures_makes_each_less_certain():
    rng = np.random.default_rng(1)
    values, right = rng.random(300), rng.random(300) > 0.5
    found = [binned(name, values, right) for name in ("brightness", "contrast")]
    for before, after in zip(found, corrected(found), strict=True):
        assert after.p >= before.p
