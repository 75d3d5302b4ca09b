"""Adds moments and marks to a session, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from core.domain import NO_FACE_ID, AnalysedFrame, Event
from core.sessions.stored_session import entry_of
from core.sessions.timeline_packing import (
    BLOCK_ROWS,
    columns_of,
    joined,
    packed_blocks,
    pauses_of,
    scheme_of,
)
from core.storage import tables
from core.storage.frame_row_columns import CURRENT_FORMAT
from core.storage.packed_rows import stored_time, unpack_rows

_SESSIONS, _BLOCKS, _FACES = tables.sessions, tables.row_blocks, tables.session_faces

# Made once: to put a statement together takes as long as to run it.
_SMALL_BLOCKS = (
    select(_BLOCKS.c.key, _BLOCKS.c.first_row, _BLOCKS.c.row_count, _BLOCKS.c.content)
    .where(_BLOCKS.c.session_key == bindparam("of_session"))
    .where(_BLOCKS.c.first_row > bindparam("after_row"))
    .where(_BLOCKS.c.row_count < BLOCK_ROWS, _BLOCKS.c.form == CURRENT_FORMAT)
    .order_by(_BLOCKS.c.first_row)
)
_KNOWN_FACES = select(_FACES.c.face_id).where(_FACES.c.session_key == bindparam("of_session"))
_SET_AMOUNTS = (
    update(_SESSIONS)
    .where(_SESSIONS.c.key == bindparam("of_session"))
    .values({one: bindparam(one) for one in ("row_count", "face_count", "first_s", "last_s")})
)
_ADD_BLOCKS, _ADD_FACES = insert(_BLOCKS), insert(_FACES)
_ADD_PAUSES, _ADD_EVENTS = insert(tables.session_pauses), insert(tables.session_events)


def add_moments(
    connection: Connection, session: Mapping[Any, Any], moments: Sequence[AnalysedFrame]
) -> None:
    """Add rows and pauses, and update the session's amounts.

    Args:
        session: its row, locked for other writers.
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
    bounds_s = [stored_time(float(times.min())), stored_time(float(times.max()))]
    if rows:
        bounds_s += [session["first_s"], session["last_s"]]
    amounts = {
        "of_session": key,
        "row_count": rows + len(times),
        "face_count": session["face_count"] + _add_faces(connection, key, columns["face_id"]),
        "first_s": min(bounds_s),
        "last_s": max(bounds_s),
    }
    connection.execute(_SET_AMOUNTS, amounts)


def add_events(connection: Connection, session_key: int, events: Sequence[Event]) -> None:
    """Add marks, each at its own time."""
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
    """Add rows as blocks; small blocks are merged as soon as they make a full one."""
    of_last = {"of_session": key, "after_row": rows - BLOCK_ROWS}
    small_blocks = connection.execute(_SMALL_BLOCKS, of_last).all()
    first_row = rows
    if small_blocks and rows - small_blocks[0].first_row + len(columns["time_s"]) >= BLOCK_ROWS:
        first_row = small_blocks[0].first_row
        small = [unpack_rows(one.content, CURRENT_FORMAT) for one in small_blocks]
        columns = joined([*small, columns])
        keys = [one.key for one in small_blocks]
        connection.execute(delete(_BLOCKS).where(_BLOCKS.c.key.in_(keys)))
    blocks = []
    for count, content in packed_blocks(columns):
        block = {"session_key": key, "first_row": first_row, "row_count": count}
        blocks.append(block | {"form": CURRENT_FORMAT, "content": content})
        first_row += count
    connection.execute(_ADD_BLOCKS, blocks)


def _add_faces(connection: Connection, key: int, face_ids: Any) -> int:
    """Add faces; returns how many of them are new."""
    known = connection.execute(_KNOWN_FACES, {"of_session": key}).scalars()
    new = set(face_ids.tolist()) - {NO_FACE_ID} - set(known)
    if new:
        rows = [{"session_key": key, "face_id": one} for one in sorted(new)]
        connection.execute(_ADD_FACES, rows)
    return len(new)
