"""Time in files whose stamps are missing, begin anew or are wrong once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.vision.frame_times import FrameTimes

STEP_S = 1 / 30


def times_of(stamps: list[float | None]) -> list[float]:
    times = FrameTimes(STEP_S)
    return [times.next(stamp) for stamp in stamps]


def test_time_starts_at_zero_and_follows_the_timestamps() -> None:
    assert times_of([7.0, 7.5, 9.0]) == pytest.approx([0.0, 0.5, 2.0])


def test_where_timestamps_restart_time_continues_by_the_usual_step() -> None:
    assert times_of([5.0, 5.1, 5.2, 5.0, 5.1]) == pytest.approx([0.0, 0.1, 0.2, 0.3, 0.4])


def test_frames_without_timestamps_have_the_step_of_the_file() -> None:
    assert times_of([None] * 4) == pytest.approx([0.0, STEP_S, 2 * STEP_S, 3 * STEP_S])


def test_a_single_missing_timestamp_takes_the_step_before() -> None:
    assert times_of([0.0, 0.1, None, 0.3]) == pytest.approx([0.0, 0.1, 0.2, 0.3])


def test_one_wrong_timestamp_does_not_move_the_frames_after_it() -> None:
    assert times_of([0.0, 0.1, 0.2, 0.0, 0.4, 0.5]) == pytest.approx([0, 0.1, 0.2, 0.3, 0.4, 0.5])


@given(st.lists(st.one_of(st.none(), st.floats(0, 1e6)), min_size=1, max_size=40))
def test_time_never_decreases(stamps: list[float | None]) -> None:
    found = times_of(stamps)
    assert found[0] == 0.0
    assert found == sorted(found)


@given(st.lists(st.floats(0.001, 0.9), min_size=2, max_size=20), st.integers(2, 4))
def test_concatenated_recordings_have_as_many_times_as_frames(
    steps: list[float], recordings: int
) -> None:
    stamps = [sum(steps[:count]) for count in range(len(steps) + 1)]
    found = times_of([*stamps] * recordings)
    assert len(set(found)) == len(found)
