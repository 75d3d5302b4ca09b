"""Practices and tries come back as they were stored."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from core.domain.errors import StoreError, UnknownPractice, UnknownSession
from core.domain.practice import AttemptOutcome, MomentKind, Verdict
from core.practice import (
    answer_moment,
    attempt_of,
    attempts_of,
    begin_attempt,
    begin_part,
    begin_practice,
    end_attempt,
    end_part,
    end_practice,
    moment_answers,
    people,
    practice_of,
    practices,
    reveal,
    save_report,
    set_question,
    tries_in,
    unfinished,
)
from core.practice.store.practice_rows import text_of_questions
from core.storage.practice_tables import attempt_parts, practice_attempts
from core.storage.practice_tables import moment_answers as answer_table
from core.storage.practice_tables import practices as practice_table
from tests.make import BEGAN_AT
from tests.practising import (
    QUESTIONS,
    make_attempt,
    make_moment_answer,
    make_practice,
    make_self_report,
    part,
    record,
)

LATER = BEGAN_AT + timedelta(hours=1)


@pytest.fixture
def practised(store):
    """A store with one session of a minute and one practice with a try."""
    record(store)
    begin_practice(store, make_practice())
    begin_attempt(store, make_attempt())
    return store


def _spoil(store, table, **values):
    with store.transaction("written") as connection:
        connection.execute(update(table).values(**values))


def test_a_practice_is_read_as_it_was_stored(store):
    plain = make_practice()
    bare = make_practice("p2", person="", consent_at=None, think_s=0.0, with_sound=False)
    for one in (plain, bare):
        begin_practice(store, one)
        assert practice_of(store, one.id) == one


def test_practices_are_listed_newest_first_and_by_person(store):
    for name, person, hours in (
        ("p1", "Ana", 0),
        ("p2", "ben", 2),
        ("p3", "Ana", 1),
        ("p4", "", 3),
    ):
        began_at = BEGAN_AT + timedelta(hours=hours)
        begin_practice(store, make_practice(name, person=person, began_at=began_at))
    assert [one.id for one in practices(store)] == ["p4", "p2", "p3", "p1"]
    assert [one.id for one in practices(store, person="Ana")] == ["p3", "p1"]
    assert [one.id for one in practices(store, person="")] == ["p4"]
    assert people(store) == ("", "Ana", "ben")


def test_a_practice_stands_at_a_question_until_it_ends(store):
    begin_practice(store, make_practice())
    set_question(store, "p1", 3)
    assert practice_of(store, "p1") == make_practice(question_index=3)
    with pytest.raises(ValueError, match="no question 5"):
        set_question(store, "p1", 4)
    assert [one.id for one in unfinished(store)] == ["p1"]
    end_practice(store, "p1", ended_at=LATER)
    end_practice(store, "p1", ended_at=LATER + timedelta(hours=1))
    assert practice_of(store, "p1").ended_at == LATER
    assert unfinished(store) == ()


def test_a_damaged_practice_can_still_be_ended(store):
    begin_practice(store, make_practice())
    _spoil(store, practice_table, questions="[")
    end_practice(store, "p1", ended_at=LATER)
    _spoil(store, practice_table, questions=text_of_questions(QUESTIONS))
    assert practice_of(store, "p1") == make_practice(ended_at=LATER)


def test_a_practice_of_an_id_that_exists_is_refused(store):
    begin_practice(store, make_practice())
    with pytest.raises(StoreError):
        begin_practice(store, make_practice(person="Ben"))
    assert practice_of(store, "p1") == make_practice()


def test_a_time_without_zone_is_refused(store):
    with pytest.raises(ValueError, match="time zone"):
        begin_practice(store, make_practice(began_at=datetime(2026, 1, 1)))
    assert practices(store) == ()


def test_a_try_is_read_as_it_was_stored(store):
    record(store)
    begin_practice(store, make_practice())
    whole = make_attempt(
        question_index=2,
        number=3,
        outcome=AttemptOutcome.ANSWERED,
        parts=(part(2.0, 10.5), part(20.0, 30.25, offset_s=12.0)),
        with_sound=True,
        report=make_self_report(calm=0, satisfied=10),
        revealed_at=LATER,
    )
    begin_attempt(store, whole)
    assert attempt_of(store, "a1") == whole
    assert whole.length_s == 22.25


def test_tries_are_in_the_order_of_questions_and_numbers(practised):
    for name, question, number in (("b", 1, 1), ("c", 0, 2), ("d", 2, 1)):
        begin_attempt(practised, make_attempt(name, question_index=question, number=number))
    assert [one.id for one in attempts_of(practised, "p1")] == ["a1", "c", "b", "d"]


def test_a_try_whose_part_names_no_session_is_not_stored_at_all(practised):
    with pytest.raises(UnknownSession, match="'x'"):
        begin_attempt(practised, make_attempt("b", parts=(part(0.0, 1.0), part(0.0, 1.0, "x"))))
    assert [one.id for one in attempts_of(practised, "p1")] == ["a1"]


def test_a_part_runs_until_it_is_ended(practised):
    begin_part(practised, "a1", part(2.0, None))
    assert attempt_of(practised, "a1").parts == (part(2.0, None),)
    end_part(practised, "a1", ends_s=9.25)
    end_part(practised, "a1", ends_s=30.0)
    assert attempt_of(practised, "a1").parts == (part(2.0, 9.25),)
    end_attempt(practised, "a1", AttemptOutcome.ANSWERED)
    ended = attempt_of(practised, "a1")
    assert (ended.outcome, ended.length_s) == (AttemptOutcome.ANSWERED, 7.25)


@pytest.mark.parametrize(
    ("following", "ends_s"),
    [
        pytest.param(part(30.0, None, offset_s=28.0), 30.0, id="same-session"),
        pytest.param(part(0.0, None, "s2", offset_s=70.0), 60.0, id="after-its-last-row"),
        pytest.param(part(0.0, None, "s2", offset_s=20.0), 22.0, id="before-its-last-row"),
        pytest.param(part(0.0, None, "s2", offset_s=0.0), 2.0, id="at-once"),
    ],
)
def test_a_part_that_still_runs_ends_where_the_next_begins(practised, following, ends_s):
    record(practised, "s2")
    begin_part(practised, "a1", part(2.0, None))
    begin_part(practised, "a1", following)
    assert set(attempt_of(practised, "a1").parts) == {part(2.0, ends_s), following}


@pytest.mark.parametrize(("given_s", "ends_s"), [(12.5, 12.5), (None, 60.0)])
def test_a_try_ends_its_part_when_asked_or_at_its_last_row(practised, given_s, ends_s):
    begin_part(practised, "a1", part(2.0, None))
    end_attempt(practised, "a1", AttemptOutcome.ANSWERED, ends_s=given_s)
    assert attempt_of(practised, "a1").parts == (part(2.0, ends_s),)


def test_a_part_that_would_end_before_it_begins_goes_on(practised):
    begin_part(practised, "a1", part(2.0, None))
    with pytest.raises(ValueError, match="cannot end"):
        end_attempt(practised, "a1", AttemptOutcome.ANSWERED, ends_s=1.0)
    assert attempt_of(practised, "a1") == make_attempt(parts=(part(2.0, None),))


def test_the_tries_of_a_session_are_counted_once_each(practised):
    record(practised, "s2")
    assert [tries_in(practised, one) for one in ("s1", "s2", "x")] == [0, 0, 0]
    for begins_s in (2.0, 9.0):
        begin_part(practised, "a1", part(begins_s, begins_s + 1))
    begin_attempt(practised, make_attempt("b", number=2, parts=(part(3.0, 4.0),)))
    assert [tries_in(practised, one) for one in ("s1", "s2", "x")] == [2, 0, 0]


def test_a_skipped_question_has_no_part(practised):
    end_attempt(practised, "a1", AttemptOutcome.SKIPPED)
    assert attempt_of(practised, "a1") == make_attempt(outcome=AttemptOutcome.SKIPPED)


def test_a_try_whose_session_is_deleted_stays_without_that_part(practised):
    begin_part(practised, "a1", part(2.0, 9.0))
    practised.delete("s1")
    assert attempt_of(practised, "a1") == make_attempt()


def test_a_report_replaces_the_earlier_one_and_the_first_look_counts(practised):
    save_report(practised, "a1", make_self_report(calm=1))
    save_report(practised, "a1", make_self_report())
    for hours in (0, 1):
        reveal(practised, "a1", at=LATER + timedelta(hours=hours))
    assert attempt_of(practised, "a1") == make_attempt(report=make_self_report(), revealed_at=LATER)


def test_an_answer_replaces_the_one_about_the_same_moment(practised):
    look, smile = make_moment_answer(), make_moment_answer(kind=MomentKind.SMILE)
    early = make_moment_answer(begins_s=0.5)
    rejected = replace(look, ends_s=4.0, verdict=Verdict.REJECTED, words="")
    for one in (look, smile, early, rejected):
        answer_moment(practised, "a1", one)
    assert moment_answers(practised, "a1") == (early, smile, rejected)


@pytest.mark.parametrize(
    "spoiled",
    [
        {"questions": "[{"},
        {"questions": "[]"},
        {"questions": '[{"text": "Why?", "colour": 1}]'},
        {"site": "moon"},
        {"began_at": "yesterday"},
        {"began_at": "2026-11-21T12:00:00"},
        {"question_index": 9},
        {"answer_s": -1.0},
    ],
    ids=str,
)
def test_a_damaged_practice_hides_no_other(store, caplog, spoiled):
    begin_practice(store, make_practice("damaged"))
    _spoil(store, practice_table, **spoiled)
    begin_practice(store, make_practice("whole"))
    with caplog.at_level(logging.WARNING):
        assert [one.id for one in practices(store)] == ["whole"]
        assert [one.id for one in unfinished(store)] == ["whole"]
    assert "damaged" in caplog.text
    with pytest.raises(StoreError, match="damaged cannot be read") as refused:
        practice_of(store, "damaged")
    assert refused.value.advice


@pytest.mark.parametrize(
    ("table", "spoiled"),
    [
        (practice_attempts, {"outcome": "won"}),
        (practice_attempts, {"number": 0}),
        (practice_attempts, {"question_index": 3}),  # of three
        (practice_attempts, {"reported_at": "2026-11-21T12:00:00+00:00"}),  # without ratings
        (attempt_parts, {"ends_s": 0.5}),
    ],
    ids=str,
)
def test_a_damaged_try_hides_no_other(practised, caplog, table, spoiled):
    begin_part(practised, "a1", part(2.0, 9.0))
    _spoil(practised, table, **spoiled)
    begin_attempt(practised, make_attempt("whole", number=2))
    with caplog.at_level(logging.WARNING):
        assert [one.id for one in attempts_of(practised, "p1")] == ["whole"]
    assert "a1" in caplog.text
    with pytest.raises(StoreError, match="a1 cannot be read"):
        attempt_of(practised, "a1")


def test_a_damaged_answer_about_a_moment_hides_no_other(practised):
    answer_moment(practised, "a1", make_moment_answer())
    _spoil(practised, answer_table, kind="blink")
    answer_moment(practised, "a1", make_moment_answer())
    assert moment_answers(practised, "a1") == (make_moment_answer(),)


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda store: practice_of(store, "x"), id="practice"),
        pytest.param(lambda store: set_question(store, "x", 0), id="question"),
        pytest.param(lambda store: end_practice(store, "x", ended_at=LATER), id="end"),
        pytest.param(lambda store: attempts_of(store, "x"), id="tries"),
        pytest.param(lambda store: attempt_of(store, "x"), id="try"),
        pytest.param(lambda store: begin_attempt(store, make_attempt("b", "x")), id="begin"),
        pytest.param(lambda store: begin_part(store, "x", part(0.0, None)), id="part"),
        pytest.param(lambda store: end_part(store, "x", ends_s=1.0), id="end-part"),
        pytest.param(lambda store: end_attempt(store, "x", AttemptOutcome.SKIPPED), id="end-try"),
        pytest.param(lambda store: save_report(store, "x", make_self_report()), id="report"),
        pytest.param(lambda store: reveal(store, "x", at=LATER), id="reveal"),
        pytest.param(lambda store: answer_moment(store, "x", make_moment_answer()), id="answer"),
        pytest.param(lambda store: moment_answers(store, "x"), id="answers"),
    ],
)
def test_what_does_not_exist_is_an_error_with_its_name(store, ask):
    with pytest.raises(UnknownPractice, match="'x'") as refused:
        ask(store)
    assert refused.value.advice
