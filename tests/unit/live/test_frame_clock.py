"""From the sender's times to the session's."""

from __future__ import annotations

import pytest

from core.live.frame_clock import FrameClock


def arrivals(*frames: tuple[float, float]) -> list[tuple[float, float]]:
    """(time_s, waited_s) of frames given as (sent_s, clock_s)."""
    clock = FrameClock()
    seen = []
    for sent_s, clock_s in frames:
        delay_s = clock.frame_arrived(sent_s, clock_s)
        seen.append((pytest.approx(clock.time_s), pytest.approx(delay_s)))
    return seen


def test_the_first_frame_is_at_zero_whatever_its_timestamp() -> None:
    assert arrivals((7000.0, 3.0)) == [(0.0, 0.0)]


def test_time_follows_the_sender_and_not_the_delay() -> None:
    assert arrivals((0.0, 10.0), (1.0, 11.3), (2.0, 12.1)) == [(0.0, 0.0), (1.0, 0.3), (2.0, 0.1)]


def test_a_frame_faster_than_all_before_is_the_new_reference() -> None:
    assert arrivals((0.0, 10.5), (1.0, 11.0), (2.0, 12.2)) == [(0.0, 0.0), (1.0, 0.0), (2.0, 0.2)]


def test_the_reference_is_the_fastest_frame_of_the_last_minute() -> None:
    """Clocks drift apart: without forgetting, an hour's drift would count as age."""
    frames = [(float(s), s * 1.001) for s in range(200)]
    delay_s = FrameClock().frame_arrived
    assert [delay_s(*frame) for frame in frames][-1] == pytest.approx(0.06, abs=0.002)


@pytest.mark.parametrize(
    ("sent_s", "clock_s", "time_s"),
    [
        pytest.param(0.0, 15.0, 5.0, id="counts anew"),
        pytest.param(7200.0, 15.0, 5.0, id="jumps ahead"),
        pytest.param(2.5, 1000.0, 990.0, id="stood still"),
        pytest.param(1.9, 12.1, 2.1, id="goes back a little"),
    ],
)
def test_a_restarted_sender_is_bridged_by_local_time(
    sent_s: float, clock_s: float, time_s: float
) -> None:
    clock = FrameClock()
    for second in range(3):
        clock.frame_arrived(float(second), 10.0 + second)
    assert clock.frame_arrived(sent_s, clock_s) == 0.0
    assert clock.time_s == pytest.approx(time_s)
    clock.frame_arrived(sent_s + 0.5, clock_s + 0.5)
    assert clock.time_s == pytest.approx(time_s + 0.5)


def test_a_delayed_frame_is_late_and_not_a_restart() -> None:
    assert arrivals((0.0, 10.0), (1.0, 13.0), (2.0, 13.1)) == [(0.0, 0.0), (1.0, 2.0), (2.0, 1.1)]


@pytest.mark.parametrize("sender_slept", [False, True])
def test_skipped_time_is_not_bridged(sender_slept: bool) -> None:
    clock = FrameClock()
    for tenth in range(11):
        clock.frame_arrived(tenth / 10, 10.0 + tenth / 10)
    clock.skip(30.0)
    sent_s = 1.1 if sender_slept else 31.1
    clock.frame_arrived(sent_s, 41.1)
    assert clock.time_s == pytest.approx(1.1)
