"""All that is stored of people: how much it is, and its deletion."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select

from core.classroom.store.overdue_classes import running_classrooms
from core.classroom.store.study_sessions import delete_study_of_class
from core.domain.errors import UnknownPractice, UnknownSession
from core.practice import delete_practice
from core.sessions import SessionStore
from core.storage import tables
from core.storage.classroom_tables import classrooms
from core.storage.practice_tables import (
    attempt_parts,
    practice_attempts,
    practices,
    question_sets,
)


@dataclass(frozen=True)
class StoredAmounts:
    """How much is stored, with what cannot be read.

    Attributes:
        sessions, practices, own_sets, classes: numbers of them.
    """

    sessions: int
    practices: int
    own_sets: int
    classes: int


def stored_amounts(store: SessionStore) -> StoredAmounts:
    """How much is stored.

    Raises:
        StoreError: the database cannot be read.
    """
    with store.transaction("read") as connection:
        counts = [
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (tables.sessions, practices, question_sets, classrooms)
        ]
    return StoredAmounts(*counts)


def delete_everything(store: SessionStore, *, now: datetime) -> None:
    """Delete all sessions, practices, own sets of questions and classes, also those that cannot be
    read; but not sessions and classes that run, and practices that sessions record.

    Raises:
        StoreError: the database cannot be written; some may be deleted, and the call repeated.
    """
    running = {one.session.id for one in store.sessions() if one.is_live(now)}
    with store.transaction("read") as connection:
        session_ids = connection.execute(select(tables.sessions.c.id)).scalars().all()
        own = select(practices.c.id).join(practice_attempts).join(attempt_parts)
        query = own.join(tables.sessions).where(tables.sessions.c.id.in_(running))
        goes_on = set(connection.execute(query).scalars().all())
        practice_ids = connection.execute(select(practices.c.id)).scalars().all()
    for practice_id in practice_ids:
        if practice_id not in goes_on:
            with suppress(UnknownPractice):  # deleted meanwhile
                delete_practice(store, practice_id)
    for session_id in session_ids:
        if session_id not in running:
            with suppress(UnknownSession):  # with its practice
                store.delete(session_id)
    with store.transaction("written") as connection:
        connection.execute(delete(question_sets))
        over = classrooms.c.id.not_in(running_classrooms(connection, now))
        for classroom_id in connection.execute(select(classrooms.c.id).where(over)).scalars().all():
            delete_study_of_class(connection, classroom_id)
        connection.execute(delete(classrooms).where(over))
