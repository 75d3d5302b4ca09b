"""Tries at questions, and where the rows of their answers lie."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, insert, select, update

from core.domain.errors import UnknownSession
from core.domain.practice import Attempt, AttemptOutcome, AttemptPart
from core.practice.store.practice_rows import (
    attempt_from,
    key_of,
    part_from,
    questions_from,
    row_of_report,
    unknown,
)
from core.sessions import SessionStore
from core.storage import tables
from core.storage.corrupt_data import DAMAGED_CONTENT
from core.storage.packed_rows import stored_time
from core.storage.practice_tables import attempt_parts, practice_attempts, practices
from core.storage.readable_rows import readable, readable_ones, text_of_time

_PARTS = attempt_parts.c


def begin_attempt(store: SessionStore, attempt: Attempt) -> None:
    """Store a try, with the parts it has already.

    Raises:
        UnknownPractice, UnknownSession.
        StoreError: the id exists, or the database refuses; nothing was stored.
    """
    row = row_of_report(attempt.report) | {
        "id": attempt.id,
        "question_index": attempt.question_index,
        "number": attempt.number,
        "began_at": text_of_time(attempt.began_at),
        "outcome": None if attempt.outcome is None else attempt.outcome.value,
        "with_sound": int(attempt.with_sound),
        "revealed_at": text_of_time(attempt.revealed_at),
    }
    with store.transaction("written") as connection:
        row["practice_key"] = key_of(connection, practices, attempt.practice_id)
        connection.execute(insert(practice_attempts).values(**row))
        key = key_of(connection, practice_attempts, attempt.id)
        for part in attempt.parts:
            _add_part(connection, key, part)


def begin_part(store: SessionStore, attempt_id: str, part: AttemptPart) -> None:
    """Store a part of an answer. A part that still runs ends first: at the last row of its session,
    and not after this one begins.

    Raises:
        UnknownPractice, UnknownSession, StoreError.
    """
    with store.transaction("written") as connection:
        key = key_of(connection, practice_attempts, attempt_id)
        _end_running(connection, key, None, next_part=part)
        _add_part(connection, key, part)


def end_part(store: SessionStore, attempt_id: str, *, ends_s: float) -> None:
    """End the part that runs, if there is one.

    Args:
        ends_s: time of its session.
    Raises:
        UnknownPractice, StoreError.
        ValueError: the part begins later.
    """
    with store.transaction("written") as connection:
        _end_running(connection, key_of(connection, practice_attempts, attempt_id), ends_s)


def end_attempt(
    store: SessionStore, attempt_id: str, outcome: AttemptOutcome, *, ends_s: float | None = None
) -> None:
    """End a try, and its part that runs, if there is one.

    Args:
        ends_s: time of that part's session; None for that of its last row.
    Raises:
        UnknownPractice, StoreError.
        ValueError: the part begins later.
    """
    own = practice_attempts.c.id == attempt_id
    with store.transaction("written") as connection:
        _end_running(connection, key_of(connection, practice_attempts, attempt_id), ends_s)
        connection.execute(update(practice_attempts).where(own).values(outcome=outcome.value))


def end_running_tries(connection: Connection, practice_key: int) -> None:
    """End the tries of a practice that go on, as `end_attempt` does, in the caller's transaction.
    The part of one that cannot be read stays as it is.
    """
    tries = practice_attempts.c
    goes_on = (tries.practice_key == practice_key) & tries.outcome.is_(None)
    for key in connection.execute(select(tries.key).where(goes_on)).scalars().all():
        with suppress(*DAMAGED_CONTENT):
            _end_running(connection, key, None)
    answered = AttemptOutcome.ANSWERED.value
    connection.execute(update(practice_attempts).where(goes_on).values(outcome=answered))


def attempts_of(store: SessionStore, practice_id: str) -> tuple[Attempt, ...]:
    """The tries of a practice that can be read, by question and number; others are logged.

    Raises:
        UnknownPractice, StoreError.
    """
    with store.transaction("read") as connection:
        practice_key = key_of(connection, practices, practice_id)
        rows, parts = _rows(connection, practice_attempts.c.practice_key == practice_key)
        questions = _questions_in(connection, practice_key)
    made = readable_ones(
        (
            f"The try {row['id']}",
            partial(_attempt_within, questions, row, practice_id, parts[row["key"]]),
        )
        for row in rows
    )
    return tuple(sorted(made, key=lambda one: (one.question_index, one.number, one.began_at)))


def attempt_of(store: SessionStore, attempt_id: str) -> Attempt:
    """One try.

    Raises:
        UnknownPractice: there is none of that id.
        StoreError: it, or the database, cannot be read.
    """
    with store.transaction("read") as connection:
        key = key_of(connection, practice_attempts, attempt_id)
        rows, parts = _rows(connection, practice_attempts.c.key == key)
        if not rows:  # deleted meanwhile
            raise unknown(practice_attempts, attempt_id)
        questions = _questions_in(connection, rows[0]["practice_key"])
    made = partial(_attempt_within, questions, rows[0], rows[0]["practice_id"], parts[key])
    return readable(made, f"The try {attempt_id}")


def tries_in(store: SessionStore, session_id: str) -> int:
    """How many tries a session recorded, wholly or in part; 0 too where there is no such session.

    Raises:
        StoreError: the database cannot be read.
    """
    tries = select(func.count(_PARTS.attempt_key.distinct())).join(tables.sessions)
    with store.transaction("read") as connection:
        return connection.execute(tries.where(tables.sessions.c.id == session_id)).scalar_one()


def _rows(
    connection: Connection, own: ColumnElement[bool]
) -> tuple[list[Mapping[Any, Any]], Mapping[int, list[Mapping[Any, Any]]]]:
    """Rows of tries with `practice_id`, and those of their parts by the tries' keys."""
    query = select(practice_attempts, practices.c.id.label("practice_id")).join(practices)
    rows = connection.execute(query.where(own)).mappings().all()
    of_tries = select(practice_attempts.c.key).where(own)
    parts: dict[int, list[Mapping[Any, Any]]] = defaultdict(list)
    for one in connection.execute(_part_query(_PARTS.attempt_key.in_(of_tries))).mappings():
        parts[one["attempt_key"]].append(one)
    return list(rows), parts


def _questions_in(connection: Connection, practice_key: int) -> float:
    """How many questions a practice has; infinitely many where they cannot be read."""
    query = select(practices.c.questions).where(practices.c.key == practice_key)
    with suppress(*DAMAGED_CONTENT):
        return len(questions_from(connection.execute(query).scalar_one()))
    return math.inf


def _attempt_within(
    questions: float, row: Mapping[Any, Any], practice_id: str, parts: Sequence[Mapping[Any, Any]]
) -> Attempt:
    """A try from its rows.

    Raises:
        ValueError: the practice has no such question; others as of `attempt_from`.
    """
    attempt = attempt_from(row, practice_id, parts)
    if attempt.question_index >= questions:
        raise ValueError(f"the practice has no question {attempt.question_index + 1}")
    return attempt


def _part_query(own: ColumnElement[bool]) -> Select[Any]:
    """Parts with their session's id and last row, in order."""
    sessions = tables.sessions
    query = select(attempt_parts, sessions.c.id.label("session_id"), sessions.c.last_s)
    return query.join(sessions).where(own).order_by(_PARTS.offset_s, _PARTS.key)


def _add_part(connection: Connection, attempt_key: int, part: AttemptPart) -> None:
    sessions = tables.sessions.c
    query = select(sessions.key).where(sessions.id == part.session_id)
    session_key = connection.execute(query).scalar()
    if session_key is None:
        raise UnknownSession(
            f"There is no session {part.session_id!r}.",
            advice="It may have been deleted; see the list.",
        )
    row = {
        "attempt_key": attempt_key,
        "session_key": session_key,
        "offset_s": part.offset_s,
        "begins_s": stored_time(part.begins_s),
        "ends_s": None if part.ends_s is None else stored_time(part.ends_s),
    }
    connection.execute(insert(attempt_parts).values(**row))


def _end_running(
    connection: Connection,
    attempt_key: int,
    ends_s: float | None,
    next_part: AttemptPart | None = None,
) -> None:
    """End the parts that run.

    Args:
        ends_s: None for the last row of each part's session, not after the next part begins.
    """
    own = _PARTS.attempt_key == attempt_key
    for row in connection.execute(_part_query(own & _PARTS.ends_s.is_(None))).mappings().all():
        part = part_from(row)
        at_s = _last_s(part, row["last_s"], next_part) if ends_s is None else ends_s
        ended = replace(part, ends_s=stored_time(at_s))
        query = update(attempt_parts).where(_PARTS.key == row["key"])
        connection.execute(query.values(ends_s=ended.ends_s))


def _last_s(part: AttemptPart, last_s: float | None, next_part: AttemptPart | None) -> float:
    ends = [part.begins_s if last_s is None else last_s]
    if next_part is not None:
        ends.append(part.begins_s + next_part.offset_s - part.offset_s)
        if next_part.session_id == part.session_id:
            ends.append(next_part.begins_s)
    return max(part.begins_s, min(ends))
