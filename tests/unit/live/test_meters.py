"""Rates, ages and times of a stream."""

from __future__ import annotations

import pytest

from core.domain import FER7, RejectReason, Timeline
from core.live.meters import AgeMeter, RateMeter, TimeMeter, percentile
from core.measures import summarise
from tests.make import make_moment, make_observation


def test_a_steady_stream_has_its_rate() -> None:
    rate = RateMeter()
    for number in range(300):
        rate.tick(number / 30)
    assert rate.per_second(299 / 30) == pytest.approx(30)


def test_the_rate_of_a_stopped_stream_falls_to_zero() -> None:
    rate = RateMeter()
    for number in range(301):
        rate.tick(number / 30)
    assert rate.per_second(10.0) == pytest.approx(30)
    assert rate.per_second(12.0) < 20
    assert rate.per_second(15.1) == 0.0


@pytest.mark.parametrize("ticks", [0, 1])
def test_one_event_has_no_rate(ticks: int) -> None:
    rate = RateMeter()
    for _ in range(ticks):
        rate.tick(1.0)
    assert rate.per_second(1.0) == 0.0


def test_latencies_older_than_five_seconds_are_dropped() -> None:
    age = AgeMeter()
    age.add(0.0, 0.9)
    age.add(4.0, 0.1)
    assert age.ages_ms() == (900.0, 100.0)
    age.add(6.0, 0.2)
    assert age.ages_ms() == (100.0, 200.0)


def test_the_percentile_of_nothing_is_zero() -> None:
    assert percentile((), 95) == 0.0
    assert percentile((1.0, 2.0, 3.0), 50) == 2.0


def test_analysed_and_usable_time_equal_those_of_the_summary() -> None:
    meter = TimeMeter()
    moments = []
    for time_s in (0.0, 0.5, 1.0, 6.0, 6.5, 7.0):
        dark = RejectReason.TOO_DARK if time_s == 1.0 else None
        moments.append(make_moment(time_s, make_observation(time_s, reason=dark)))
        meter.update(time_s, usable=dark is None)
    summary = summarise(Timeline.from_frames(FER7, moments), not_sure_below=0.0)
    # The summary also knows how long the last moment lasted.
    assert meter.watched_s == pytest.approx(summary.watched_s - 0.5)
    assert meter.usable_s == pytest.approx(summary.usable_s - 0.5)
