"""Each step of a practice is stored as it is taken, and survives what cuts it off."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from threading import Thread

import pytest

from core.domain.errors import StoreError
from core.domain.practice import AttemptOutcome, AttemptPart
from core.domain.question_set import Question
from core.practice import (
    Flow,
    Phase,
    Return,
    RunningPractice,
    StepTime,
    attempts_of,
    begin_attempt,
    begin_practice,
    delete_practice,
    end_practice,
    practice_of,
    resume_practice,
    set_question,
)
from core.practice import running as running_module
from core.sessions import segments_of
from tests.make import BEGAN_AT, make_moment, make_session
from tests.practising import make_attempt, make_practice

QUESTIONS = (Question("Why here?"), Question("What next?"), Question("Any questions?"))


class Run:
    """A practice whose session began with it, and whose clock is moved on.

    Times are stored in whole milliseconds, so all here are.
    """

    def __init__(self, store, *, think_s=5.0, answer_s=20.0):
        self.store = store
        self.clock_s = 100.0
        self.sessions = {}
        self.ids = iter(f"try-{number}" for number in range(99))
        self.practice = make_practice(
            questions=QUESTIONS, think_s=think_s, answer_s=answer_s, ended_at=None
        )
        begin_practice(store, self.practice)
        self.running = RunningPractice(
            store, self.practice, Flow(3, think_s, answer_s), new_id=lambda _: next(self.ids)
        )

    @property
    def at(self):
        return BEGAN_AT + timedelta(seconds=self.clock_s - 100.0)

    def record(self, name="s1"):
        """A session begins to record now."""
        self.store.begin(make_session(name, began_at=self.at))
        self.sessions = {name: self.clock_s}

    def rows(self, name, *times):
        self.store.append(name, [make_moment(time_s) for time_s in times], now=self.at)

    def wait(self, seconds):
        self.clock_s += seconds
        self.running.tick(self.now)

    @property
    def now(self):
        session = next(
            ((name, self.clock_s - began_s) for name, began_s in self.sessions.items()), None
        )
        return StepTime(self.clock_s, self.at, session)

    def take(self, step):
        step(self.running, self.now)

    @property
    def attempts(self):
        return attempts_of(self.store, self.practice.id)

    def resume(self, returns=Return.LATER):
        self.running = resume_practice(
            self.store,
            practice_of(self.store, self.practice.id),
            self.now,
            new_id=lambda _: next(self.ids),
            returns=returns,
        )


@pytest.fixture
def run(store):
    return Run(store)


def test_an_answer_is_stored_from_its_first_second_to_the_press_that_ends_it(run):
    run.record()
    run.wait(3.0)
    run.take(RunningPractice.ask)
    run.wait(2.0)
    run.take(RunningPractice.answer)
    run.wait(7.5)
    run.take(RunningPractice.finish)
    (attempt,) = run.attempts
    assert attempt.outcome is AttemptOutcome.ANSWERED
    assert attempt.parts == (AttemptPart("s1", 0.0, 5.0, 12.5),)
    (segment,) = segments_of(run.store, "s1")
    assert (segment.begins_s, segment.ends_s, segment.prompt) == (5.0, 12.5, "Why here?")


def test_time_that_is_up_ends_an_answer_there_though_nobody_looked(run):
    run.record()
    run.take(RunningPractice.ask)
    run.wait(60.0)
    (attempt,) = run.attempts
    assert run.running.flow.phase is Phase.REVIEW
    assert attempt.parts == (AttemptPart("s1", 0.0, 5.0, 25.0),)


def test_an_answer_of_one_second_is_kept(run):
    run.record()
    run.take(RunningPractice.answer)
    run.wait(1.0)
    run.take(RunningPractice.finish)
    assert run.attempts[0].length_s == 1.0


def test_another_try_is_another_attempt_at_the_same_question(run):
    run.record()
    for step in ("answer", "finish", "again", "answer", "finish", "next"):
        run.take(getattr(RunningPractice, step))
        run.wait(1.0)
    assert [(one.question_index, one.number) for one in run.attempts] == [(0, 1), (0, 2)]
    assert practice_of(run.store, run.practice.id).question_index == 1
    assert run.running.attempt_id is None


def test_a_skipped_question_has_no_part_and_one_skipped_while_answered_keeps_its_own(run):
    run.record()
    run.take(RunningPractice.ask)
    run.take(RunningPractice.skip)
    run.take(RunningPractice.answer)
    run.wait(4.0)
    run.take(RunningPractice.skip)
    first, second = run.attempts
    assert {first.outcome, second.outcome} == {AttemptOutcome.SKIPPED}
    assert (first.parts, second.length_s) == ((), 4.0)
    assert run.running.flow.index == 2


def test_skipping_the_last_question_ends_the_practice(run):
    for _ in QUESTIONS:
        run.take(RunningPractice.skip)
    practice = practice_of(run.store, run.practice.id)
    assert (practice.question_index, practice.ended_at) == (3, run.at)
    assert len(run.attempts) == 3


def test_without_time_to_think_a_skipped_answer_is_followed_by_the_next(store):
    run = Run(store, think_s=0.0)
    run.record()
    run.take(RunningPractice.ask)
    run.wait(2.0)
    run.take(RunningPractice.skip)
    run.wait(1.0)
    run.take(RunningPractice.finish)
    assert [one.length_s for one in run.attempts] == [2.0, 1.0]
    assert [one.outcome for one in run.attempts] == [
        AttemptOutcome.SKIPPED,
        AttemptOutcome.ANSWERED,
    ]


def test_a_practice_that_is_ended_in_the_middle_keeps_the_answer(run):
    run.record()
    run.take(RunningPractice.answer)
    run.wait(3.0)
    run.take(RunningPractice.end)
    assert run.attempts[0].length_s == 3.0
    assert practice_of(run.store, run.practice.id).ended_at == run.at


def test_a_session_that_is_not_stored_yet_gets_its_part_as_soon_as_it_is(run):
    run.sessions = {"s1": run.clock_s}
    run.take(RunningPractice.answer)
    assert run.attempts[0].parts == ()
    run.store.begin(make_session("s1", began_at=run.at))
    run.wait(1.0)
    assert run.attempts[0].parts == (AttemptPart("s1", 0.0, 0.0),)


def test_a_camera_that_fails_stops_the_time_and_the_next_one_begins_where_it_stood(run):
    run.record()
    run.take(RunningPractice.answer)
    run.wait(4.0)
    run.rows("s1", 0.0, 4.0)
    run.sessions = {}
    run.running.lose_session(run.now)
    run.wait(30.0)
    assert run.running.flow.phase is Phase.PAUSED
    run.take(RunningPractice.resume)
    run.record("s2")
    run.wait(0.0)
    run.wait(6.0)
    run.take(RunningPractice.finish)
    assert run.attempts[0].parts == (
        AttemptPart("s1", 0.0, 0.0, 4.0),
        AttemptPart("s2", 4.0, 0.0, 6.0),
    )


def test_a_server_that_was_started_again_goes_on_with_the_answer_and_counts_the_gap(run):
    run.record()
    run.wait(1.0)
    run.take(RunningPractice.answer)
    run.wait(5.0)
    run.rows("s1", 0.0, 6.0)
    run.sessions = {}
    run.clock_s += 3.0
    run.resume(Return.AT_ONCE)
    assert run.running.flow.elapsed_s(run.clock_s) == pytest.approx(8.0)
    run.record("s2")
    run.wait(0.0)
    run.wait(2.0)
    run.take(RunningPractice.finish)
    assert run.attempts[0].parts == (
        AttemptPart("s1", 0.0, 1.0, 6.0),
        AttemptPart("s2", 8.0, 0.0, 2.0),
    )
    assert run.attempts[0].length_s == 10.0


def test_readings_that_a_browser_kept_meanwhile_fill_the_gap(run):
    run.record()
    run.take(RunningPractice.answer)
    run.wait(5.0)
    run.rows("s1", 0.0, 5.0)
    run.sessions = {}
    run.clock_s += 3.0
    run.resume(Return.AT_ONCE)
    run.store.begin(make_session("s2", began_at=run.at - timedelta(seconds=3)))
    run.sessions = {"s2": run.clock_s - 3.0}
    run.wait(0.0)
    assert run.attempts[0].parts[-1] == AttemptPart("s2", 5.0, 0.0)


def test_a_paused_answer_does_not_count_the_gap(run):
    run.record()
    run.take(RunningPractice.answer)
    run.wait(5.0)
    run.rows("s1", 0.0, 5.0)
    run.sessions = {}
    run.clock_s += 300.0
    run.resume(Return.IN_A_PAUSE)
    assert run.running.flow.phase is Phase.PAUSED
    assert run.running.flow.elapsed_s(run.clock_s) == pytest.approx(5.0)


def test_who_comes_back_later_finds_the_answer_ended_with_its_last_row(run):
    run.record()
    run.take(RunningPractice.answer)
    run.wait(5.0)
    run.rows("s1", 0.0, 4.0)
    run.sessions = {}
    run.clock_s += 5000.0
    run.resume()
    assert run.running.flow.phase is Phase.REVIEW
    (attempt,) = run.attempts
    assert run.running.attempt_id == attempt.id
    assert (attempt.outcome, attempt.length_s) == (AttemptOutcome.ANSWERED, 4.0)
    run.take(RunningPractice.again)
    assert run.running.flow.number == 2


def test_who_comes_back_before_an_answer_finds_the_question_ready(run):
    run.record()
    run.take(RunningPractice.skip)
    run.resume()
    assert (run.running.flow.phase, run.running.flow.index) == (Phase.READY, 1)


def test_a_practice_that_stood_after_its_last_question_is_over(run):
    for _ in QUESTIONS:
        run.take(RunningPractice.skip)
    run.resume()
    assert run.running.flow.phase is Phase.OVER


@pytest.mark.parametrize("skipped", [0, 1])
def test_a_practice_that_was_cut_off_before_its_end_was_stored_has_ended(run, skipped):
    set_question(run.store, run.practice.id, len(QUESTIONS) - skipped)
    if skipped:
        last = make_attempt("last", run.practice.id, question_index=len(QUESTIONS) - 1)
        begin_attempt(run.store, replace(last, outcome=AttemptOutcome.SKIPPED))
    run.resume()
    assert run.running.flow.phase is Phase.OVER
    assert practice_of(run.store, run.practice.id).ended_at == run.at


def test_ending_a_practice_that_was_left_keeps_the_answer_that_went_on(run):
    run.record()
    run.take(RunningPractice.answer)
    run.wait(5.0)
    run.rows("s1", 0.0, 4.0)
    end_practice(run.store, run.practice.id, ended_at=run.at)
    (attempt,) = run.attempts
    assert (attempt.outcome, attempt.length_s) == (AttemptOutcome.ANSWERED, 4.0)


def test_where_a_step_cannot_be_stored_nothing_has_moved(run):
    run.record()
    run.take(RunningPractice.ask)
    before = run.running.flow
    delete_practice(run.store, run.practice.id)
    with pytest.raises(StoreError):
        run.take(RunningPractice.answer)
    assert run.running.flow == before


def test_a_part_that_could_not_be_stored_is_begun_by_the_next_tick(run, monkeypatch):
    def refuse(*_, **__):
        raise StoreError("The database is locked.")

    run.record()
    with monkeypatch.context() as patch:
        patch.setattr(running_module, "begin_part", refuse)
        run.take(RunningPractice.answer)
    assert run.running.flow.phase is Phase.ANSWERING
    assert run.attempts[0].parts == ()
    run.wait(1.0)
    (attempt,) = run.attempts
    assert attempt.parts == (AttemptPart("s1", 0.0, 0.0),)


def test_a_skip_that_is_repeated_after_a_failure_is_stored_once(run, monkeypatch):
    def refuse(*_, **__):
        raise StoreError("The database is locked.")

    with monkeypatch.context() as patch:
        patch.setattr(running_module, "set_question", refuse)
        with pytest.raises(StoreError):
            run.take(RunningPractice.skip)
    run.take(RunningPractice.skip)
    assert len(run.attempts) == 1
    assert run.running.flow.index == 1


def test_two_runs_of_a_page_that_answer_at_once_begin_one_try(run, monkeypatch):
    begun = []

    def slowly(store, attempt):
        begun.append(attempt)
        begin_attempt(store, attempt)
        if len(begun) == 1:  # another thread is at the same step meanwhile
            other.start()
            other.join(0.2)

    other = Thread(target=lambda: run.take(RunningPractice.answer))
    monkeypatch.setattr(running_module, "begin_attempt", slowly)
    run.record()
    run.take(RunningPractice.answer)
    other.join()
    assert len(run.attempts) == len(begun) == 1


def test_an_answer_that_was_ended_gets_no_part_where_the_next_question_was_not_stored(
    run, monkeypatch
):
    run.record()
    run.rows("s1", 0.0)
    run.take(RunningPractice.answer)
    run.wait(2.0)
    with monkeypatch.context() as refused:
        refused.setattr("core.practice.running.set_question", _refuse)
        with pytest.raises(StoreError):
            run.take(RunningPractice.skip)
        run.wait(0.5)
    run.take(RunningPractice.skip)
    (attempt,) = run.attempts
    assert (attempt.outcome, len(attempt.parts)) == (AttemptOutcome.SKIPPED, 1)
    assert (run.running.flow.index, attempt.length_s) == (1, 2.0)


def _refuse(*_):
    raise StoreError("The database is full.")
