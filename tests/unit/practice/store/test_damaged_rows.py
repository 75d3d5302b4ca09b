"""Whatever a damaged database holds in a column, lists show the rest, and all can be deleted."""

from __future__ import annotations

from contextlib import suppress

import pytest
from sqlalchemy import text

from core.classroom import StoredAmounts, delete_everything, stored_amounts
from core.domain.errors import StoreError
from core.domain.plain_values import from_plain, to_plain
from core.domain.question_set import QuestionSet
from core.practice import (
    answer_moment,
    attempt_of,
    attempts_of,
    begin_attempt,
    begin_part,
    begin_practice,
    moment_answers,
    own_sets,
    people,
    practice_of,
    practices,
    save_report,
    save_set,
    unfinished,
)
from core.sessions import SessionStore
from core.storage import practice_tables, tables
from tests.make import BEGAN_AT
from tests.new_databases import migrated_once
from tests.practising import (
    QUESTIONS,
    make_attempt,
    make_moment_answer,
    make_practice,
    make_self_report,
    part,
    record,
)

VALUES = ["'x'", "''", "-1", "9e999", "1e300", "99999999999", "x'00ff'", "NULL"]
COLUMNS = [
    f"{name}.{column.name}"
    for name in practice_tables.NAMES
    for column in tables.metadata.tables[name].columns
    if not (column.primary_key or column.foreign_keys or column.name == "id")
]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("damaged")
    with migrated_once(folder), SessionStore.open(f"sqlite:///{folder}/sessions.db") as opened:
        yield opened


@pytest.fixture
def filled(store):
    """One practice with a try, a report and an answer, and one set; gone afterwards."""
    record(store, seconds=5)
    begin_practice(store, make_practice())
    begin_attempt(store, make_attempt())
    begin_part(store, "a1", part(1.0, 3.0))
    save_report(store, "a1", make_self_report())
    answer_moment(store, "a1", make_moment_answer())
    save_set(store, QuestionSet("Mine", "en", QUESTIONS), now=BEGAN_AT)
    yield store
    delete_everything(store, now=BEGAN_AT.replace(year=2099))
    assert stored_amounts(store) == StoredAmounts(0, 0, 0, 0)


def _spoil(store, column, value):
    table, name = column.split(".")
    with store.transaction("written") as connection:
        nullable = tables.metadata.tables[table].columns[name].nullable
        if value == "NULL" and not nullable:
            value = "x''"
        connection.execute(text(f"UPDATE {table} SET {name} = {value}"))


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("column", COLUMNS)
def test_a_damaged_column_breaks_no_list_and_no_deletion(filled, column, value):
    _spoil(filled, column, value)
    begin_practice(filled, make_practice("whole", person="Ben"))
    begin_attempt(filled, make_attempt("sound", "whole"))
    assert practices(filled, person="Ben") == (make_practice("whole", person="Ben"),)
    assert make_practice("whole", person="Ben") in {*practices(filled), *unfinished(filled)}
    assert "Ben" in people(filled)
    save_set(filled, QuestionSet("another", "en", QUESTIONS), now=BEGAN_AT)
    assert "another" in [one.question_set.name for one in own_sets(filled)]
    assert attempts_of(filled, "whole") == (make_attempt("sound", "whole"),)
    found = (*attempts_of(filled, "p1"), *moment_answers(filled, "a1"), *own_sets(filled))
    for one in (*found, *practices(filled)):
        assert from_plain(type(one), to_plain(one)) == one  # each field of its own type
    for ask in (lambda: practice_of(filled, "p1"), lambda: attempt_of(filled, "a1")):
        with suppress(StoreError):
            ask()
