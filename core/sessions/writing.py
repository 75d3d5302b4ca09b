"""What one write adds to a session, inside the transaction of whoever writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from core.domain import NO_FACE_ID, AnalysedFrame, Event
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
from core.storage.row_columns import COMPACT
from core.storage.row_packing import stored_time, unpack_rows

_SESSIONS, _BLOCKS, _FACES = schema.sessions, schema.row_blocks, schema.session_faces

# Made once: to put a statement together takes as long as to run it.
_SMALL_BLOCKS = (
    select(_BLOCKS.c.key, _BLOCKS.c.first_row, _BLOCKS.c.row_count, _BLOCKS.c.content)
    .where(_BLOCKS.c.session_key == bindparam("of_session"))
    .where(_BLOCKS.c.first_row > bindparam("after_row"))
    .where(_BLOCKS.c.row_count < BLOCK_ROWS, _BLOCKS.c.form == COMPACT)
    .order_by(_BLOCKS.c.first_row)
)
_KNOWN_FACES = select(_FACES.c.face_id).where(_FACES.c.session_key == bindparam("of_session"))
_SET_AMOUNTS = (
    update(_SESSIONS)
    .where(_SESSIONS.c.key == bindparam("of_session"))
    .values({one: bindparam(one) for one in ("row_count", "face_count", "first_s", "last_s")})
)
_ADD_BLOCKS, _ADD_FACES = insert(_BLOCKS), insert(_FACES)
_ADD_PAUSES, _ADD_EVENTS = insert(schema.session_pauses), insert(schema.session_events)


def add_moments(
    connection: Connection, session: Mapping[Any, Any], moments: Sequence[AnalysedFrame]
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
        connection.execute(_ADD_PAUSES, ended)
    times = columns["time_s"]
    ends_s = [stored_time(float(times.min())), stored_time(float(times.max()))]
    if rows:
        ends_s += [session["first_s"], session["last_s"]]
    amounts = {
        "of_session": key,
        "row_count": rows + len(times),
        "face_count": session["face_count"] + _add_faces(connection, key, columns["face_id"]),
        "first_s": min(ends_s),
        "last_s": max(ends_s),
    }
    connection.execute(_SET_AMOUNTS, amounts)


def add_events(connection: Connection, session_key: int, events: Sequence[Event]) -> None:
    """Each at its own moment."""
    rows = [
        {
            "session_key": session_key,
            "time_s": stored_time(one.time_s),
            "kind": one.kind.value,
            "words": one.words,
        }
        for one in events
    ]
    if rows:
        connection.execute(_ADD_EVENTS, rows)


def _add_rows(connection: Connection, key: int, rows: int, columns: dict[str, Any]) -> None:
    """As blocks of their own; small ones become a whole one as soon as there is enough for it."""
    of_last = {"of_session": key, "after_row": rows - BLOCK_ROWS}
    waiting = connection.execute(_SMALL_BLOCKS, of_last).all()
    first_row = rows
    if waiting and rows - waiting[0].first_row + len(columns["time_s"]) >= BLOCK_ROWS:
        first_row = waiting[0].first_row
        columns = joined([*(unpack_rows(one.content, COMPACT) for one in waiting), columns])
        keys = [one.key for one in waiting]
        connection.execute(delete(_BLOCKS).where(_BLOCKS.c.key.in_(keys)))
    made = []
    for count, content in packed_blocks(columns):
        block = {"session_key": key, "first_row": first_row, "row_count": count}
        made.append(block | {"form": COMPACT, "content": content})
        first_row += count
    connection.execute(_ADD_BLOCKS, made)


def _add_faces(connection: Connection, key: int, face_ids: Any) -> int:
    """How many of them were not known before."""
    known = connection.execute(_KNOWN_FACES, {"of_session": key}).scalars()
    new = set(face_ids.tolist()) - {NO_FACE_ID} - set(known)
    if new:
        rows = [{"session_key": key, "face_id": one} for one in sorted(new)]
        connection.execute(_ADD_FACES, rows)
    return len(new)
