"""Deletes tries and practices, with what was recorded of them."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import NamedTuple

from sqlalchemy import Connection, delete, select

from core.domain.errors import UnknownSession
from core.domain.practice import AttemptOutcome
from core.practice.sound.stored_levels import delete_levels
from core.practice.store.practice_rows import key_of
from core.sessions import SessionStore, Stretch, delete_session, delete_stretch
from core.storage import tables
from core.storage.practice_tables import (
    attempt_parts,
    moment_answers,
    practice_attempts,
    practices,
)

_PARTS, _TRIES = attempt_parts.c, practice_attempts.c


class _Used(NamedTuple):
    """A stretch of a session that a try uses; one that goes on has no end."""

    attempt_key: int
    stretch: Stretch


def delete_attempt(store: SessionStore, attempt_id: str) -> None:
    """Delete a try: its report, its answers about moments, and everything that was recorded while
    it was answered.

    A session that holds other tries loses the stretch of this one alone; one that still runs does
    too, and goes on. A session that ended and holds no other try is deleted as a whole.

    Raises:
        UnknownPractice.
        StoreError: the database cannot be written, or rows are damaged; nothing was deleted.
    """
    with store.transaction("written") as connection:
        key = key_of(connection, practice_attempts, attempt_id)
        _delete_recorded(connection, [key], running=False)
        _delete_attempts(connection, [key])


def delete_idle_session(store: SessionStore, practice_id: str, session_id: str) -> bool:
    """Delete the session of a practice in which nothing was answered, or every answer was deleted:
    no try leads to it, so that nobody would find it who deletes the practice.

    Args:
        session_id: that recorded the practice, and has ended.
    Returns:
        Whether it was deleted: not one that a try uses, nor one of a practice with an answer.
    Raises:
        StoreError: the database cannot be written.
    """
    answered = select(_TRIES.key).join(practices).where(practices.c.id == practice_id)
    answered = answered.where(_TRIES.outcome == AttemptOutcome.ANSWERED.value)
    used = select(_PARTS.key).join(tables.sessions).where(tables.sessions.c.id == session_id)
    with store.transaction("written") as connection:
        if any(connection.execute(one).first() for one in (answered, used)):
            return False
        with suppress(UnknownSession):  # without a frame there was none
            delete_session(connection, session_id)
            return True
    return False


def delete_practice(store: SessionStore, practice_id: str) -> None:
    """Delete a practice with its tries, and the sessions that recorded them, running or not. A
    session that another practice uses loses the stretches of these tries alone.

    Raises:
        UnknownPractice.
        StoreError: as of `delete_attempt`.
    """
    with store.transaction("written") as connection:
        _delete_practices(connection, [key_of(connection, practices, practice_id)])


def delete_all_practices(store: SessionStore, person: str | None = None) -> None:
    """Delete all practices, as `delete_practice` does each, or none.

    Args:
        person: only theirs; None for everybody's.
    Raises:
        StoreError: as of `delete_attempt`.
    """
    query = select(practices.c.key)
    if person is not None:
        query = query.where(practices.c.person == person)
    with store.transaction("written") as connection:
        _delete_practices(connection, connection.execute(query).scalars().all())


def _delete_practices(connection: Connection, keys: Sequence[int]) -> None:
    query = select(_TRIES.key).where(_TRIES.practice_key.in_(keys))
    attempts = connection.execute(query).scalars().all()
    _delete_recorded(connection, attempts, running=True)
    _delete_attempts(connection, attempts)
    connection.execute(delete(practices).where(practices.c.key.in_(keys)))


def _delete_recorded(connection: Connection, attempts: Iterable[int], *, running: bool) -> None:
    """Delete what was recorded of tries.

    Args:
        attempts: their keys.
        running: whether sessions that still run are deleted too, where nothing else uses them.
    """
    own = set(attempts)
    for session_id, (has_ended, used) in _uses(connection, own).items():
        kept = [one.stretch for one in used if one.attempt_key not in own]
        if not kept and (running or has_ended):
            delete_session(connection, session_id)
            continue
        for one in used:
            if one.attempt_key in own:
                delete_stretch(connection, session_id, one.stretch, kept=kept)
                delete_levels(connection, session_id, one.stretch, kept=kept)


def _uses(connection: Connection, attempts: set[int]) -> dict[str, tuple[bool, list[_Used]]]:
    """Whether each session of these tries has ended, and everything that tries use of it."""
    sessions = tables.sessions.c
    own = select(_PARTS.session_key).where(_PARTS.attempt_key.in_(attempts))
    query = (
        select(sessions.id, sessions.ended_at, attempt_parts)
        .select_from(attempt_parts.join(tables.sessions))
        .where(_PARTS.session_key.in_(own))
        .order_by(_PARTS.key)
    )
    ended, used = {}, defaultdict(list)
    for row in connection.execute(query).all():
        ends_s = math.inf if row.ends_s is None else row.ends_s
        ended[row.id] = row.ended_at is not None
        used[row.id].append(_Used(row.attempt_key, Stretch(row.begins_s, ends_s)))
    return {session_id: (ended[session_id], used[session_id]) for session_id in ended}


def _delete_attempts(connection: Connection, keys: Sequence[int]) -> None:
    for table in (moment_answers, attempt_parts):
        connection.execute(delete(table).where(table.c.attempt_key.in_(keys)))
    connection.execute(delete(practice_attempts).where(_TRIES.key.in_(keys)))
