from __future__ import annotations

import logging
import threading
import time
from dataclasses import replace

import numpy as np
import pytest

from core.live import Clocks, LiveSession
from core.live.live_session import RECENT_S
from core.perception import OverlayStyle
from tests.fakes import FakeAnalyser, FakeStore, ManualClock
from tests.make import make_session

RGB = np.full((48, 64, 3), 90, dtype=np.uint8)


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
def store():
    return FakeStore()


@pytest.fixture
def analyser():
    return FakeAnalyser()


@pytest.fixture
def live(analyser, store, clock):
    session = LiveSession(
        analyser, store, clocks=Clocks(clock.seconds, clock.now), not_sure_below=0.5
    )
    yield session
    session.close()


def _watch(live, clock, *, seconds, fps=10, began_s=0.0):
    for number in range(int(seconds * fps)):
        live.see(RGB, began_s + number / fps)
        clock.advance(1 / fps)


def test_every_moment_reaches_the_store_in_order(live, store, clock):
    session = make_session()
    live.begin(session)
    _watch(live, clock, seconds=3)
    assert live.finish() == session
    assert [round(moment.time_s, 3) for moment in store.moments[session.id]] == [
        round(number / 10, 3) for number in range(30)
    ]
    assert session.id in store.ended


def test_before_a_session_the_picture_passes_untouched_and_unseen(live, analyser):
    assert live.see(RGB, 0.0) is RGB
    assert analyser.frames == []
    assert live.view().session is None


def test_an_error_in_the_analysis_leaves_the_stream_alive_and_is_said_once(
    live, analyser, clock, caplog
):
    live.begin(make_session())
    analyser.fails = True
    with caplog.at_level(logging.ERROR):
        _watch(live, clock, seconds=3)
    assert live.see(RGB, 3.0) is RGB
    assert len(caplog.records) == 1
    assert "could not be analysed" in live.view().trouble
    analyser.fails = False
    assert live.see(RGB, 3.1) is not RGB
    assert live.view().analysed == 1


def test_a_refusing_store_is_explained_and_loses_nothing_when_it_recovers(live, store, clock):
    session = make_session()
    store.refuses = True
    live.begin(session)
    _watch(live, clock, seconds=2)
    _until(lambda: "locked" in live.view().trouble)
    assert live.view().unsaved == 20
    store.refuses = False
    _until(lambda: live.view().unsaved == 0)
    assert len(store.moments[session.id]) == 20
    assert live.view().trouble == ""


def test_pausing_leaves_frames_alone_and_marks_the_gap(live, store, analyser, clock):
    session = make_session()
    live.begin(session)
    _watch(live, clock, seconds=1)
    live.pause()
    assert live.view().paused
    _watch(live, clock, seconds=5, began_s=1.0)
    live.resume()
    _watch(live, clock, seconds=1, began_s=6.0)
    live.finish()
    assert len(analyser.frames) == 20
    events = [moment.event for moment in store.moments[session.id] if moment.event]
    assert events == ["resumed after 5 s"]


def test_a_new_session_keeps_the_old_one_and_starts_at_zero(live, store, analyser, clock):
    first, second = replace(make_session(), id="a"), replace(make_session(), id="b")
    live.begin(first)
    _watch(live, clock, seconds=1)
    live.begin(second)
    _watch(live, clock, seconds=1, began_s=50.0)
    live.finish()
    assert len(store.moments["a"]) == len(store.moments["b"]) == 10
    assert store.moments["b"][0].time_s == 0.0
    assert set(store.ended) == {"a", "b"}
    assert analyser.resets == 2


def test_the_end_of_an_old_stream_does_not_finish_a_new_session(live, clock):
    live.begin(replace(make_session(), id="old"))
    live.begin(replace(make_session(), id="new"))
    assert live.finish("old") is None
    assert live.view().session.id == "new"
    assert live.finish("new").id == "new"


def test_a_camera_that_starts_counting_anew_does_not_turn_time_back(live, store, clock):
    session = make_session()
    live.begin(session)
    _watch(live, clock, seconds=2, began_s=100.0)
    clock.advance(3.0)
    _watch(live, clock, seconds=1, began_s=0.0)
    live.finish()
    times = [moment.time_s for moment in store.moments[session.id]]
    assert times == sorted(times)
    assert times[20] == pytest.approx(1.9 + 3.1)


def test_skipped_frames_are_counted_and_keep_their_numbers(live, store, clock):
    session = make_session()
    live.begin(session)
    live.see(RGB, 0.0)
    live.see(RGB, 0.2, skipped=3)
    live.see(RGB, 0.3)
    assert live.view().skipped == 3
    live.finish()
    assert [moment.frame_index for moment in store.moments[session.id]] == [0, 4, 5]


def test_the_view_shows_the_last_ten_seconds_and_the_whole(live, clock):
    live.begin(make_session())
    _watch(live, clock, seconds=25)
    view = live.view()
    assert view.recent.time_s[-1] - view.recent.time_s[0] <= RECENT_S
    assert view.whole.time_s[-1] > 20
    assert view.duration_s == pytest.approx(24.9)
    assert view.fps == pytest.approx(10, rel=0.1)
    assert view.watched_s == pytest.approx(view.usable_s) == pytest.approx(24.9)


def test_a_frame_that_waited_longer_than_the_fastest_is_older(live, clock):
    live.begin(make_session())
    _watch(live, clock, seconds=1)
    clock.advance(0.150)
    live.see(RGB, 1.0)
    assert live.view().age_p95_ms == pytest.approx(150, abs=100)
    assert live.view().age_p50_ms == pytest.approx(0, abs=1)


def test_thirty_faces_are_drawn_and_stored(live, analyser, store, clock):
    analyser.faces = 30
    live.begin(make_session())
    live.set_style(OverlayStyle.FULL)
    _watch(live, clock, seconds=1)
    assert len(live.view().faces) == 30


def test_memory_stays_flat_over_ten_thousand_frames(live, store, clock):
    live.begin(make_session())
    _watch(live, clock, seconds=1000)
    view = live.view()
    assert len(view.recent) <= RECENT_S * 10 + 1
    assert len(view.whole.time_s) <= 600
    assert view.whole.time_s[-1] == pytest.approx(1000, abs=4)


def test_a_screenshot_is_the_newest_drawn_picture_and_none_without_a_session(live, clock):
    assert live.screenshot() is None
    live.begin(make_session())
    live.see(RGB, 0.0)
    assert live.screenshot().startswith(b"\x89PNG")
    live.finish()
    assert live.screenshot() is None


def test_closing_twice_frees_the_analyser_once_and_later_frames_pass(live, analyser, store):
    session = make_session()
    live.begin(session)
    live.see(RGB, 0.0)
    live.close()
    live.close()
    assert analyser.closed == 1
    assert session.id in store.ended
    assert live.see(RGB, 1.0) is RGB
    live.begin(replace(make_session(), id="late"))
    assert live.view().session is None


def test_two_threads_may_hammer_it(live, store):
    session = make_session()
    live.begin(session)
    stop = threading.Event()

    def camera():
        number = 0
        while not stop.is_set():
            live.see(RGB, number / 100)
            number += 1

    thread = threading.Thread(target=camera)
    thread.start()
    for number in range(200):
        view = live.view()
        assert len(view.faces) in {0, 1}
        if number % 20 == 0:
            live.pause()
            live.resume()
    stop.set()
    thread.join()
    analysed = live.view().analysed
    live.finish()
    assert len(store.moments[session.id]) == analysed > 0


def _until(holds, *, within_s=5.0):
    deadline = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < deadline, "it never came to hold"
        time.sleep(0.02)
