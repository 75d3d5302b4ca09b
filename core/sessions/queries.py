"""Queries for rows, marks and calibrations of a session, and its key."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Select, Update, bindparam, func, select, update

from core.domain.errors import UnknownSession
from core.sessions.stored_session import SessionEntry, text_of
from core.storage import tables

SHOW_ALIVE = (
    update(tables.sessions)
    .where(tables.sessions.c.id.in_(bindparam("of_sessions", expanding=True)))
    .values(last_write_at=bindparam("at"), ended_at=None)
    .returning(tables.sessions)
)
"""Locks sessions for other writers, and says that their writer lives."""


def end_query(entry: SessionEntry) -> Update:
    """For a session that did not end, and had no heartbeat since it was read."""
    table = tables.sessions.c
    return (
        update(tables.sessions)
        .where(table.id == entry.session.id, table.ended_at.is_(None))
        .where(table.last_write_at == text_of(entry.last_write_at))
    )


def block_query(session_key: int, rows: int) -> Select[Any]:
    """The blocks with the rows after the first `rows`, and the row before them."""
    table = tables.row_blocks.c
    in_session = table.session_key == session_key
    before = (
        select(func.max(table.first_row))
        .where(in_session, table.first_row < rows)
        .scalar_subquery()
    )
    return (
        select(table.first_row, table.form, table.content)
        .where(in_session, table.first_row >= func.coalesce(before, 0))
        .order_by(table.first_row)
    )


def event_query(session_key: int) -> Select[Any]:
    """Marks in time order."""
    table = tables.session_events
    in_session = table.c.session_key == session_key
    return select(table).where(in_session).order_by(table.c.time_s, table.c.key)


def calibration_query(session_key: int) -> Select[Any]:
    """The calibrations of a session, by face."""
    table = tables.session_calibrations
    return select(table).where(table.c.session_key == session_key).order_by(table.c.face_id)


def key_of(connection: Connection, session_id: str) -> int:
    """The key of a session in the other tables.

    Raises:
        UnknownSession: there is none of that id.
    """
    table = tables.sessions.c
    key = connection.execute(select(table.key).where(table.id == session_id)).scalar()
    if key is None:
        raise unknown_session(session_id)
    return int(key)


def unknown_session(session_id: str) -> UnknownSession:
    """The error for an id that no session has."""
    return UnknownSession(
        f"There is no session {session_id!r}.", advice="It may have been deleted; see the list."
    )
