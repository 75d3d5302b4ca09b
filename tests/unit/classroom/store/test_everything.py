"""Everything that is stored can be counted and deleted, but for what runs."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from core.classroom import (
    StoredAmounts,
    append_seconds,
    classrooms,
    close_classroom,
    delete_everything,
    overdue_classrooms,
    set_states,
    stored_amounts,
)
from core.domain.classroom import LearnerState
from core.domain.question_set import QuestionSet
from core.practice import begin_attempt, begin_practice, own_sets, practices, save_set
from core.storage import classroom_tables, practice_tables, tables
from tests.classes import OPENED_AT, joined, opened, seconds
from tests.make import BEGAN_AT, make_session
from tests.practising import QUESTIONS, make_attempt, make_practice, part, record

NOW = BEGAN_AT + timedelta(days=1)


def _fill(store):
    for name in ("s1", "s2"):
        record(store, name)
        begin_practice(store, make_practice(f"p{name}"))
        begin_attempt(store, make_attempt(f"a{name}", f"p{name}", parts=(part(1.0, 2.0, name),)))
    store.begin(make_session("alone"))
    save_set(store, QuestionSet("Mine", "en", QUESTIONS), now=NOW)
    room = opened(store).classroom
    joined(store, room.id)
    append_seconds(store, room.id, seconds([(0, 1)]))


def test_what_is_stored_is_counted(store):
    assert stored_amounts(store) == StoredAmounts(0, 0, 0, 0)
    _fill(store)
    assert stored_amounts(store) == StoredAmounts(3, 2, 1, 1)


def test_everything_is_deleted_also_what_cannot_be_read(store):
    _fill(store)
    with store.transaction("written") as connection:
        for table in (practice_tables.practices, practice_tables.question_sets):
            connection.execute(update(table).values(questions="["))
        connection.execute(update(classroom_tables.classrooms).values(opened_at="never"))
        connection.execute(update(classroom_tables.classroom_blocks).values(content=b"x"))
        connection.execute(update(tables.sessions).values(began_at="never"))
        connection.execute(update(tables.row_blocks).values(content=b"x"))
    delete_everything(store, now=NOW)
    assert stored_amounts(store) == StoredAmounts(0, 0, 0, 0)
    with store.transaction("read") as connection:
        own = [
            tables.metadata.tables[one] for one in (*practice_tables.NAMES, *classroom_tables.NAMES)
        ]
        for table in (*own, *tables.PARTS):
            assert connection.execute(select(table)).all() == []


def test_a_session_that_runs_stays_with_its_practice(store):
    _fill(store)
    store.append("s2", [], now=NOW)
    delete_everything(store, now=NOW)
    assert [one.session.id for one in store.sessions()] == ["s2"]
    assert [one.id for one in practices(store)] == ["ps2"]
    assert own_sets(store) == ()


def test_a_class_that_runs_stays_and_one_that_nobody_closed_does_not(store):
    heard, silent, closed = (opened(store, seed=seed).classroom for seed in range(3))
    later = OPENED_AT + timedelta(hours=3)
    ana, _ = (joined(store, one.id).learner for one in (heard, silent))
    set_states(store, {ana.id: LearnerState.PAUSED}, now=later - timedelta(minutes=50))
    close_classroom(store, closed.id, now=later)
    delete_everything(store, now=later)
    assert classrooms(store) == (heard,)
    delete_everything(store, now=later + timedelta(minutes=10))
    assert classrooms(store) == ()


def test_rows_of_a_class_say_that_it_runs(store):
    room = opened(store).classroom
    joined(store, room.id)
    append_seconds(store, room.id, seconds([(3 * 3600, 1)]))
    delete_everything(store, now=OPENED_AT + timedelta(hours=3, minutes=59))
    assert classrooms(store) == (room,)


def test_a_class_is_overdue_after_its_retention_unless_it_runs(store):
    room, used = (opened(store, seed=seed).classroom for seed in (0, 1))
    ana = joined(store, used.id).learner
    assert overdue_classrooms(store, OPENED_AT + timedelta(days=30)) == ()
    late = OPENED_AT + timedelta(days=31)
    set_states(store, {ana.id: LearnerState.MEASURING}, now=late)
    assert overdue_classrooms(store, late) == (room,)
    assert len(overdue_classrooms(store, late + timedelta(hours=2))) == 2
