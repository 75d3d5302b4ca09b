"""What a camera that faces a group saw, second by second, in the database."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select

from core.classroom.store.classroom_rows import good_ones, key_of_classroom, lock_classroom
from core.domain.classroom import RoomSecond
from core.domain.plain_values import from_plain, parse_json
from core.sessions import SessionStore
from core.storage.classroom_tables import classroom_room_seconds as table


def append_room_seconds(
    store: SessionStore, classroom_id: str, seconds: Sequence[RoomSecond]
) -> None:
    """Store seconds of the camera of a class; of one that comes twice the first is kept.

    Raises:
        UnknownClassroom, StoreError.
    """
    first_ones: dict[int, RoomSecond] = {}
    for one in seconds:
        first_ones.setdefault(one.second, one)
    with store.transaction("written") as connection:
        key = lock_classroom(connection, classroom_id)["key"]
        own = (table.c.classroom_key == key) & table.c.second.in_(first_ones)
        known = set(connection.execute(select(table.c.second).where(own)).scalars())
        rows = [
            vars(one) | {"classroom_key": key, "seats": json.dumps(one.seats)}
            for second, one in first_ones.items()
            if second not in known
        ]
        if rows:
            connection.execute(insert(table), rows)


def room_seconds_of(
    store: SessionStore, classroom_id: str, *, after: int = -1
) -> tuple[RoomSecond, ...]:
    """The seconds of the camera of a class that can be read, in order; others are logged.

    Args:
        after: only later seconds of the class.
    Raises:
        UnknownClassroom, StoreError.
    """
    with store.transaction("read") as connection:
        own = table.c.classroom_key == key_of_classroom(connection, classroom_id)
        query = select(table).where(own, table.c.second > after).order_by(table.c.second)
        rows = connection.execute(query).mappings().all()
    return good_ones(rows, _second_from, "a second of a camera")


def _second_from(row: Mapping[Any, Any]) -> RoomSecond:
    seats = from_plain(tuple[tuple[int, int, int], ...], parse_json(row["seats"]))
    return RoomSecond(row["second"], row["heads"], row["known"], row["towards"], seats)
