"""What is deleted is gone with all that was recorded of it, and nothing else is."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields

import numpy as np
import pytest
from sqlalchemy import select, update

from core.domain import Event, EventKind, Segment, SegmentKind
from core.domain.errors import StoreError, UnknownPractice, UnknownSession
from core.domain.practice import AttemptOutcome
from core.domain.sound_levels import SoundLevels
from core.practice import (
    answer_moment,
    append_levels,
    attempt_of,
    attempts_of,
    begin_attempt,
    begin_practice,
    delete_all_practices,
    delete_attempt,
    delete_idle_session,
    delete_practice,
    levels_of,
    practices,
    save_report,
)
from core.sessions import begin_segment, segments_of
from core.storage import practice_tables, tables
from tests.make import BEGAN_AT, make_mark, make_moment, make_observation, make_session
from tests.practising import (
    make_attempt,
    make_moment_answer,
    make_practice,
    make_self_report,
    part,
    record,
)

FIRST, SECOND = (10.0, 20.0), (20.0, 40.0)


@pytest.fixture
def practised(store):
    """One session with two answers one after the other, a mark in each, and sound."""
    record(store, seconds=60)
    store.append("s1", [], now=BEGAN_AT, events=[make_mark(15.0, "a"), make_mark(25.0, "b")])
    for begins_s, ends_s in (FIRST, SECOND):
        begin_segment(store, "s1", Segment(begins_s, ends_s, SegmentKind.QUESTION, str(begins_s)))
    tenths = np.arange(600)
    append_levels(store, "s1", SoundLevels((tenths + 0.5) / 10, np.full(600, -20.0, np.float32)))
    begin_practice(store, make_practice())
    for name, number, stretch in (("a1", 1, FIRST), ("a2", 2, SECOND)):
        begin_attempt(store, make_attempt(name, number=number, parts=(part(*stretch),)))
        save_report(store, name, make_self_report())
        answer_moment(store, name, make_moment_answer())
    return store


def _count(store, *some_tables):
    with store.transaction("read") as connection:
        return [len(connection.execute(select(one)).all()) for one in some_tables]


def _is_empty(store):
    own = [one for name, one in tables.metadata.tables.items() if name in practice_tables.NAMES]
    return set(_count(store, *own, tables.sessions, *tables.PARTS)) == {0}


def _same_rows(found, expected):
    for one in fields(found):
        if one.name not in {"scheme", "events"}:
            wanted = getattr(expected, one.name)
            assert np.array_equal(
                getattr(found, one.name), wanted, equal_nan=wanted.dtype.kind == "f"
            ), one.name


def test_a_try_goes_with_its_rows_marks_and_sound_and_the_others_stay(practised):
    before, second = practised.read("s1"), attempt_of(practised, "a2")
    delete_attempt(practised, "a1")
    after = practised.read("s1")
    # The moment at which one answer ends and the next begins is the next one's.
    _same_rows(after, before.where((before.time_s < 10.0) | (before.time_s >= 20.0)))
    assert [one.words for one in after.events] == ["b"]
    assert [one.prompt for one in segments_of(practised, "s1")] == ["20.0"]
    tenths = np.round(levels_of(practised, "s1").time_s * 10 - 0.5).astype(int)
    assert tenths.tolist() == [*range(100), *range(200, 600)]
    assert attempts_of(practised, "p1") == (second,)
    entry = practised.entry("s1")
    assert (entry.rows, entry.faces, entry.first_s, entry.last_s) == (51, 1, 0.0, 60.0)
    answers = tables.metadata.tables["moment_answers"]
    assert _count(practised, answers, tables.attempt_parts) == [1, 1]


def test_a_session_that_runs_goes_on_after_a_try_of_it_is_deleted(practised):
    read = practised.read_after("s1", 0)[1]
    delete_attempt(practised, "a1")
    assert practised.read_after("s1", read)[1] == 51
    for at in range(61, 1000):
        moment = make_moment(float(at), make_observation(float(at), track_id=2))
        practised.append("s1", [moment], now=BEGAN_AT)
    times = practised.read("s1").time_s
    assert times.tolist() == [*map(float, range(10)), *map(float, range(20, 1000))]
    entry = practised.entry("s1")
    assert (entry.rows, entry.faces, entry.last_s) == (990, 2, 999.0)
    blocks = _count(practised, tables.row_blocks)
    assert blocks[0] < 300


def test_a_session_of_many_blocks_loses_no_other_row(store):
    store.begin(make_session("s1"))
    moments = [make_moment(at / 30, make_observation(at / 30)) for at in range(2000)]
    store.append("s1", moments, now=BEGAN_AT)
    begin_practice(store, make_practice())
    begin_attempt(store, make_attempt(parts=(part(15.0, 45.01),)))
    begin_attempt(store, make_attempt("a2", number=2, parts=(part(50.0, 60.0),)))
    before = store.read("s1")
    delete_attempt(store, "a1")
    _same_rows(store.read("s1"), before.where((before.time_s < 15) | (before.time_s > 45.01)))


@pytest.mark.parametrize("has_ended", [True, False])
def test_the_last_try_of_a_session_takes_it_along_once_it_has_ended(practised, has_ended):
    if has_ended:
        practised.end("s1", ended_at=BEGAN_AT)
    for name in ("a2", "a1"):
        delete_attempt(practised, name)
    if has_ended:
        with pytest.raises(UnknownSession):
            practised.entry("s1")
    else:
        assert practised.read("s1").time_s.tolist() == [*range(10), *range(41, 61)]
    assert [one.id for one in practices(practised)] == ["p1"]


def test_a_try_that_goes_on_is_deleted_to_the_last_row(practised):
    begin_attempt(practised, make_attempt("a3", number=3, parts=(part(50.0, None),)))
    delete_attempt(practised, "a3")
    assert practised.entry("s1").last_s == 49.0


def test_a_try_in_several_sessions_is_deleted_in_each(practised):
    record(practised, "s2")
    practised.end("s2", ended_at=BEGAN_AT)
    both = (part(50.0, 60.0), part(0.0, 5.0, "s2", offset_s=14.0))
    begin_attempt(practised, make_attempt("a3", number=3, parts=both))
    delete_attempt(practised, "a3")
    assert [one.session.id for one in practised.sessions()] == ["s1"]
    assert practised.entry("s1").last_s == 49.0


def test_faces_that_were_seen_in_a_deleted_try_alone_are_forgotten(practised):
    guest = [make_moment(at, make_observation(at, track_id=7)) for at in (61.0, 62.0)]
    practised.append("s1", guest, now=BEGAN_AT)
    begin_attempt(practised, make_attempt("a3", number=3, parts=(part(61.0, 62.0),)))
    assert practised.entry("s1").faces == 2
    delete_attempt(practised, "a3")
    assert practised.entry("s1").faces == 1


def test_damaged_rows_keep_a_try_from_being_deleted_half(practised):
    with practised.transaction("written") as connection:
        connection.execute(update(tables.row_blocks).values(content=b"x"))
    with pytest.raises(StoreError, match="damaged"):
        delete_attempt(practised, "a1")
    assert [one.id for one in attempts_of(practised, "p1")] == ["a1", "a2"]
    delete_practice(practised, "p1")
    assert _is_empty(practised)


def test_a_practice_goes_with_its_sessions(practised):
    delete_practice(practised, "p1")
    assert _is_empty(practised)
    with pytest.raises(UnknownPractice):
        delete_practice(practised, "p1")


def test_a_practice_that_cannot_be_read_can_be_deleted(practised):
    table = tables.metadata.tables["practices"]
    with practised.transaction("written") as connection:
        connection.execute(update(table).values(questions="["))
    delete_practice(practised, "p1")
    assert _is_empty(practised)


def test_a_session_that_another_practice_uses_loses_the_stretches_alone(practised):
    begin_practice(practised, make_practice("p2", person="Ben"))
    begin_attempt(practised, make_attempt("b1", "p2", parts=(part(45.0, 50.0),)))
    delete_practice(practised, "p1")
    assert practised.read("s1").time_s.tolist() == [*range(10), *range(41, 61)]
    assert attempt_of(practised, "b1").parts == (part(45.0, 50.0),)


@pytest.mark.parametrize("person", [None, "Ana"])
def test_all_practices_of_everybody_or_of_one_person_are_deleted(practised, person):
    record(practised, "s2")
    begin_practice(practised, make_practice("p2", person="Ben"))
    begin_attempt(practised, make_attempt("b1", "p2", parts=(part(0.0, 5.0, "s2"),)))
    delete_all_practices(practised, person)
    left = [] if person is None else ["p2"]
    assert [one.id for one in practices(practised)] == left
    assert [one.session.id for one in practised.sessions()] == (["s2"] if left else [])


@pytest.mark.parametrize("outcome", [None, AttemptOutcome.SKIPPED])
def test_a_session_in_which_nothing_was_answered_is_deleted(practised, outcome):
    record(practised, "s2")
    begin_practice(practised, make_practice("p2"))
    begin_attempt(practised, make_attempt("b1", "p2", outcome=outcome))
    assert delete_idle_session(practised, "p2", "s2")
    assert not delete_idle_session(practised, "p2", "s2")
    assert not delete_idle_session(practised, "p2", "s1")
    assert [one.session.id for one in practised.sessions()] == ["s1"]


def test_a_session_stays_where_an_answer_may_lie_in_it(practised):
    record(practised, "s2")
    begin_practice(practised, make_practice("p2"))
    begin_attempt(practised, make_attempt("b1", "p2", outcome=AttemptOutcome.ANSWERED))
    assert not delete_idle_session(practised, "p2", "s2")
    delete_attempt(practised, "b1")
    assert delete_idle_session(practised, "p2", "s2")


def test_rows_that_are_written_while_a_try_is_deleted_all_stay(practised):
    """The camera's thread writes on; readers and writers wait for one another, and lose nothing."""

    def write_on():
        for at in range(61, 161):
            moment = make_moment(float(at), make_observation(float(at)))
            practised.append("s1", [moment], now=BEGAN_AT)

    with ThreadPoolExecutor(1) as camera:
        written = camera.submit(write_on)
        for name in ("a1", "a2"):
            delete_attempt(practised, name)
        for number in range(3, 13):
            added = make_attempt(f"a{number}", number=number, parts=(part(0.0, 0.0),))
            begin_attempt(practised, added)
            delete_attempt(practised, added.id)
        written.result()
    times = practised.read("s1").time_s.tolist()
    assert times == [*map(float, range(1, 10)), *map(float, range(41, 161))]
    entry = practised.entry("s1")
    assert (entry.rows, entry.first_s, entry.last_s) == (129, 1.0, 160.0)


def test_pauses_stay_where_a_try_is_deleted(practised):
    mark = Event(61.0, EventKind.RESUMED, "after a pause")
    practised.append("s1", [make_moment(61.0, make_observation(61.0))], now=BEGAN_AT, events=[mark])
    delete_attempt(practised, "a1")
    assert practised.read("s1").events[-1] == mark
