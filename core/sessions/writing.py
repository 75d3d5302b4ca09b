"""What one write adds to a session, inside the transaction of whoever writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from core.domain import NOBODY, Event, Moment
from core.sessions.entry import entry_of
from core.sessions.rows import (
    BLOCK_ROWS,
    columns_of,
    joined,
    packed_blocks,
    pauses_of,
    scheme_of,
)
from core.storage import schema
from core.storage.row_packing import COMPACT, kept_time, unpack_rows


def add_moments(
    connection: Connection, session: Mapping[Any, Any], moments: Sequence[Moment]
) -> None:
    """Rows and pauses, and what the session then amounts to.

    Args:
        session: its row, which nobody else changes meanwhile.
    Raises:
        StoreError: the session's label scheme is unknown, or its last block is damaged.
    """
    key, rows = session["key"], session["row_count"]
    columns = columns_of(scheme_of(entry_of(session, ()).session), moments)
    _add_rows(connection, key, rows, columns)
    pauses = pauses_of(moments)
    if pauses:
        ended = [one | {"session_key": key} for one in pauses]
        connection.execute(insert(schema.session_pauses), ended)
    times = columns["time_s"]
    ends_s = [kept_time(float(times.min())), kept_time(float(times.max()))]
    if rows:
        ends_s += [session["first_s"], session["last_s"]]
    amounts = {
        "row_count": rows + len(times),
        "face_count": session["face_count"] + _add_faces(connection, key, columns["face_id"]),
        "first_s": min(ends_s),
        "last_s": max(ends_s),
    }
    table = schema.sessions
    connection.execute(update(table).where(table.c.key == key).values(**amounts))


def add_events(connection: Connection, session_key: int, events: Sequence[Event]) -> None:
    """Each at its own moment."""
    rows = [
        {
            "session_key": session_key,
            "time_s": kept_time(one.time_s),
            "kind": one.kind.value,
            "words": one.words,
        }
        for one in events
    ]
    if rows:
        connection.execute(insert(schema.session_events), rows)


def _add_rows(connection: Connection, key: int, rows: int, columns: dict[str, Any]) -> None:
    """As blocks of their own; small ones become a whole one as soon as there is enough for it."""
    table = schema.row_blocks
    small = (
        select(table.c.key, table.c.first_row, table.c.row_count, table.c.content)
        .where(table.c.session_key == key, table.c.first_row > rows - BLOCK_ROWS)
        .where(table.c.row_count < BLOCK_ROWS, table.c.form == COMPACT)
        .order_by(table.c.first_row)
    )
    waiting = connection.execute(small).all()
    first_row = rows
    if waiting and rows - waiting[0].first_row + len(columns["time_s"]) >= BLOCK_ROWS:
        first_row = waiting[0].first_row
        columns = joined([*(unpack_rows(one.content, COMPACT) for one in waiting), columns])
        keys = [one.key for one in waiting]
        connection.execute(delete(table).where(table.c.key.in_(keys)))
    made = []
    for count, content in packed_blocks(columns):
        block = {"session_key": key, "first_row": first_row, "row_count": count}
        made.append(block | {"form": COMPACT, "content": content})
        first_row += count
    connection.execute(insert(table), made)


def _add_faces(connection: Connection, key: int, face_ids: Any) -> int:
    """How many of them were not known before."""
    table = schema.session_faces
    known = connection.execute(select(table.c.face_id).where(table.c.session_key == key)).scalars()
    new = set(face_ids.tolist()) - {NOBODY} - set(known)
    if new:
        rows = [{"session_key": key, "face_id": one} for one in sorted(new)]
        connection.execute(insert(table), rows)
    return len(new)
