"""Blinks drawn into rows by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.measures.signals.blinks import blink_ends, measure_blinks
from tests.faces_in_time import OWN, both, face_with, seconds


def _blinking(every_s, *, lasts_s=0.2, fps=30.0, length_s=120.0, depth=0.5, noise=0.0):
    times = seconds(length_s, fps=fps)
    phase = np.abs((times + every_s / 2) % every_s - every_s / 2)
    lids = 0.1 + depth * np.clip(1 - phase / lasts_s, 0, None)  # half its height for `lasts_s`
    lids = np.clip(lids + noise * np.random.default_rng(0).standard_normal(len(times)), 0, 1)
    return face_with(times, **both("eyeBlink", lids))


@pytest.mark.parametrize("fps", [15.0, 24.0, 30.0, 60.0])
@pytest.mark.parametrize("calibration", [OWN, None])
def test_a_blink_every_four_seconds_makes_fifteen_a_minute(fps, calibration):
    rate = measure_blinks(_blinking(4.0, fps=fps), calibration).per_minute
    assert np.isnan(rate[: int(35 * fps)]).all()
    assert rate[int(61 * fps) :] == pytest.approx(15.0, abs=1.1)


def test_noise_is_no_blink():
    assert measure_blinks(_blinking(500.0, noise=0.02), OWN).per_minute[-1] <= 1.0


def test_long_closures_and_flickers_are_no_blinks():
    assert measure_blinks(_blinking(4.0, lasts_s=0.8), OWN).per_minute[-1] == 0.0
    assert measure_blinks(_blinking(4.0, lasts_s=0.03, fps=60), OWN).per_minute[-1] == 0.0


def test_eyes_that_stay_closed_for_longer_than_a_peak_is_compared_with_warn_nobody():
    times = seconds(30.0, fps=20.0)
    lids = np.where(times % 10 < 5, 20.0, 0.0)
    assert len(blink_ends(times, lids)) == 0  # warnings are errors


def test_too_slow_a_camera_says_nothing():
    assert np.isnan(measure_blinks(_blinking(4.0, fps=10.0), OWN).per_minute).all()


def test_a_closure_across_lost_rows_is_no_blink():
    times = seconds(6.0, fps=30.0)
    lids = np.where(np.abs(times - 3) < 0.12, 20.0, 0.0)
    assert blink_ends(times, lids) == pytest.approx([3.12], abs=0.04)
    lost = np.abs(times - 3) < 0.1
    assert len(blink_ends(times, np.where(lost, np.nan, lids))) == 0
    assert len(blink_ends(times[:2], lids[:2])) == 0


def test_lost_time_does_not_dilute_the_rate():
    timeline = _blinking(4.0)
    usable = (timeline.time_s - 2) % 12 < 8  # two whole blinks in each eight seconds
    rate = measure_blinks(replace(timeline, usable=usable), OWN).per_minute
    assert rate[-1] == pytest.approx(15.0, abs=3.1)


def test_rows_of_one_time_are_no_reason_to_fail():
    lids = np.zeros(60)
    assert not len(blink_ends(np.zeros(60), lids))
    assert not len(blink_ends(np.repeat(np.arange(20) / 20, 3), lids))
