"""Where the camera and the screen meet."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from core.domain import CONFIDENT2, FER7, AnalysedFrame, Box, EventKind, Frame, Observation, Session
from core.domain.errors import StoreError
from core.live import Clocks, LiveSession
from core.live.live_calibration import CalibrationState
from core.live.session_recording import RECENT_S
from core.measures import NOT_CALIBRATED, view_named
from core.vision import FaceAnalyser, FaceModels, OverlapTracker, OverlayStyle, ScoreSmoother
from core.vision.faces.tracker import CONFIRMED_HITS
from tests.calibrating import make_measured, obeying
from tests.fakes import (
    FakeAnalyser,
    FakeDetector,
    FakeLandmarker,
    FakeRecognizer,
    FakeStore,
    ManualClock,
)
from tests.make import make_session

RGB = np.full((48, 64, 3), 90, dtype=np.uint8)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def store() -> FakeStore:
    return FakeStore()


@pytest.fixture
def analyser() -> FakeAnalyser:
    return FakeAnalyser()


@pytest.fixture
def live(analyser: FakeAnalyser, store: FakeStore, clock: ManualClock) -> Iterator[LiveSession]:
    session = LiveSession(
        analyser, store, clocks=Clocks(clock.seconds, clock.now), not_sure_below=0.5
    )
    yield session
    session.close()


def watch(
    live: LiveSession, clock: ManualClock, *, seconds: float, fps: int = 10, sent_s: float = 0.0
) -> None:
    """Frames that arrive as fast as they were sent."""
    for number in range(round(seconds * fps)):
        live.process_frame(RGB, sent_s + number / fps)
        clock.advance(1 / fps)


def finish(live: LiveSession, session_id: str | None = None) -> Session | None:
    """And wait until it is stored."""
    return live.finish(session_id, wait_s=5.0)


def until(holds: Callable[[], bool], *, within_s: float = 5.0) -> None:
    give_up_at = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < give_up_at, "it never came to hold"
        time.sleep(0.02)


def times(store: FakeStore, session: Session) -> list[float]:
    return [moment.time_s for moment in store.moments[session.id]]


def test_every_moment_reaches_the_store_in_order(
    live: LiveSession, store: FakeStore, clock: ManualClock
) -> None:
    session = make_session()
    live.begin(session)
    watch(live, clock, seconds=3)
    assert finish(live) == session
    assert times(store, session) == pytest.approx([number / 10 for number in range(30)])
    assert store.ended[session.id] == session.began_at + timedelta(seconds=3)


def test_a_false_detection_in_one_frame_is_neither_on_screen_nor_in_the_rows(
    store: FakeStore, clock: ManualClock
) -> None:
    near, detector = FakeLandmarker([Box(20, 8, 44, 40)]), FakeDetector()
    analyser = FaceAnalyser(
        FaceModels(near, FakeLandmarker(in_cut_outs=True), detector),
        FakeRecognizer(),
        tracker=OverlapTracker(min_hits=CONFIRMED_HITS),
        smoother=ScoreSmoother(),
    )
    live = LiveSession(analyser, store, clocks=Clocks(clock.seconds, clock.now), not_sure_below=0.5)
    session = make_session()
    live.begin(session)
    shown = set()
    for number in range(30):
        detector.boxes = [Box(0, 0, 12, 14)] if number in {0, 10, 20} else []
        live.process_frame(RGB, number / 10)
        clock.advance(0.1)
        shown |= {face.track_id for face in live.view().faces}
    finish(live)
    live.close()
    rows = [one for moment in store.moments[session.id] for one in moment.observations]
    assert len(detector.looks) >= 3
    assert shown == {one.track_id for one in rows} == {1}
    assert len(rows) == 30


def test_a_session_begins_with_its_first_frame_not_with_the_switch(
    live: LiveSession, store: FakeStore, clock: ManualClock
) -> None:
    session = make_session()
    live.begin(session)
    clock.advance(20.0)  # the browser asks, the person looks for the button
    watch(live, clock, seconds=1)
    ended = finish(live)
    assert ended is not None
    assert ended.began_at == session.began_at + timedelta(seconds=20)
    assert store.begun == [ended]
    assert times(store, session)[0] == 0.0


def test_a_camera_that_was_refused_leaves_no_session_behind(
    live: LiveSession, store: FakeStore
) -> None:
    live.begin(make_session())
    assert live.view().session is not None
    finish(live)
    assert store.begun == []


def test_before_a_session_frames_are_returned_unchanged(
    live: LiveSession, analyser: FakeAnalyser
) -> None:
    assert live.process_frame(RGB, 0.0) is RGB
    assert analyser.frames == []
    assert live.view().session is None


def test_an_error_in_the_analysis_does_not_end_the_stream(
    live: LiveSession, analyser: FakeAnalyser, clock: ManualClock
) -> None:
    live.begin(make_session())
    analyser.fails = True
    watch(live, clock, seconds=3)
    assert live.process_frame(RGB, 3.0) is RGB
    assert live.view().failed == 31
    assert "31 frames could not be analysed (RuntimeError)" in live.view().trouble
    analyser.fails = False
    assert live.process_frame(RGB, 3.1) is not RGB
    assert live.view().analysed == 1
    clock.advance(11.0)
    assert live.view().trouble == ""
    assert live.view().failed == 31


def test_errors_in_the_analysis_are_logged_once_a_minute(
    live: LiveSession,
    analyser: FakeAnalyser,
    clock: ManualClock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    live.begin(make_session())
    analyser.fails = True
    with caplog.at_level(logging.ERROR):
        watch(live, clock, seconds=59)
        assert len(caplog.records) == 1
        watch(live, clock, seconds=59, sent_s=59.0)
        assert len(caplog.records) == 2


def marks(store: FakeStore, session: Session) -> list[tuple[float, str]]:
    return [(event.time_s, event.words) for event in store.events[session.id]]


def test_a_mark_has_its_own_time_and_not_that_of_a_frame(
    live: LiveSession, store: FakeStore, clock: ManualClock
) -> None:
    session = make_session()
    live.begin(session)
    live.mark("before the first frame")
    live.process_frame(RGB, 0.0)
    clock.advance(0.3)
    live.mark("question 1")
    live.mark("coughed")
    clock.advance(0.7)
    live.process_frame(RGB, 1.0)
    clock.advance(2.5)
    live.mark("after the last frame")
    finish(live)
    assert marks(store, session) == [
        (0.0, "before the first frame"),
        (pytest.approx(0.3), "question 1"),
        (pytest.approx(0.3), "coughed"),
        (pytest.approx(3.5), "after the last frame"),
    ]
    assert len(store.moments[session.id]) == 2


def test_a_mark_is_stored_also_where_every_frame_fails(
    live: LiveSession, analyser: FakeAnalyser, store: FakeStore
) -> None:
    session = make_session()
    live.begin(session)
    analyser.fails = True
    live.process_frame(RGB, 0.0)
    live.mark("coughed")
    live.process_frame(RGB, 0.1)
    finish(live)
    assert marks(store, session) == [(0.0, "coughed")]


def test_every_mark_between_two_frames_is_stored(live: LiveSession, store: FakeStore) -> None:
    session = make_session()
    live.begin(session)
    live.process_frame(RGB, 0.0)
    words = [f"question {number}" for number in range(30)]
    for word in words:
        live.mark(word)
    live.process_frame(RGB, 0.1)
    finish(live)
    assert [said for _, said in marks(store, session)] == words


def test_the_label_on_screen_is_stored_with_its_row(live: LiveSession, store: FakeStore) -> None:
    session = make_session()
    live.begin(session)
    live.process_frame(RGB, 0.0)
    live.show_as(view_named(FER7, CONFIDENT2.name))
    live.process_frame(RGB, 0.1)
    finish(live)
    shown = [[one.shown for one in moment.observations] for moment in store.moments[session.id]]
    assert shown == [["happy"], ["confident"]]


def test_marks_before_a_reset_stay_with_their_session(live: LiveSession, store: FakeStore) -> None:
    first, second = make_session("a"), make_session("b")
    live.begin(first)
    live.process_frame(RGB, 0.0)
    live.mark("coughed")
    live.begin(second)
    live.process_frame(RGB, 0.1)
    finish(live)
    assert (marks(store, first), marks(store, second)) == ([(0.0, "coughed")], [])


def test_marks_are_shown_immediately_with_their_own_time(
    live: LiveSession, clock: ManualClock
) -> None:
    live.begin(make_session())
    watch(live, clock, seconds=2)
    live.mark("question 1")
    assert live.view().marks == ((pytest.approx(2.0), "question 1"),)
    live.begin(make_session("next"))
    assert live.view().marks == ()


def test_a_refusing_store_is_reported_and_loses_nothing_when_it_recovers(
    live: LiveSession, store: FakeStore, clock: ManualClock
) -> None:
    session = make_session()
    store.refuses = True
    live.begin(session)
    watch(live, clock, seconds=2)
    until(lambda: "locked" in live.view().trouble)
    assert live.view().unsaved == 20
    store.refuses = False
    until(lambda: live.view().unsaved == 0)
    assert len(store.moments[session.id]) == 20
    until(lambda: live.view().trouble == "")


def test_a_store_that_refuses_at_the_end_is_still_reported_and_retried(
    live: LiveSession, store: FakeStore, clock: ManualClock
) -> None:
    session = make_session()
    store.refuses = True
    live.begin(session)
    watch(live, clock, seconds=1)
    live.finish(wait_s=0.1)
    assert live.view().session is None
    until(lambda: "locked" in live.view().trouble)
    assert live.view().unsaved == 10
    store.refuses = False
    until(lambda: session.id in store.ended)
    until(lambda: live.view().trouble == "" and live.view().unsaved == 0)
    assert len(store.moments[session.id]) == 10


class StuckStore(FakeStore):
    """Holds every writer until told to go on, as a locked database does."""

    def __init__(self) -> None:
        super().__init__()
        self.go_on = threading.Event()

    def append(self, session_id: str, moments: list[AnalysedFrame], **more: object) -> None:
        if not self.go_on.wait(20.0):
            raise StoreError("nobody told it to go on")
        super().append(session_id, moments, **more)  # type: ignore[arg-type]


@pytest.fixture
def stuck(analyser: FakeAnalyser, clock: ManualClock) -> tuple[LiveSession, StuckStore]:
    """A stream whose store keeps everybody waiting until it is told to go on."""
    store = StuckStore()
    clocks = Clocks(clock.seconds, clock.now)
    return LiveSession(analyser, store, clocks=clocks, not_sure_below=0.5), store


def test_neither_camera_nor_finish_waits_for_a_stuck_store(
    stuck: tuple[LiveSession, StuckStore], clock: ManualClock
) -> None:
    live, store = stuck
    session = make_session()
    live.begin(session)
    watch(live, clock, seconds=1)
    until(lambda: store.begun != [])
    began = time.monotonic()
    watch(live, clock, seconds=3, sent_s=1.0)
    live.view()
    live.finish()
    assert time.monotonic() - began < 1.0
    store.go_on.set()
    live.close()
    assert len(store.moments[session.id]) == 40


def test_waiting_after_the_stream_ended_by_itself_stores_everything(
    stuck: tuple[LiveSession, StuckStore], clock: ManualClock
) -> None:
    live, store = stuck
    session = make_session()
    live.begin(session)
    watch(live, clock, seconds=1)
    live.finish(session.id)  # the camera was unplugged: the server's thread may not wait
    threading.Timer(0.3, store.go_on.set).start()
    assert live.finish(wait_s=5.0) is None
    assert len(store.moments[session.id]) == 10
    assert session.id in store.ended
    live.close()


def paused_for_five_seconds(live: LiveSession, clock: ManualClock) -> None:
    """A second watched, five not, and one more."""
    watch(live, clock, seconds=1)
    live.pause()
    assert live.view().paused
    watch(live, clock, seconds=5, sent_s=1.0)
    live.resume()
    watch(live, clock, seconds=1, sent_s=6.0)


def test_a_pause_skips_the_analysis_and_marks_the_gap(
    live: LiveSession, store: FakeStore, analyser: FakeAnalyser, clock: ManualClock
) -> None:
    session = make_session()
    live.begin(session)
    paused_for_five_seconds(live, clock)
    finish(live)
    assert len(analyser.frames) == 20
    (resumed,) = store.events[session.id]
    assert resumed.kind is EventKind.RESUMED
    assert (resumed.time_s, resumed.words) == (pytest.approx(1.0), "resumed after 5 s")


def test_a_pause_does_not_count_in_a_session_s_duration(
    live: LiveSession, store: FakeStore, clock: ManualClock
) -> None:
    session = make_session()
    live.begin(session)
    paused_for_five_seconds(live, clock)
    view = live.view()
    assert view.duration_s == view.watched_s == pytest.approx(1.9)
    finish(live)
    moments = store.moments[session.id]
    assert [one.time_s for one in moments] == pytest.approx([number / 10 for number in range(20)])
    assert [(one.frame_index, one.paused_s) for one in moments if one.paused_s] == [
        (10, pytest.approx(5.0))
    ]


def test_a_session_says_its_time_from_its_first_frame_on_and_without_pauses(
    live: LiveSession, clock: ManualClock
) -> None:
    session = make_session()
    assert live.time_now is None
    live.begin(session)
    clock.advance(5.0)
    assert live.time_now is None
    paused_for_five_seconds(live, clock)
    now = live.time_now
    assert now == (session.id, pytest.approx(2.0))
    clock.advance(0.5)
    assert live.time_now == (session.id, pytest.approx(now[1] + 0.5))
    live.pause()
    clock.advance(9.0)
    assert live.time_now == (session.id, pytest.approx(now[1] + 0.5))
    live.finish()
    assert live.time_now is None


def test_after_a_pause_the_analyser_is_resumed_and_not_reset(
    live: LiveSession, analyser: FakeAnalyser, clock: ManualClock
) -> None:
    live.begin(make_session())
    paused_for_five_seconds(live, clock)
    assert analyser.resumed_at == [10]
    assert analyser.resets == 1


def test_after_a_failed_frame_the_next_one_has_the_pause(
    live: LiveSession, store: FakeStore, analyser: FakeAnalyser, clock: ManualClock
) -> None:
    session = make_session()
    live.begin(session)
    watch(live, clock, seconds=0.1)
    live.pause()
    clock.advance(3.0)
    live.resume()
    analyser.fails = True
    watch(live, clock, seconds=0.1, sent_s=3.1)
    analyser.fails = False
    watch(live, clock, seconds=0.2, sent_s=3.2)
    finish(live)
    assert [one.paused_s for one in store.moments[session.id]] == [0.0, pytest.approx(3.0), 0.0]


def test_right_after_a_pause_the_camera_does_not_count_as_disconnected(
    live: LiveSession, clock: ManualClock
) -> None:
    live.begin(make_session())
    watch(live, clock, seconds=1)
    live.pause()
    clock.advance(60.0)
    live.resume()
    assert live.view().frame_age_s == 0.0


def test_a_pause_before_the_first_frame_is_not_stored(
    live: LiveSession, store: FakeStore, clock: ManualClock
) -> None:
    session = make_session()
    live.begin(session)
    live.pause()
    clock.advance(8.0)
    live.resume()
    watch(live, clock, seconds=0.3)
    finish(live)
    assert [one.time_s for one in store.moments[session.id]] == pytest.approx([0.0, 0.1, 0.2])
    assert {one.paused_s for one in store.moments[session.id]} == {0.0}


def test_a_new_session_keeps_the_old_one_and_starts_at_zero(
    live: LiveSession, store: FakeStore, analyser: FakeAnalyser, clock: ManualClock
) -> None:
    first, second = make_session("a"), make_session("b")
    live.begin(first)
    watch(live, clock, seconds=1)
    live.begin(second)
    watch(live, clock, seconds=1, sent_s=50.0)
    finish(live)
    until(lambda: set(store.ended) == {"a", "b"})
    assert len(store.moments["a"]) == len(store.moments["b"]) == 10
    assert times(store, second)[0] == 0.0
    assert analyser.resets == 2


class TimelyAnalyser(FakeAnalyser):
    """Refuses time that goes back, as the real one does; holds a frame when told to."""

    def __init__(self) -> None:
        super().__init__()
        self.newest_s = 0.0
        self.may_work = threading.Event()
        self.may_work.set()
        self.works = threading.Event()

    def analyse(self, frame: Frame) -> tuple[Observation, ...]:
        self.works.set()
        assert self.may_work.wait(10.0)
        if frame.time_s < self.newest_s:
            raise ValueError("time went back")
        self.newest_s = frame.time_s
        return super().analyse(frame)

    def reset(self) -> None:
        self.newest_s = 0.0
        super().reset()


def test_a_frame_of_the_session_before_does_not_disturb_a_new_one(
    store: FakeStore, clock: ManualClock
) -> None:
    analyser = TimelyAnalyser()
    live = LiveSession(analyser, store, clocks=Clocks(clock.seconds, clock.now), not_sure_below=0.5)
    live.begin(make_session("a"))
    watch(live, clock, seconds=10)
    analyser.may_work.clear()
    analyser.works.clear()
    late = threading.Thread(target=live.process_frame, args=(RGB, 10.0))
    late.start()
    assert analyser.works.wait(5.0)
    begin = threading.Thread(target=live.begin, args=(make_session("b"),))
    begin.start()
    until(lambda: live.view().session is None)
    analyser.may_work.set()
    late.join()
    begin.join()
    watch(live, clock, seconds=1, sent_s=11.0)
    assert live.view().failed == 0
    assert live.view().analysed == 10
    live.close()
    assert len(store.moments["a"]) == 100
    assert len(store.moments["b"]) == 10


def test_the_end_of_an_old_stream_does_not_finish_a_new_session(live: LiveSession) -> None:
    live.begin(make_session("old"))
    live.begin(make_session("new"))
    assert finish(live, "old") is None
    session = live.view().session
    assert session is not None
    assert session.id == "new"
    assert finish(live, "new") is not None
    assert finish(live, "new") is None


def test_frames_of_an_old_stream_are_not_of_a_new_session(
    live: LiveSession, analyser: FakeAnalyser
) -> None:
    live.begin(make_session("old"))
    live.begin(make_session("new"))
    assert live.process_frame(RGB, 0.0, session_id="old") is RGB
    assert analyser.frames == []
    assert live.process_frame(RGB, 0.0, session_id="new") is not RGB


def test_a_camera_that_restarts_its_timestamps_does_not_decrease_time(
    live: LiveSession, store: FakeStore, clock: ManualClock
) -> None:
    session = make_session()
    live.begin(session)
    watch(live, clock, seconds=2, sent_s=100.0)
    clock.advance(3.0)
    watch(live, clock, seconds=1, sent_s=0.0)
    finish(live)
    assert times(store, session) == sorted(times(store, session))
    assert times(store, session)[20] == pytest.approx(1.9 + 3.1)


def test_skipped_frames_are_counted_and_keep_their_indices(
    live: LiveSession, store: FakeStore
) -> None:
    session = make_session()
    live.begin(session)
    live.process_frame(RGB, 0.0)
    live.process_frame(RGB, 0.2, skipped=3)
    live.process_frame(RGB, 0.3)
    assert live.view().skipped == 3
    assert live.view().skipped_share == 0.5
    finish(live)
    assert [moment.frame_index for moment in store.moments[session.id]] == [0, 4, 5]


def test_the_view_shows_the_last_ten_seconds_and_the_whole(
    live: LiveSession, clock: ManualClock
) -> None:
    live.begin(make_session())
    watch(live, clock, seconds=25)
    view = live.view()
    assert 9.5 < view.recent.time_s[-1] - view.recent.time_s[0] <= RECENT_S
    assert view.whole.time_s[-1] > 20
    assert view.duration_s == pytest.approx(24.9)
    assert view.fps == pytest.approx(10, rel=0.1)
    assert view.watched_s == pytest.approx(view.usable_s) == pytest.approx(24.9)
    assert view.usable_share == 1.0


def test_a_view_is_immutable(live: LiveSession, clock: ManualClock) -> None:
    live.begin(make_session())
    watch(live, clock, seconds=1)
    view = live.view()
    whole = view.whole.scores.copy()
    watch(live, clock, seconds=20, sent_s=1.0)
    assert len(view.recent) == 10
    assert np.array_equal(view.whole.scores, whole, equal_nan=True)


def test_a_frame_slower_than_the_fastest_has_a_higher_latency(
    live: LiveSession, clock: ManualClock
) -> None:
    live.begin(make_session())
    watch(live, clock, seconds=1)
    clock.advance(0.150)
    live.process_frame(RGB, 1.0)
    view = live.view()
    assert max(view.ages_ms) == pytest.approx(150)
    assert view.age_p50_ms == pytest.approx(0, abs=1e-6)
    assert 0 < view.age_p95_ms <= 150


def test_the_view_has_the_age_of_the_newest_frame(live: LiveSession, clock: ManualClock) -> None:
    live.begin(make_session())
    clock.advance(5.0)
    assert live.view().frame_age_s == 0.0
    watch(live, clock, seconds=1)
    clock.advance(4.0)
    assert live.view().frame_age_s == pytest.approx(4.1)


def test_thirty_faces_are_drawn_and_stored(
    live: LiveSession, analyser: FakeAnalyser, store: FakeStore, clock: ManualClock
) -> None:
    session = make_session()
    analyser.faces = 30
    live.begin(session)
    live.set_style(OverlayStyle.FULL)
    watch(live, clock, seconds=1)
    assert len(live.view().faces) == 30
    finish(live)
    assert {len(moment.observations) for moment in store.moments[session.id]} == {30}


@pytest.mark.parametrize("moves", [True, False], ids=["time passes", "time stands still"])
def test_memory_stays_flat_over_ten_thousand_frames(
    live: LiveSession, clock: ManualClock, moves: bool
) -> None:
    live.begin(make_session())
    for number in range(10_000):
        live.process_frame(RGB, number / 10 if moves else 0.0)
        clock.advance(0.1 if moves else 0.0)
    view = live.view()
    assert len(view.moments) <= 1000
    assert len(view.whole.time_s) <= 600
    assert len(view.ages_ms) <= 1000
    if moves:
        assert len(view.moments) == RECENT_S * 10 + 1
        assert view.whole.time_s[-1] == pytest.approx(1000, abs=4)


def test_a_screenshot_is_the_newest_drawn_picture_and_none_without_a_session(
    live: LiveSession,
) -> None:
    assert live.screenshot() is None
    live.begin(make_session())
    assert live.screenshot() is None
    live.process_frame(RGB, 0.0)
    png = live.screenshot()
    assert png is not None
    assert png.startswith(b"\x89PNG")
    finish(live)
    assert live.screenshot() is None


def test_the_style_can_be_changed_while_it_runs(live: LiveSession) -> None:
    live.begin(make_session())
    quiet = live.process_frame(RGB, 0.0)
    live.set_style(OverlayStyle.NONE)
    assert np.array_equal(live.process_frame(RGB, 0.1), RGB)
    assert not np.array_equal(quiet, RGB)


def test_closing_twice_frees_the_analyser_once_and_later_frames_are_unchanged(
    live: LiveSession, analyser: FakeAnalyser, store: FakeStore
) -> None:
    session = make_session()
    live.begin(session)
    live.process_frame(RGB, 0.0)
    live.close()
    live.close()
    assert analyser.closed == 1
    assert session.id in store.ended
    assert live.process_frame(RGB, 1.0) is RGB
    live.begin(make_session("late"))
    assert live.view().session is None


def test_two_threads_may_use_it_at_once(live: LiveSession, store: FakeStore) -> None:
    session = make_session()
    live.begin(session)
    stop = threading.Event()

    def camera() -> None:
        number = 0
        while not stop.is_set():
            live.process_frame(RGB, number / 100)
            number += 1

    thread = threading.Thread(target=camera)
    thread.start()
    for number in range(200):
        view = live.view()
        assert len(view.faces) in {0, 1}
        if number % 20 == 0:
            live.pause()
            live.resume()
    until(lambda: live.view().analysed > 50)
    stop.set()
    thread.join()
    view = live.view()
    assert view.failed == 0
    finish(live)
    assert len(store.moments[session.id]) == view.analysed


def test_a_session_that_ends_while_frames_come_stores_exactly_what_was_shown(
    live: LiveSession, store: FakeStore
) -> None:
    session = make_session()
    live.begin(session)
    stop = threading.Event()

    def camera() -> None:
        number = 0
        while not stop.is_set():
            live.process_frame(RGB, number / 100)
            number += 1

    thread = threading.Thread(target=camera)
    thread.start()
    until(lambda: live.view().analysed > 20)
    finish(live)
    stop.set()
    thread.join()
    indexes = [moment.frame_index for moment in store.moments[session.id]]
    assert indexes == list(range(len(indexes)))
    assert live.view().unsaved == 0


def test_finish_returns_the_session_that_was_begun(live: LiveSession) -> None:
    session = replace(make_session(), title="A rehearsal")
    live.begin(session)
    live.process_frame(RGB, 0.0)
    assert finish(live) == session


def test_what_is_shown_follows_the_view_and_what_is_stored_does_not(
    live: LiveSession, store: FakeStore, clock: ManualClock
) -> None:
    two, session = view_named(FER7, CONFIDENT2.name), make_session()
    live.begin(session)
    watch(live, clock, seconds=1)
    seven = live.process_frame(RGB, 1.0)
    live.show_as(two)
    assert (live.process_frame(RGB, 1.1) != seven).any()
    shown = live.view().with_view(two)
    assert shown.scheme == CONFIDENT2
    assert shown.faces[0].steady is not None
    assert shown.faces[0].steady.top == "confident"
    assert shown.recent.scheme == shown.whole.scheme == CONFIDENT2
    assert len(shown.whole.time_s) == len(live.view().whole.time_s)  # also from before the choice
    finish(live)
    stored = store.moments[session.id][-1].observations[0]
    assert stored.scores is not None
    assert stored.scores.scheme == FER7


def obeying_analyser(live: LiveSession, analyser: FakeAnalyser) -> None:
    """The face does what the calibration of the session asks for."""

    def act(seen: Observation) -> Observation:
        progress = live.view().calibration.progress
        return obeying(seen, None if progress is None else progress.step)

    analyser.acts = act


def test_a_calibration_is_stored_with_its_session_and_every_frame_is_analysed_as_always(
    live: LiveSession, analyser: FakeAnalyser, store: FakeStore, clock: ManualClock
) -> None:
    session = make_session()
    obeying_analyser(live, analyser)
    live.begin(session)
    assert live.calibration is not None
    live.calibration.begin()
    watch(live, clock, seconds=5)
    assert NOT_CALIBRATED in bases(live)
    watch(live, clock, seconds=20, sent_s=5.0)
    assert NOT_CALIBRATED not in bases(live)
    measured = live.view().calibration.measured
    assert measured is not None
    assert measured.calibration.eyes is not None
    finish(live)
    assert store.calibrations == {session.id: {1: measured}}
    assert len(times(store, session)) == 250
    assert live.calibration is None
    assert live.view().calibration == CalibrationState()


def bases(live: LiveSession) -> set[str]:
    """What the measures of the face are compared with, where that has to be said."""
    return {one.basis for one in live.view().measures_of(1)}


def test_the_next_session_is_not_calibrated_until_a_kept_one_is_used(
    live: LiveSession, store: FakeStore, clock: ManualClock
) -> None:
    live.begin(make_session("one"))
    watch(live, clock, seconds=1)
    assert live.calibration is not None
    live.calibration.use(make_measured())
    watch(live, clock, seconds=0.2, sent_s=1.0)
    live.begin(make_session("two"))
    watch(live, clock, seconds=1)
    assert live.view().calibration.measured is None
    finish(live)
    assert store.calibrations == {"one": {1: make_measured()}}


def test_a_pause_stops_a_calibration_and_it_goes_on_afterwards(
    live: LiveSession, analyser: FakeAnalyser, clock: ManualClock
) -> None:
    obeying_analyser(live, analyser)
    live.begin(make_session())
    assert live.calibration is not None
    live.calibration.begin()
    watch(live, clock, seconds=2)
    before = live.view().calibration.progress
    live.pause()
    watch(live, clock, seconds=30, sent_s=2.0)
    assert live.view().calibration.progress == before
    live.resume()
    watch(live, clock, seconds=23, sent_s=32.0)
    assert live.view().calibration.measured is not None
