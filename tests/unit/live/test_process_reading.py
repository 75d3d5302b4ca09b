"""Frames that were read elsewhere are recorded as the session's own."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from core.domain import CONFIDENT2, AnalysisSite, EventKind
from core.live import Clocks, LiveSession
from core.measures import view_named
from core.vision import FrameReading, ReadingAnalyser
from tests.fakes import FakeAnalyser, FakeStore, ManualClock
from tests.make import make_session
from tests.unit.vision.test_readings import CARD, read

FACE = read()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def store() -> FakeStore:
    return FakeStore()


@pytest.fixture
def live(store: FakeStore, clock: ManualClock) -> Iterator[LiveSession]:
    session = LiveSession(
        ReadingAnalyser(CARD), store, clocks=Clocks(clock.seconds, clock.now), not_sure_below=0.5
    )
    session.begin(make_session())
    yield session
    session.close()


def send(live: LiveSession, clock: ManualClock, first: int, last: int, *, zero_s: float) -> None:
    """Readings at 8 a second, each as it is captured."""
    for number in range(first, last):
        reading = FrameReading(zero_s + number / 8, 3 * number, 640, 40.0, (FACE,))
        assert live.process_reading(reading, captured_s=clock.seconds()) is not None
        clock.advance(1 / 8)


def moments(store: FakeStore):
    return store.moments[make_session().id]


def test_readings_are_stored_as_the_browsers_with_its_latency(live, store, clock) -> None:
    send(live, clock, 0, 16, zero_s=5_000.0)
    live.finish(wait_s=5.0)
    assert [one.time_s for one in moments(store)] == [number / 8 for number in range(16)]
    assert {one.eye for one in moments(store)} == {AnalysisSite.BROWSER}
    assert {one.latency_ms for one in moments(store)} == {40.0}
    assert [one.frame_index for one in moments(store)] == [3 * number for number in range(16)]
    assert all(one.observations[0].track_id == 1 for one in moments(store))
    first, *later = (one.observations[0].shown for one in moments(store))
    assert (first, set(later)) == ("", {"happy"})  # nobody is shown before the second sighting


def test_rows_that_waited_while_the_network_was_away_keep_their_own_times(live, store, clock):
    began_s = clock.seconds()
    send(live, clock, 0, 8, zero_s=0.0)
    clock.advance(300.0)
    for number in range(8, 16):
        reading = FrameReading(number / 8, number, 640, 40.0, (FACE,))
        live.process_reading(reading, captured_s=began_s + number / 8)
    live.finish(wait_s=5.0)
    assert [one.time_s for one in moments(store)] == [number / 8 for number in range(16)]


def test_a_pause_keeps_nothing_and_its_time_is_left_out(live, store, clock) -> None:
    send(live, clock, 0, 8, zero_s=0.0)
    live.pause()
    send(live, clock, 8, 16, zero_s=0.0)
    live.resume()
    send(live, clock, 16, 24, zero_s=0.0)
    live.finish(wait_s=5.0)
    assert [one.time_s for one in moments(store)] == [number / 8 for number in range(16)]
    assert sum(one.paused_s for one in moments(store)) == 1.0


def test_frames_of_a_pause_do_not_count_as_skipped(live, store, clock) -> None:
    send(live, clock, 0, 8, zero_s=0.0)
    before = live.view().skipped_share
    live.pause()
    send(live, clock, 8, 80, zero_s=0.0)
    live.resume()
    send(live, clock, 80, 88, zero_s=0.0)
    assert live.view().skipped_share == pytest.approx(before, abs=0.05)


def test_what_was_captured_in_a_pause_is_not_kept_though_it_arrives_later(live, store, clock):
    send(live, clock, 0, 8, zero_s=0.0)
    live.pause()
    clock.advance(1.0)
    live.resume()
    late = FrameReading(1.5, 20, 640, 40.0, (FACE,))
    assert live.process_reading(late, captured_s=clock.seconds() - 0.5) == ()
    live.finish(wait_s=5.0)
    assert len(moments(store)) == 8


def test_a_mark_lies_at_the_time_of_the_newest_reading_and_what_passed_since(live, store, clock):
    send(live, clock, 0, 8, zero_s=70.0)
    live.mark("smile")
    live.finish(wait_s=5.0)
    (mark,) = store.events[make_session().id]
    assert (mark.kind, mark.time_s) == (EventKind.MARK, 1.0)


def test_readings_of_a_session_that_is_over_are_not_taken(live, store, clock) -> None:
    reading = FrameReading(0.0, 0, 640, 40.0, (FACE,))
    another = live.process_reading(reading, captured_s=clock.seconds(), session_id="another")
    assert another is None
    live.finish()
    assert live.process_reading(reading, captured_s=clock.seconds()) is None


@pytest.mark.parametrize("takes", ["frames", "readings"])
def test_a_session_takes_frames_or_readings_and_says_where_it_got_the_other(
    live, store, clock, takes
) -> None:
    clocks = Clocks(clock.seconds, clock.now)
    of_frames = LiveSession(FakeAnalyser(), store, clocks=clocks, not_sure_below=0.5)
    wrong = of_frames if takes == "frames" else live
    wrong.begin(make_session("other"))
    if takes == "frames":
        wrong.process_reading(FrameReading(0.0, 0, 640, 40.0, ()), captured_s=clock.seconds())
    else:
        wrong.process_frame(np.zeros((48, 64, 3), dtype=np.uint8), 0.0)
    view = wrong.view()
    assert (view.analysed, view.failed) == (0, 1)
    assert view.trouble == "1 frame could not be analysed (TypeError)."
    of_frames.close()


def test_a_face_is_answered_with_its_number_as_soon_as_it_is_confirmed(live, clock) -> None:
    answered = []
    for number in range(8):
        reading = FrameReading(number / 8, number, 640, 40.0, (FACE,))
        answered.append(live.process_reading(reading, captured_s=clock.seconds()))
        clock.advance(1 / 8)
    assert answered[0] == []  # nobody is numbered at the first sighting
    (face,) = answered[-1]
    assert (face.track_id, face.box) == (1, FACE.box)
    assert face.steady.scheme == live.view().scheme


def test_scores_are_answered_in_the_view_that_is_shown(live, clock) -> None:
    live.show_as(view_named(CARD.scheme, CONFIDENT2.name))
    send(live, clock, 0, 4, zero_s=0.0)
    reading = FrameReading(1.0, 30, 640, 40.0, (FACE,))
    (face,) = live.process_reading(reading, captured_s=clock.seconds())
    assert face.steady.scheme.labels == CONFIDENT2.labels
