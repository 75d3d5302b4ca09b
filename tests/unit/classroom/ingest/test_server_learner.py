from __future__ import annotations

from threading import Event

import numpy as np
import pytest

from core.classroom.ingest import (
    AnalysisPool,
    LearnerGate,
    NotAsked,
    SecondsMeter,
    ServerLearner,
    ServerLearners,
)
from core.domain import AnalysedFrame
from core.domain.classroom import Classroom, Learner, LearnerSite, LearnerState
from core.domain.errors import NotAllowedHere
from core.live import Clocks
from tests.classes import EVERYTHING, IN_EUROPE, OPENED_AT, pairs
from tests.fakes import FakeAnalyser, ManualClock
from tests.make import make_observation

PICTURE = np.zeros((240, 320, 3), dtype=np.uint8)
SOON_S = 10


def _classroom(new):
    return Classroom(id="c", code="ABC234", opened_at=OPENED_AT, **vars(new))


def _learner(number=3):
    return Learner(
        f"learner-{number}",
        "c",
        number,
        "Ana",
        LearnerSite.SERVER,
        OPENED_AT,
        "1",
        LearnerState.MEASURING,
        OPENED_AT,
    )


class Lesson:
    """A class whose refusal and clock are set by the test, with one learner's stream."""

    def __init__(self, new=EVERYTHING):
        self.clock = ManualClock()
        self.began = self.clock.now()
        self.refusal, self.written, self.told = "", [], []
        self.analyser = FakeAnalyser()
        self.classroom = _classroom(new)
        self.clocks = Clocks(
            self.clock.seconds, lambda: OPENED_AT + (self.clock.now() - self.began)
        )
        self.stream = self.learner()

    def learner(self, number=3):
        gate = LearnerGate(lambda: self.refusal, self.written.append, self.told.append)
        return ServerLearner(
            _learner(number), self.classroom, self.analyser, gate=gate, clocks=self.clocks
        )

    def watch(self, seconds, *, per_s=5, waited_s=0.0):
        """Frames of some seconds, each of which waited before it was analysed."""
        for _ in range(round(seconds * per_s)):
            self.clock.advance(1 / per_s)
            self.stream.take(PICTURE, self.clock.seconds() - waited_s)

    def rows(self):
        return [pair for part in self.written for pair in pairs(part)]


@pytest.fixture
def lesson():
    return Lesson()


def test_frames_become_the_seconds_in_which_they_arrived(lesson):
    lesson.watch(4.5)
    lesson.stream.end()
    assert lesson.rows() == [(second, 3) for second in range(5)]
    assert lesson.written[1].present[0] == 1


def test_the_rows_are_those_of_the_meter_for_the_same_frames(lesson):
    meter, expected = SecondsMeter(lesson.classroom, learner=3), []
    for number in range(1, 16):
        seen = make_observation(number / 5)
        expected.append(meter.add(AnalysedFrame(number / 5, number, (seen,))))
    lesson.watch(3)
    given = [part for part in lesson.written if len(part)]
    wanted = [part for part in expected if len(part)]
    assert len(given) == len(wanted) > 0
    for one, other in zip(given, wanted, strict=True):
        np.testing.assert_allclose(one.scores, other.scores, rtol=1e-6)
        np.testing.assert_allclose(one.measured, other.measured, rtol=1e-6)


def test_a_frame_that_waited_counts_when_it_arrived(lesson):
    lesson.clock.advance(10.0)
    age_s = lesson.stream.take(PICTURE, lesson.clock.seconds() - 0.4)
    assert age_s == pytest.approx(0.4)
    assert lesson.analyser.frames[0][0] == pytest.approx(9.6)


def test_a_clock_that_was_put_back_gives_no_frame_an_earlier_time(lesson):
    lesson.watch(2)
    count = len(lesson.analyser.frames)
    lesson.began = lesson.clock.now()  # the class says second 0 again
    assert lesson.stream.take(PICTURE, lesson.clock.seconds()) is None
    assert len(lesson.analyser.frames) == count


def test_what_the_class_refuses_is_not_analysed_and_not_stored(lesson):
    lesson.watch(1.5)
    lesson.written.clear()
    lesson.refusal = "The class is closed."
    count = len(lesson.analyser.frames)
    lesson.watch(3)
    assert lesson.stream.ended == "The class is closed."
    assert (len(lesson.analyser.frames), lesson.written) == (count, [])
    assert lesson.analyser.closed == 1


def test_a_refusal_is_seen_without_a_frame(lesson):
    lesson.refusal = "Your consent was withdrawn."
    lesson.stream.advance()
    assert lesson.stream.ended == "Your consent was withdrawn."


def test_the_class_hears_every_ten_seconds_that_the_learner_is_measured(lesson):
    lesson.watch(25)
    assert lesson.told == [LearnerState.MEASURING] * 3


def test_the_newest_second_is_what_left_for_the_class(lesson):
    assert lesson.stream.newest is None
    lesson.watch(3.5)
    assert lesson.stream.newest.second == lesson.rows()[-1][0]
    assert lesson.stream.newest.present == 1


def test_seconds_are_completed_where_no_frame_comes_any_more(lesson):
    lesson.watch(1.8)
    assert lesson.rows() == [(0, 3)]
    lesson.clock.advance(3)
    lesson.stream.advance()
    assert (1, 3) in lesson.rows()


def test_a_class_without_expressions_gets_none_and_asks_no_model():
    lesson = Lesson(IN_EUROPE)
    lesson.watch(2.5)
    rows = lesson.written[0]
    assert rows.scores.shape[1] == 0
    assert np.isnan(rows.facing).all()
    assert np.isnan(rows.expression).all()
    scores = NotAsked().recognize(np.zeros((2, 48, 48, 1), np.float32))
    assert scores[0] is scores[1]
    assert np.ptp(scores[0].values) == 0


class Room:
    """A process that analyses two learners at a time; it is desk and writer, too."""

    def __init__(self):
        self.lesson = Lesson()
        self.refused, self.site = "", LearnerSite.SERVER
        self.learners = ServerLearners(
            self, self, clocks=self.lesson.clocks, pool=AnalysisPool(threads=1), most=2
        )

    def admit(self, classroom, learner):
        if self.refused:
            raise NotAllowedHere(self.refused, advice="Ask the teacher.")

    def refusal(self, classroom_id, learner_id, site):
        return self.lesson.refusal if site is self.site else "You chose another way."

    def add(self, classroom_id, seconds):
        self.lesson.written.append(seconds)

    def set_state(self, learner_id, state):
        self.lesson.told.append((learner_id, state))

    def open(self, number):
        lesson = self.lesson
        return self.learners.open(lesson.classroom, _learner(number), lambda: lesson.analyser)


@pytest.fixture
def room():
    return Room()


def test_a_camera_ends_once_its_learner_chose_another_way(room):
    stream = room.open(1)
    stream.advance()
    assert not stream.ended
    room.site = LearnerSite.NOWHERE
    stream.advance()
    assert stream.ended == "You chose another way."


def test_a_pause_in_one_tab_ends_the_camera_of_another(room):
    first, second = room.open(1), room.open(2)
    room.learners.end("learner-1")
    assert (first.ended, second.ended) == ("Another tab of yours took over.", "")


def test_one_learner_more_than_the_server_takes_is_told_what_to_do(room):
    room.open(1)
    room.open(2)
    with pytest.raises(NotAllowedHere, match="2 learners at a time") as refused:
        room.open(3)
    assert "flags only" in refused.value.advice


def test_a_class_that_takes_nothing_opens_no_stream(room):
    room.refused = "This class is closed."
    with pytest.raises(NotAllowedHere, match="closed"):
        room.open(1)


def test_a_camera_that_never_sent_gives_its_place_to_another_learner(room):
    silent = room.open(1)
    room.lesson.clock.advance(59)
    sending = room.open(2)
    sending.sent_s(0.0)
    with pytest.raises(NotAllowedHere):
        room.open(3)
    room.lesson.clock.advance(2)
    room.open(3)
    assert "stopped sending" in silent.ended
    assert not sending.ended


def test_pictures_that_cannot_be_analysed_end_a_stream_once_they_are_many(lesson):
    lesson.analyser.fails = True
    lesson.watch(4.8)
    lesson.analyser.fails = False
    lesson.watch(0.2)
    lesson.analyser.fails = True
    lesson.watch(4.8)
    assert not lesson.stream.ended
    lesson.watch(0.2)
    assert "cannot be analysed" in lesson.stream.ended


def test_a_learner_who_left_makes_room(room):
    room.open(1).end()
    room.open(2)
    assert not room.open(3).ended


def test_another_tab_of_the_same_learner_takes_over_and_needs_no_place_of_its_own(room):
    first, _ = room.open(1), room.open(2)
    second = room.open(1)
    assert first.ended == "Another tab of yours took over."
    assert not second.ended


def test_a_frame_of_the_camera_reaches_the_class(room):
    stream, analysed = room.open(1), Event()
    room.lesson.analyser.acts = lambda seen: (analysed.set(), seen)[1]
    room.lesson.clock.advance(1.0)
    room.learners.process_frame(stream, PICTURE, 0.0, skipped=3)
    assert analysed.wait(SOON_S)


def test_a_frame_that_is_late_is_not_analysed_and_the_next_in_time_is(room):
    stream, clock = room.open(1), room.lesson.clock
    clock.advance(10)
    assert stream.sent_s(0.0) == clock.seconds()
    clock.advance(1.0)
    assert stream.sent_s(0.4) is None  # 0.6 s behind the first
    assert stream.sent_s(0.7) == pytest.approx(clock.seconds() - 0.3)


def test_a_stream_that_ended_takes_no_frame(room):
    stream = room.open(1)
    stream.end()
    room.lesson.clock.advance(1.0)
    room.learners.process_frame(stream, PICTURE, 0.0)
    assert stream.take(PICTURE, room.lesson.clock.seconds()) is None
    assert room.lesson.analyser.frames == []
    assert room.lesson.analyser.closed == 1
