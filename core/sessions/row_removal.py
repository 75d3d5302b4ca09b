"""Deletes sessions, and stretches of them, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, delete, func, select, update

from core.domain import NO_FACE_ID
from core.sessions.queries import key_of, unknown_session
from core.storage import tables
from core.storage.packed_rows import pack_rows, stored_time, unpack_rows

_SESSIONS, _BLOCKS, _FACES = tables.sessions, tables.row_blocks, tables.session_faces


class Stretch(NamedTuple):
    """A stretch of a session: session time in seconds, both ends included."""

    begins_s: float
    ends_s: float


def delete_session(connection: Connection, session_id: str) -> None:
    """Delete a session and all its rows.

    Raises:
        UnknownSession.
    """
    key = key_of(connection, session_id)
    for part in tables.PARTS:
        connection.execute(delete(part).where(part.c.session_key == key))
    connection.execute(delete(_SESSIONS).where(_SESSIONS.c.key == key))


def delete_stretch(
    connection: Connection, session_id: str, stretch: Stretch, *, kept: Sequence[Stretch] = ()
) -> None:
    """Delete the rows, marks and segments of a stretch; the rest of the session stays as it is.

    Pauses stay: the time of day of what follows needs them. So do calibrations, and faces that
    somebody named.

    Args:
        stretch: the moments to delete.
        kept: stretches whose moments stay, though they are in `stretch` too.
    Raises:
        UnknownSession.
        StoreError: a block of rows is damaged, so that it cannot be told what to delete.
    """
    key = _locked(connection, session_id)
    times, faces, rows = [], set(), 0
    for block in connection.execute(_block_query(key)).all():
        columns = unpack_rows(block.content, block.form)
        stays = ~_are_deleted(columns["time_s"], stretch, kept)
        count = int(stays.sum())
        own = _BLOCKS.c.key == block.key
        if count == 0:
            connection.execute(delete(_BLOCKS).where(own))
            continue
        # In order, so that no two blocks begin at the same row meanwhile.
        values: dict[str, Any] = {"first_row": rows, "row_count": count}
        if count < len(stays):
            left = {name: column[stays] for name, column in columns.items()}
            values["content"] = pack_rows(left, block.form)
        connection.execute(update(_BLOCKS).where(own).values(**values))
        rows += count
        times += [float(columns["time_s"][stays].min()), float(columns["time_s"][stays].max())]
        faces |= set(columns["face_id"][stays].tolist()) - {NO_FACE_ID}
    _delete_marks(connection, key, stretch, kept)
    _set_amounts(connection, key, rows, times, faces)


def _locked(connection: Connection, session_id: str) -> int:
    """The key of a session that no other writer changes until the transaction ends."""
    own = _SESSIONS.c.id == session_id
    lock = update(_SESSIONS).where(own).values(row_count=_SESSIONS.c.row_count)
    key = connection.execute(lock.returning(_SESSIONS.c.key)).scalar()
    if key is None:
        raise unknown_session(session_id)
    return int(key)


def _block_query(session_key: int) -> Any:
    columns = (_BLOCKS.c.key, _BLOCKS.c.form, _BLOCKS.c.content)
    query = select(*columns).where(_BLOCKS.c.session_key == session_key)
    return query.order_by(_BLOCKS.c.first_row)


def _are_deleted(
    time_s: NDArray[np.float64], stretch: Stretch, kept: Sequence[Stretch]
) -> NDArray[np.bool_]:
    inside = _are_in(time_s, stretch)
    for one in kept:
        inside &= ~_are_in(time_s, one)
    return inside


def _are_in(time_s: NDArray[np.float64], stretch: Stretch) -> NDArray[np.bool_]:
    return (time_s >= stretch.begins_s) & (time_s <= stretch.ends_s)


def _delete_marks(
    connection: Connection, session_key: int, stretch: Stretch, kept: Sequence[Stretch]
) -> None:
    """Delete marks, and segments that begin in the stretch."""
    for table, name in ((tables.session_events, "time_s"), (tables.session_segments, "begins_s")):
        query = select(table.c.key, table.c[name]).where(table.c.session_key == session_key)
        found = connection.execute(query).all()
        gone = _are_deleted(np.array([one[1] for one in found], np.float64), stretch, kept)
        keys = [one[0] for one, is_gone in zip(found, gone, strict=True) if is_gone]
        connection.execute(delete(table).where(table.c.key.in_(keys)))


def _set_amounts(
    connection: Connection, session_key: int, rows: int, times: list[float], faces: Iterable[int]
) -> None:
    own = _FACES.c.session_key == session_key
    unseen = delete(_FACES).where(own, _FACES.c.participant_key.is_(None))
    connection.execute(unseen.where(_FACES.c.face_id.not_in(sorted(faces))))
    face_count = connection.execute(select(func.count()).select_from(_FACES).where(own)).scalar()
    values = {
        "row_count": rows,
        "face_count": face_count,
        "first_s": stored_time(min(times)) if times else None,
        "last_s": stored_time(max(times)) if times else None,
    }
    connection.execute(update(_SESSIONS).where(_SESSIONS.c.key == session_key).values(**values))
