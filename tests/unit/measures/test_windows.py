"""Windows in seconds, on rows made by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.measures.windows import (
    RunningHeld,
    Windows,
    held_state,
    seconds_of_face,
    usual_steps,
)
from tests.poses import one_face

NAN = np.nan


def windows(times, length_s):
    return Windows.before_rows(one_face(np.array(times, float)), length_s)


def test_a_window_covers_the_seconds_before_a_row_and_no_row_after_it():
    values = np.array([0.0, 1.0, 1.0, 0.0, 5.0])
    found = windows([0, 1, 2, 3, 4], 2.0).mean(values)
    assert found == pytest.approx([NAN, NAN, 0.5, 1.0, 0.5], nan_ok=True)


def test_a_row_that_lies_partly_inside_counts_with_that_part():
    found = windows([0, 1, 2, 3], 1.5).mean(np.array([1.0, 0.0, 0.0, 0.0]))
    assert found[2] == pytest.approx(0.5 / 1.5)


def test_a_row_counts_for_its_seconds_not_as_one_of_many():
    times = [0, 0.9, 0.95, 1.0]  # three short rows after a long one
    found = Windows(np.array(times), np.array([0.9, 0.05, 0.05, 0.05]), 1.0)
    assert found.mean(np.array([1.0, 0.0, 0.0, 0.0]))[3] == pytest.approx(0.9)


def test_the_standard_deviation_is_that_of_the_measured_seconds():
    values = np.array([0.0, 2.0, 0.0, 2.0, 9.0])
    assert windows([0, 1, 2, 3, 4], 4.0).sd(values)[4] == pytest.approx(1.0)


@pytest.mark.parametrize(("lost", "says"), [(4, True), (5, False)])
def test_a_window_says_nothing_with_less_than_60_percent_of_it_measured(lost, says):
    values = np.ones(11)
    values[:lost] = NAN
    found = windows(np.arange(11), 10.0).mean(values)
    assert (found[10] == 1.0) == says


def test_the_rate_of_measured_rows_is_that_of_the_window():
    times = np.concatenate([np.arange(100) / 20, 5 + np.arange(50) / 10])
    found = windows(times, 2.0)
    rates = found.rows_per_s(np.ones(len(times)))
    assert rates[90] == pytest.approx(20.0)
    assert rates[-1] == pytest.approx(10.0)
    thinned = np.where(np.arange(len(times)) % 2, NAN, 1.0)
    assert np.isnan(found.rows_per_s(thinned)).all()  # half of the time was measured


def test_a_face_that_goes_leaves_no_long_row_behind():
    times = np.array([0.0, 0.1, 0.2, 0.3, 20.0, 20.1])
    assert seconds_of_face(one_face(times)) == pytest.approx([0.1, 0.1, 0.1, 0.5, 0.1, 0.1])
    assert seconds_of_face(one_face(np.array([3.0]))) == pytest.approx([1.0])
    assert seconds_of_face(one_face(np.arange(3) * 4.0)) == pytest.approx([1.0, 1.0, 1.0])


@pytest.mark.parametrize("later_s", [0.5, 1.0])
def test_a_row_lasts_by_the_rate_of_its_own_time_not_of_the_whole_session(later_s):
    fast = np.arange(0, 60, 0.04)
    times = np.concatenate([fast, np.arange(60, 90, later_s)])
    assert seconds_of_face(one_face(times))[-10:] == pytest.approx(later_s)
    assert windows(times, 10.0).mean(np.ones(len(times)))[-1] == 1.0


def test_another_rate_later_on_changes_no_earlier_state():
    early = np.arange(0, 20, 1.2)
    times = np.concatenate([early, np.arange(20.4, 60, 0.04)])
    states = np.ones(len(times))
    whole = held_state(one_face(times), states, on_after_s=1.0, off_after_s=2.0)
    assert (whole[1 : len(early)] == 1.0).all()


def test_rows_of_one_time_are_no_step():
    assert usual_steps(np.repeat(np.arange(4) / 2, 3)) == pytest.approx(0.5)
    assert usual_steps(np.full(5, 7.0)) == pytest.approx(1.0)
    twice = np.repeat(np.arange(100) / 10, 2)
    assert windows(twice, 2.0).mean(np.ones(200))[-1] == pytest.approx(1.0)


def held(states, *, step_s=0.5):
    times = np.arange(len(states)) * step_s
    return held_state(one_face(times), np.array(states, float), on_after_s=1.0, off_after_s=2.0)


def test_a_state_begins_after_one_second_and_ends_after_two():
    found = held([1, 1, 1, 1, 0, 0, 0, 0, 0, 0])
    assert found == pytest.approx([NAN, NAN, 1, 1, 1, 1, 1, 1, 0, 0], nan_ok=True)


def test_a_short_change_does_not_count():
    assert held([1, 1, 1, 0, 0, 0, 1, 1])[2:] == pytest.approx(1.0)


def test_what_was_not_measured_is_no_state_and_does_not_interrupt_one():
    found = held([1, 1, NAN, 1, 1])
    assert found == pytest.approx([NAN, NAN, NAN, 1, 1], nan_ok=True)


def test_after_an_absence_the_state_is_unknown_until_it_has_lasted_again():
    found = held([1, 1, 1, NAN, NAN, NAN, 1, 1, 1])
    assert np.isnan(found[3:8]).all()
    assert found[8] == 1.0


def test_a_recording_with_a_row_a_second_has_states():
    found = held([1, 1, 1, 1], step_s=30 / 29.97)
    assert found == pytest.approx([NAN, 1, 1, 1], nan_ok=True)


@pytest.mark.parametrize("rows", [0, 1])
def test_hardly_any_rows_say_nothing(rows):
    assert np.isnan(held([1.0] * rows)).all()
    assert np.isnan(windows(np.arange(rows), 1.0).mean(np.ones(rows))).all()


@given(seed=st.integers(0, 2**16))
def test_a_held_state_of_rows_as_they_come_is_that_of_all_rows(seed: int) -> None:
    rng = np.random.default_rng(seed)
    times = np.cumsum(rng.choice([0.1, 0.2, 0.5, 1.2, 4.0], 80, p=[0.4, 0.4, 0.1, 0.05, 0.05]))
    states = np.repeat(rng.choice([0.0, 1.0, np.nan], 20, p=[0.4, 0.4, 0.2]), 4)
    timeline = one_face(times)
    expected = held_state(timeline, states, on_after_s=1.0, off_after_s=2.0)
    running = RunningHeld(on_after_s=1.0, off_after_s=2.0)
    usual_s = usual_steps(times)
    found = [running.update(*row) for row in zip(times, states, usual_s, strict=True)]
    assert np.array_equal(found, expected, equal_nan=True)
