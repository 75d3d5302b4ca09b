"""Classes: opened, found, closed, deleted."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import numpy as np
from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from core.classroom.codes import (
    Draw,
    hash_of,
    link_token,
    new_code,
    new_secret,
    projector_token,
)
from core.classroom.store.classroom_rows import (
    classroom_from,
    one_line,
    row_of_classroom,
    unknown_classroom,
)
from core.classroom.store.study_sessions import delete_study_of_class
from core.domain import new_session_id
from core.domain.classroom import Classroom, Shared
from core.sessions import SessionStore
from core.storage.classroom_tables import classrooms as table
from core.storage.readable_rows import readable, readable_ones, text_of_time


@dataclass(frozen=True)
class NewClassroom:
    """A class to be opened; see `Classroom` for the fields."""

    title: str
    region: str
    purpose: str
    shared: tuple[Shared, ...]
    is_listed: bool
    labels: tuple[str, ...] = ()
    card_name: str = ""


@dataclass(frozen=True)
class OpenedClassroom:
    """A class that was just opened.

    Attributes:
        classroom: it.
        teacher_secret: of the teacher's own link; it is stored nowhere.
    """

    classroom: Classroom
    teacher_secret: str


def open_classroom(
    store: SessionStore,
    new: NewClassroom,
    *,
    now: datetime,
    rng: np.random.Generator,
    draw: Draw = secrets.token_bytes,
) -> OpenedClassroom:
    """Open a class, with a code that no other stored class has.

    Args:
        rng: for the words of its id.
        draw: gives random bytes, for the code and the secret.
    Raises:
        ValueError: see `Classroom`.
        StoreError: the database refuses.
    """
    secret = new_secret(draw)
    with store.transaction("written") as connection:
        classroom = Classroom(
            **vars(new) | {"title": one_line(new.title), "shared": in_order(new.shared)},
            id=new_session_id(now, rng),
            code=_free_code(connection, draw),
            opened_at=now,
        )
        row = row_of_classroom(classroom) | {
            "link_hash": hash_of(link_token(secret)),
            "projector_hash": hash_of(projector_token(secret)),
            "teacher_hash": hash_of(secret),
            "learner_count": 0,
        }
        connection.execute(insert(table).values(**row))
    return OpenedClassroom(classroom, secret)


def in_order(shared: tuple[Shared, ...]) -> tuple[Shared, ...]:
    """What is shared, in the order of `Shared`."""
    return tuple(sorted(shared, key=list(Shared).index))


def classroom(store: SessionStore, classroom_id: str) -> Classroom:
    """One class.

    Raises:
        UnknownClassroom: there is none of that id.
        StoreError: it, or the database, cannot be read.
    """
    found = _one(store, table.c.id == classroom_id)
    if found is None:
        raise unknown_classroom()
    return found


def classrooms(store: SessionStore) -> tuple[Classroom, ...]:
    """Every class that can be read, newest first; others are logged.

    Raises:
        StoreError: the database cannot be read.
    """
    with store.transaction("read") as connection:
        rows = connection.execute(select(table)).mappings().all()
    made = readable_ones((f"The class {row['id']}", partial(classroom_from, row)) for row in rows)
    return tuple(sorted(made, key=lambda one: (one.opened_at, one.id), reverse=True))


def classroom_of_teacher(store: SessionStore, secret: str) -> Classroom | None:
    """The class of a teacher's own link; None where there is none.

    Args:
        secret: untrusted.
    Raises:
        StoreError: it, or the database, cannot be read.
    """
    return _one(store, table.c.teacher_hash == hash_of(secret))


def classroom_of_link(store: SessionStore, token: str) -> Classroom | None:
    """The class of a link for learners, open or closed; None where there is none.

    Args:
        token: untrusted.
    Raises:
        StoreError: it, or the database, cannot be read.
    """
    return _one(store, table.c.link_hash == hash_of(token))


def classroom_of_projector(store: SessionStore, token: str) -> Classroom | None:
    """The class of the Projector view's link; None where there is none.

    Args:
        token: untrusted.
    Raises:
        StoreError: it, or the database, cannot be read.
    """
    return _one(store, table.c.projector_hash == hash_of(token))


def classroom_of_code(store: SessionStore, code: str) -> Classroom | None:
    """The open class of a code, as `code_from` gives it; None where there is none. Whoever calls
    it for a visitor asks `GuessLimit` first.

    Raises:
        StoreError: it, or the database, cannot be read.
    """
    return _one(store, (table.c.code == code) & table.c.closed_at.is_(None))


def close_classroom(store: SessionStore, classroom_id: str, *, now: datetime) -> None:
    """Close a class; one that is closed keeps its time.

    Raises:
        UnknownClassroom, StoreError.
    """
    is_open = table.c.closed_at.is_(None)
    with store.transaction("written") as connection:
        _expect(connection, classroom_id)
        own = update(table).where(table.c.id == classroom_id, is_open)
        connection.execute(own.values(closed_at=text_of_time(now)))


def reopen_classroom(store: SessionStore, classroom_id: str) -> None:
    """Open a closed class again, with its code, its links and its learners.

    Raises:
        UnknownClassroom, StoreError.
    """
    with store.transaction("written") as connection:
        own = update(table).where(table.c.id == classroom_id).values(closed_at=None)
        if connection.execute(own).rowcount == 0:
            raise unknown_classroom()


def delete_classroom(store: SessionStore, classroom_id: str) -> None:
    """Delete a class with its learners and everything that was shared, said and marked in it;
    of a study also its sessions.

    Raises:
        UnknownClassroom, StoreError.
    """
    with store.transaction("written") as connection:
        # What belongs to it goes with it (ON DELETE CASCADE).
        if connection.execute(delete(table).where(table.c.id == classroom_id)).rowcount == 0:
            raise unknown_classroom()
        delete_study_of_class(connection, classroom_id)


def _one(store: SessionStore, where: ColumnElement[bool]) -> Classroom | None:
    with store.transaction("read") as connection:
        row = connection.execute(select(table).where(where)).mappings().first()
    return None if row is None else readable(partial(classroom_from, row), f"Class {row['id']}")


def _expect(connection: Connection, classroom_id: str) -> None:
    if connection.execute(select(table.c.key).where(table.c.id == classroom_id)).first() is None:
        raise unknown_classroom()


def _free_code(connection: Connection, draw: Draw) -> str:
    while True:
        code = new_code(draw)
        if connection.execute(select(table.c.key).where(table.c.code == code)).first() is None:
            return code
