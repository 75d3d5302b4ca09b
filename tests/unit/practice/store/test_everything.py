"""Everything that is stored can be counted and deleted, but for what runs."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from core.domain.question_set import QuestionSet
from core.practice import (
    StoredAmounts,
    begin_attempt,
    begin_practice,
    delete_everything,
    own_sets,
    practices,
    save_set,
    stored_amounts,
)
from core.storage import practice_tables, tables
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


def test_what_is_stored_is_counted(store):
    assert stored_amounts(store) == StoredAmounts(0, 0, 0)
    _fill(store)
    assert stored_amounts(store) == StoredAmounts(3, 2, 1)


def test_everything_is_deleted_also_what_cannot_be_read(store):
    _fill(store)
    with store.transaction("written") as connection:
        for table in (practice_tables.practices, practice_tables.question_sets):
            connection.execute(update(table).values(questions="["))
        connection.execute(update(tables.sessions).values(began_at="never"))
        connection.execute(update(tables.row_blocks).values(content=b"x"))
    delete_everything(store, now=NOW)
    assert stored_amounts(store) == StoredAmounts(0, 0, 0)
    with store.transaction("read") as connection:
        own = [tables.metadata.tables[one] for one in practice_tables.NAMES]
        for table in (*own, *tables.PARTS):
            assert connection.execute(select(table)).all() == []


def test_a_session_that_runs_stays_with_its_practice(store):
    _fill(store)
    store.append("s2", [], now=NOW)
    delete_everything(store, now=NOW)
    assert [one.session.id for one in store.sessions()] == ["s2"]
    assert [one.id for one in practices(store)] == ["ps2"]
    assert own_sets(store) == ()
