"""What learners said by pressing a button, and what the teacher marked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, func, insert, select

from core.classroom.store.classroom_rows import (
    good_ones,
    key_of_classroom,
    lock_classroom,
    one_line,
    unknown_learner,
)
from core.classroom.store.learners import closed
from core.domain.classroom import ClassMark, Flag, FlagKind, MarkKind
from core.sessions import SessionStore
from core.storage.classroom_tables import classroom_flags as flags
from core.storage.classroom_tables import classroom_marks as marks
from core.storage.classroom_tables import learners


def add_flag(store: SessionStore, classroom_id: str, flag: Flag) -> None:
    """Store what a learner said; words become one line.

    Raises:
        UnknownClassroom, UnknownLearner.
        ClassroomRefusal: the class is closed.
        ValueError: a question has no words that can be seen.
        StoreError: the database refuses.
    """
    words = one_line(flag.words)
    Flag(flag.learner, flag.time_s, flag.kind, words)  # checks them again
    with store.transaction("written") as connection:
        row = lock_classroom(connection, classroom_id)
        if row["closed_at"] is not None:
            raise closed()
        own = learners.c.classroom_key == row["key"], learners.c.number == flag.learner
        learner_key = connection.execute(select(learners.c.key).where(*own)).scalar()
        if learner_key is None:
            raise unknown_learner()
        values = {"classroom_key": row["key"], "learner_key": learner_key, "words": words}
        said = insert(flags).values(time_s=flag.time_s, kind=flag.kind.value, **values)
        connection.execute(said)


def flags_of(store: SessionStore, classroom_id: str) -> tuple[Flag, ...]:
    """What learners said that can be read, in order of time; other flags are logged.

    Raises:
        UnknownClassroom, StoreError.
    """
    with store.transaction("read") as connection:
        own = flags.c.classroom_key == key_of_classroom(connection, classroom_id)
        query = select(flags, learners.c.number).join(learners).where(own)
        rows = connection.execute(query.order_by(flags.c.time_s, flags.c.key)).mappings().all()
    return good_ones(rows, _flag_from, "a flag")


def amount_of_flags(store: SessionStore, classroom_id: str) -> tuple[int, int]:
    """How many flags of a class are stored, and the key of the last: another pair where one came
    or went. Cheaper than to read them all again.

    Raises:
        UnknownClassroom, StoreError.
    """
    with store.transaction("read") as connection:
        own = flags.c.classroom_key == key_of_classroom(connection, classroom_id)
        query = select(func.count(), func.coalesce(func.max(flags.c.key), 0)).where(own)
        count, last = connection.execute(query).one()
    return int(count), int(last)


def add_mark(store: SessionStore, classroom_id: str, mark: ClassMark) -> None:
    """Store where a slide or a topic begins; its label becomes one line.

    Raises:
        UnknownClassroom, StoreError.
    """
    with store.transaction("written") as connection:
        connection.execute(
            insert(marks).values(
                classroom_key=key_of_classroom(connection, classroom_id),
                time_s=mark.time_s,
                kind=mark.kind.value,
                label=one_line(mark.label),
            )
        )


def marks_of(store: SessionStore, classroom_id: str) -> tuple[ClassMark, ...]:
    """The marks of a class that can be read, in order of time; others are logged.

    Raises:
        UnknownClassroom, StoreError.
    """
    with store.transaction("read") as connection:
        own = marks.c.classroom_key == key_of_classroom(connection, classroom_id)
        query = select(marks).where(own).order_by(marks.c.time_s, marks.c.key)
        rows = connection.execute(query).mappings().all()
    return good_ones(rows, _mark_from, "a mark")


def delete_mark(store: SessionStore, classroom_id: str, mark: ClassMark) -> None:
    """Delete a mark; nothing happens where there is none, or no more.

    Raises:
        UnknownClassroom, StoreError.
    """
    same = (marks.c.time_s == mark.time_s) & (marks.c.kind == mark.kind.value)
    with store.transaction("written") as connection:
        own = marks.c.classroom_key == key_of_classroom(connection, classroom_id)
        connection.execute(delete(marks).where(own, same, marks.c.label == mark.label))


def _flag_from(row: Mapping[Any, Any]) -> Flag:
    return Flag(row["number"], row["time_s"], FlagKind(row["kind"]), row["words"])


def _mark_from(row: Mapping[Any, Any]) -> ClassMark:
    return ClassMark(row["time_s"], MarkKind(row["kind"]), row["label"])
