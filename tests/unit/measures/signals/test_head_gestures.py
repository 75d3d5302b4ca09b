"""Nods and shakes, from the pose of one face."""

from __future__ import annotations

import numpy as np
import pytest

from core.measures.signals.head_gestures import measure_head_gestures
from tests.poses import posed


def gestures(timeline):
    return measure_head_gestures(timeline, None)


def swinging(fps=15.0, seconds=8.0, *, pitch_deg=0.0, yaw_deg=0.0, hz=1.5):
    """Amplitudes from the middle, in degrees."""
    times = np.arange(0, seconds, 1 / fps)
    swing = np.sin(2 * np.pi * hz * times)
    return posed(times, yaw_deg * swing, pitch_deg * swing)


def late(timeline):
    """Rows with two whole seconds before them."""
    return timeline.time_s >= 2.5


@pytest.mark.parametrize(
    ("angles", "nods", "shakes"),
    [
        ({"pitch_deg": 4.0}, 1, 0),
        ({"yaw_deg": 5.0}, 0, 1),
        ({"pitch_deg": 1.5}, 0, 0),
        ({"yaw_deg": 2.5}, 0, 0),
        ({"pitch_deg": 6.0, "yaw_deg": 6.0}, 0, 0),
        ({"pitch_deg": 6.0, "hz": 0.3}, 0, 0),
    ],
    ids=["a nod", "a shake", "a small nod", "a small shake", "both at once", "slow"],
)
def test_a_gesture_swings_far_often_and_in_one_direction(angles, nods, shakes):
    timeline = swinging(**angles)
    found = gestures(timeline)
    assert set(found.nod[late(timeline)]) == {nods}
    assert set(found.shake[late(timeline)]) == {shakes}


def test_its_parts_say_how_far_and_how_often():
    timeline = swinging(fps=30.0, pitch_deg=4.0, hz=1.0)
    found = gestures(timeline)
    assert found.pitch_deg[late(timeline)] == pytest.approx(8.0, rel=0.2)
    assert set(found.pitch_reversals[late(timeline)]) <= {3.0, 4.0}
    assert found.pitch_energy_share[late(timeline)] == pytest.approx(1.0)
    assert found.yaw_deg[late(timeline)] == pytest.approx(0.0)


def test_looking_down_once_is_no_nod_and_neither_is_turning_away_while_trembling():
    times = np.arange(0, 8, 1 / 15)
    down = np.where(times > 4, -12.0, 0.0)
    assert not gestures(posed(times, 0 * times, down)).nod[times >= 2.5].any()
    trembling = 3 * times + np.random.default_rng(1).normal(0, 0.3, len(times))
    assert not gestures(posed(times, trembling, 0 * times)).shake[times >= 2.5].any()


@pytest.mark.parametrize("fps", [5.0, 9.0])
def test_fewer_than_ten_frames_a_second_say_nothing(fps):
    found = gestures(swinging(fps=fps, pitch_deg=6.0))
    assert np.isnan(found.nod).all()
    assert np.isnan(found.pitch_reversals).all()


def test_without_pitch_nothing_can_be_compared():
    times = np.arange(0, 4, 0.05)
    found = gestures(posed(times, 5 * np.sin(9 * times), np.full(len(times), np.nan)))
    assert np.isnan(found.shake).all()


def test_no_rows_give_no_columns():
    assert len(gestures(posed(np.zeros(0), np.zeros(0), np.zeros(0))).nod) == 0


@pytest.mark.parametrize(("nod_deg", "shake_deg"), [(3.9, 5.9), (4.1, 6.1)])
def test_a_swing_has_its_own_peak_to_peak_not_that_of_what_a_line_leaves(nod_deg, shake_deg):
    times = np.arange(300) / 30
    swing = np.sin(2 * np.pi * 1.5 * times) / 2
    nods = measure_head_gestures(posed(times, 0 * swing, nod_deg * swing), None).nod
    shakes = measure_head_gestures(posed(times, shake_deg * swing, 0 * swing), None).shake
    assert (np.nanmax(nods), np.nanmax(shakes)) == (float(nod_deg > 4), float(shake_deg > 6))
