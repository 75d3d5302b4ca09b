"""Values between measurements."""

from __future__ import annotations

import numpy as np
import pytest

from core.measures.resampling import sampled_at

TIMES = np.array([0.0, 1.0, 2.0, 5.0])
VALUES = np.array([0.0, 2.0, np.nan, 4.0])


def test_values_between_two_measurements_lie_on_a_line():
    found = sampled_at(np.array([[0.0, 0.5], [1.0, 3.0]]), TIMES, VALUES, max_gap_s=4.0)
    assert found == pytest.approx(np.array([[0.0, 1.0], [2.0, 3.0]]))


def test_longer_gaps_and_what_lies_outside_are_missing():
    at = np.array([-0.1, 0.5, 1.0, 1.5, 4.9, 5.0, 5.1])
    found = sampled_at(at, TIMES, VALUES, max_gap_s=1.0)
    assert found == pytest.approx([np.nan, 1.0, 2.0, np.nan, np.nan, 4.0, np.nan], nan_ok=True)


def test_nothing_measured_is_missing_everywhere():
    assert np.isnan(sampled_at(TIMES, TIMES, np.full(4, np.nan), max_gap_s=9.0)).all()
    assert np.isnan(sampled_at(TIMES, np.zeros(0), np.zeros(0), max_gap_s=9.0)).all()
