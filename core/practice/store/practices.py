"""Practices: begun, followed, ended, and read back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial

from sqlalchemy import ColumnElement, Connection, insert, select, update

from core.domain.practice import Practice
from core.practice.store.attempts import end_running_tries
from core.practice.store.practice_rows import (
    key_of,
    practice_from,
    row_of_practice,
    unknown,
)
from core.sessions import SessionStore
from core.storage.practice_tables import practices as table
from core.storage.readable_rows import readable, readable_ones, text_of_time


def begin_practice(store: SessionStore, practice: Practice) -> None:
    """Store a practice, before its first try.

    Raises:
        StoreError: the id exists, or the database refuses.
    """
    row = row_of_practice(practice)
    with store.transaction("written") as connection:
        connection.execute(insert(table).values(**row))


def set_question(store: SessionStore, practice_id: str, index: int) -> None:
    """Let a practice stand at a question; `len(questions)` after the last.

    Raises:
        UnknownPractice, StoreError.
        ValueError: there is no such question.
    """
    with store.transaction("written") as connection:
        replace(_practice(connection, practice_id), question_index=index)  # checks the number
        own = table.c.id == practice_id
        connection.execute(update(table).where(own).values(question_index=index))


def end_practice(store: SessionStore, practice_id: str, *, ended_at: datetime) -> None:
    """Mark a practice as ended; one that has ended keeps its time. A try that goes on ends with it,
    at its last row: otherwise nobody would find what was answered.

    Raises:
        UnknownPractice, StoreError.
    """
    at = text_of_time(ended_at)
    with store.transaction("written") as connection:
        key = key_of(connection, table, practice_id)
        end_running_tries(connection, key)
        own, goes_on = table.c.key == key, table.c.ended_at.is_(None)
        connection.execute(update(table).where(own, goes_on).values(ended_at=at))


def practices(store: SessionStore, *, person: str | None = None) -> tuple[Practice, ...]:
    """Every practice that can be read, newest first; others are logged.

    Args:
        person: only theirs; None for everybody's.
    Raises:
        StoreError: the database cannot be read.
    """
    return _found(store) if person is None else _found(store, table.c.person == person)


def unfinished(store: SessionStore) -> tuple[Practice, ...]:
    """The practices that nobody ended, newest first.

    Raises:
        StoreError: the database cannot be read.
    """
    return _found(store, table.c.ended_at.is_(None))


def practice_of(store: SessionStore, practice_id: str) -> Practice:
    """One practice.

    Raises:
        UnknownPractice: there is none of that id.
        StoreError: it, or the database, cannot be read.
    """
    with store.transaction("read") as connection:
        return _practice(connection, practice_id)


def people(store: SessionStore) -> tuple[str, ...]:
    """Everybody who practised, by name; "" for the one who always does here.

    Raises:
        StoreError: the database cannot be read.
    """
    with store.transaction("read") as connection:
        found = connection.execute(select(table.c.person).distinct()).scalars().all()
    names = [one for one in found if isinstance(one, str)]  # a damaged one may be anything
    return tuple(sorted(names, key=lambda one: (one.casefold(), one)))


def _found(store: SessionStore, *where: ColumnElement[bool]) -> tuple[Practice, ...]:
    with store.transaction("read") as connection:
        rows = connection.execute(select(table).where(*where)).mappings().all()
    made = readable_ones((f"The practice {row['id']}", partial(practice_from, row)) for row in rows)
    return tuple(sorted(made, key=lambda one: (one.began_at, one.id), reverse=True))


def _practice(connection: Connection, practice_id: str) -> Practice:
    key = key_of(connection, table, practice_id)
    row = connection.execute(select(table).where(table.c.key == key)).mappings().one_or_none()
    if row is None:  # deleted meanwhile
        raise unknown(table, practice_id)
    return readable(partial(practice_from, row), f"The practice {practice_id}")
