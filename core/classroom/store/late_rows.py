"""When rows of a class came late, so that who reads them later meets them in the same order."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from sqlalchemy import select

from core.classroom.store.classroom_rows import key_of_classroom
from core.sessions import SessionStore
from core.storage.classroom_tables import classroom_blocks as blocks

_MOST = 200  # times, each of which costs as much as a look


class Arrival(NamedTuple):
    """A time at which a class is to be looked at, before or after rows that came late.

    Attributes:
        key: of the last block that was stored by then (`read_seconds`).
        second: of the class, then: the newest that had come.
    """

    key: int
    second: int


def late_arrivals(
    store: SessionStore, classroom_id: str, *, window_s: int, settle_s: int, after: int = 0
) -> tuple[Arrival, ...]:
    """The times before and after each block with rows that came late, in order; of many, those
    that lie close together are one.

    Args:
        window_s: length of the windows that rows are counted in.
        settle_s: rows are late so many seconds after the end of their window, as rows of others
            tell the time.
        after: a key: only blocks that were stored since.
    Raises:
        UnknownClassroom, StoreError.
    """
    with store.transaction("read") as connection:
        own = blocks.c.classroom_key == key_of_classroom(connection, classroom_id)
        query = select(blocks.c.key, blocks.c.first_second, blocks.c.last_second).where(own)
        found = connection.execute(query.order_by(blocks.c.key)).all()
    if not found:
        return ()
    keys, first, last = np.array([tuple(one) for one in found], dtype=np.int64).T
    arrived = np.maximum.accumulate(last)
    is_late = (arrived >= (first // window_s + 1) * window_s + settle_s) & (keys > after)
    late = np.unique(arrived[is_late])
    looks: dict[int, int] = {}
    for together in np.array_split(late, min(len(late), _MOST) or 1):
        if len(together):
            begin = np.flatnonzero(is_late & (arrived == together[0]))[0]
            end = np.searchsorted(arrived, together[-1], side="right") - 1
            looks[int(begin) - 1] = int(arrived[begin])  # without them, though it is as late
            looks[int(end)] = int(arrived[end])
    return tuple(Arrival(int(keys[at]), looks[at]) for at in sorted(looks) if at >= 0)
