"""Segments of a session with a prompt: questions of a practice, slides."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import Update, insert, select, update

from core.domain import Segment, SegmentKind
from core.sessions.queries import key_of
from core.sessions.store import SessionStore
from core.sessions.stored_session import known_kind
from core.storage import tables
from core.storage.packed_rows import stored_time


def begin_segment(store: SessionStore, session_id: str, segment: Segment) -> None:
    """Store a segment; the running one ends where it begins.

    Raises:
        StoreError, UnknownSession.
    """
    begins_s = stored_time(segment.begins_s)
    ends_s = None if segment.ends_s is None else stored_time(segment.ends_s)
    with store.transaction("written") as connection:
        key = key_of(connection, session_id)
        table = tables.session_segments
        connection.execute(_end_open(key, begins_s))
        row = asdict(segment) | {"session_key": key, "begins_s": begins_s, "ends_s": ends_s}
        connection.execute(insert(table).values(**row))


def end_segment(store: SessionStore, session_id: str, *, ends_s: float) -> None:
    """End the running segment, if there is one.

    Raises:
        StoreError, UnknownSession.
    """
    with store.transaction("written") as connection:
        connection.execute(_end_open(key_of(connection, session_id), stored_time(ends_s)))


def segments_of(store: SessionStore, session_id: str) -> tuple[Segment, ...]:
    """Every segment of a session, in time order.

    Raises:
        StoreError, UnknownSession.
    """
    with store.transaction("read") as connection:
        table = tables.session_segments.c
        query = select(table.begins_s, table.ends_s, table.kind, table.prompt).where(
            table.session_key == key_of(connection, session_id)
        )
        found = connection.execute(query.order_by(table.begins_s, table.key)).all()
    return tuple(Segment(row[0], row[1], known_kind(SegmentKind, row[2]), row[3]) for row in found)


def _end_open(session_key: int, ends_s: float) -> Update:
    table = tables.session_segments
    return (
        update(table)
        .where(table.c.session_key == session_key, table.c.ends_s.is_(None))
        .where(table.c.begins_s <= ends_s)
        .values(ends_s=ends_s)
    )
