"""Own sets of questions in the database."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import count
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from core.domain.errors import SetNameTaken
from core.domain.question_set import QuestionSet
from core.practice.store.practice_rows import (
    key_of,
    questions_from,
    text_of_questions,
)
from core.sessions import SessionStore
from core.storage.practice_tables import question_sets as table
from core.storage.readable_rows import readable, readable_ones, text_of_time


@dataclass(frozen=True)
class StoredSet:
    """An own set of questions.

    Attributes:
        id: unique.
        question_set: its name, language and questions.
    """

    id: str
    question_set: QuestionSet


def own_sets(store: SessionStore) -> tuple[StoredSet, ...]:
    """Own sets that can be read, by name; others are logged.

    Raises:
        StoreError: the database cannot be read.
    """
    with store.transaction("read") as connection:
        rows = connection.execute(select(table)).mappings().all()
    made = readable_ones((f"The set {row['name']}", partial(_set_from, row)) for row in rows)
    return tuple(sorted(made, key=lambda one: (one.question_set.name.casefold(), one.id)))


def save_set(store: SessionStore, question_set: QuestionSet, *, now: datetime) -> str:
    """Store an own set beside the others.

    Returns:
        Its id.
    Raises:
        SetNameTaken: another has this name; `replace_set` writes over it.
        StoreError: the database cannot be written.
    """
    row = _row_of(question_set, now)
    with store.transaction("written") as connection:
        _expect_free(connection, question_set.name, own_id=None)
        row["id"] = _new_id(connection, now)
        connection.execute(insert(table).values(**row))
    return str(row["id"])


def replace_set(
    store: SessionStore, set_id: str, question_set: QuestionSet, *, now: datetime
) -> None:
    """Store an own set in place of another: with its questions, language and name.

    Raises:
        UnknownPractice: there is none of that id.
        SetNameTaken: a third one has this name.
        StoreError: the database cannot be written.
    """
    row = _row_of(question_set, now)
    with store.transaction("written") as connection:
        own = table.c.key == key_of(connection, table, set_id)
        _expect_free(connection, question_set.name, own_id=set_id)
        connection.execute(update(table).where(own).values(**row))


def rename_set(store: SessionStore, set_id: str, name: str, *, now: datetime) -> None:
    """Change the name of an own set.

    Raises:
        UnknownPractice, SetNameTaken, StoreError: as of `replace_set`.
        ValueError: the name is empty or too long.
    """
    with store.transaction("written") as connection:
        own = table.c.key == key_of(connection, table, set_id)
        row = connection.execute(select(table).where(own)).mappings().one()
        stored = readable(partial(_set_from, row), f"The set {row['name']}")
        renamed = replace(stored.question_set, name=name)
        _expect_free(connection, name, own_id=set_id)
        connection.execute(update(table).where(own).values(**_row_of(renamed, now)))


def delete_set(store: SessionStore, set_id: str) -> None:
    """Delete an own set; practices keep the questions that they asked.

    Raises:
        UnknownPractice, StoreError.
    """
    with store.transaction("written") as connection:
        own = table.c.key == key_of(connection, table, set_id)
        connection.execute(delete(table).where(own))


def _set_from(row: Any) -> StoredSet:
    questions = questions_from(row["questions"])
    return StoredSet(row["id"], QuestionSet(row["name"], row["language"], questions))


def _row_of(question_set: QuestionSet, now: datetime) -> dict[str, Any]:
    return {
        "name": question_set.name,
        "language": question_set.language,
        "questions": text_of_questions(question_set.questions),
        "changed_at": text_of_time(now),
    }


def _expect_free(connection: Connection, name: str, own_id: str | None) -> None:
    """Names that differ in case or in the space around them alone are the same to a reader.

    Raises:
        SetNameTaken.
    """
    for set_id, taken in connection.execute(select(table.c.id, table.c.name)).all():
        is_text = isinstance(taken, str)  # a damaged one may be anything
        if set_id != own_id and is_text and taken.strip().casefold() == name.strip().casefold():
            raise SetNameTaken(
                f"There is a set named {taken!r} already.",
                advice="Choose another name, or replace that set.",
                set_id=set_id,
            )


def _new_id(connection: Connection, now: datetime) -> str:
    taken = set(connection.execute(select(table.c.id)).scalars().all())
    names = (f"set-{now:%Y-%m-%d-%H%M%S}-{number}" for number in count(1))
    return next(one for one in names if one not in taken)
