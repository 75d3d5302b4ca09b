"""What is no frame has a time of the session, too: pauses do not count."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.live import Clocks, LiveSession, SessionTime
from core.vision import FrameReading, ReadingAnalyser
from tests.fakes import FakeAnalyser, FakeStore, ManualClock
from tests.make import make_session
from tests.unit.live.test_live_session import RGB, watch
from tests.unit.vision.test_readings import CARD, read


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def live(clock: ManualClock) -> Iterator[LiveSession]:
    session = LiveSession(
        FakeAnalyser(), FakeStore(), clocks=Clocks(clock.seconds, clock.now), not_sure_below=0.5
    )
    yield session
    session.close()


def begun(live: LiveSession) -> SessionTime:
    live.begin(make_session())
    assert live.time is not None
    return live.time


def test_without_a_session_there_is_no_time(live: LiveSession, clock: ManualClock) -> None:
    assert live.time is None
    time = begun(live)
    assert time.at(clock.seconds()) is None
    live.finish()
    assert live.time is None


def test_time_goes_on_between_frames_and_before_the_first(
    live: LiveSession, clock: ManualClock
) -> None:
    time = begun(live)
    clock.advance(3.0)
    first_s = clock.seconds()
    watch(live, clock, seconds=2, sent_s=700.0)
    for passed_s in (-1.0, 0.0, 0.35, 1.9, 7.25):
        assert time.at(first_s + passed_s) == pytest.approx(passed_s)


def test_a_pause_has_no_time_and_does_not_count(live: LiveSession, clock: ManualClock) -> None:
    time = begun(live)
    began_s = clock.seconds()
    watch(live, clock, seconds=1)
    live.pause()
    watch(live, clock, seconds=5, sent_s=1.0)
    assert time.at(began_s + 0.95) == pytest.approx(0.95)
    assert time.at(clock.seconds()) is None
    live.resume()
    assert time.at(clock.seconds() + 0.5) == pytest.approx(1.5)
    watch(live, clock, seconds=1, sent_s=6.0)
    live.pause()
    clock.advance(2.0)
    live.resume()
    for passed_s, expected in ((0.5, 0.5), (1.05, None), (5.9, None), (6.05, 1.05), (6.4, 1.4)):
        found = time.at(began_s + passed_s)
        assert found == (expected if expected is None else pytest.approx(expected))
    assert time.at(began_s + 9.5) == pytest.approx(2.5)


def test_a_late_frame_moves_no_time(live: LiveSession, clock: ManualClock) -> None:
    time = begun(live)
    began_s = clock.seconds()
    watch(live, clock, seconds=1)
    clock.advance(0.4)
    live.process_frame(RGB, 1.0)
    assert time.at(began_s + 1.4) == pytest.approx(1.4)


def test_frames_that_were_read_elsewhere_say_the_time_too(clock: ManualClock) -> None:
    live = LiveSession(
        ReadingAnalyser(CARD),
        FakeStore(),
        clocks=Clocks(clock.seconds, clock.now),
        not_sure_below=0.5,
    )
    time = begun(live)
    clock.advance(10.0)
    captured_s = clock.seconds() - 4.0
    reading = FrameReading(5_000.0, 0, 640, 40.0, (read(),), late_s=1.5)
    live.process_reading(reading, captured_s=captured_s)
    assert time.at(captured_s - 1.5) == pytest.approx(0.0)
    assert time.at(clock.seconds()) == pytest.approx(5.5)
    live.close()
