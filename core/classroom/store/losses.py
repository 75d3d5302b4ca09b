"""How many learners who withdrew had been measured when: counts, and nothing of whom.

Whoever saw figures of a class before somebody withdrew, and sees them again without, could compute
the value of this one. So figures wait until two have withdrawn, whichever server shows them, and
also in the report after class; that needs to be known when all else of them is deleted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import Connection, delete, insert, select

from core.classroom.store.classroom_rows import key_of_classroom
from core.domain.classroom import ClassSeconds
from core.sessions import SessionStore
from core.storage.classroom_tables import classroom_losses as losses

LOSS_WINDOW_S = 10
"""Seconds that are counted together: the windows of a board."""


def losses_of(store: SessionStore, classroom_id: str) -> Mapping[int, int]:
    """Number of each window (0 is of the first `LOSS_WINDOW_S` seconds of the class) -> learners
    who withdrew and had rows in it; windows without any are left out.

    Raises:
        UnknownClassroom, StoreError.
    """
    with store.transaction("read") as connection:
        own = losses.c.classroom_key == key_of_classroom(connection, classroom_id)
        query = select(losses.c.first_second, losses.c.learners).where(own)
        found = connection.execute(query).all()
    return {one.first_second // LOSS_WINDOW_S: one.learners for one in found}


def note_losses(connection: Connection, classroom_key: int, gone: ClassSeconds) -> None:
    """Count learners who withdrew; the caller has locked the class.

    Args:
        gone: the rows that they had.
    """
    cells = {*zip((gone.second // LOSS_WINDOW_S).tolist(), gone.learner.tolist(), strict=True)}
    more = Counter(window * LOSS_WINDOW_S for window, _ in cells)
    own = losses.c.classroom_key == classroom_key
    found = connection.execute(select(losses).where(own)).all()
    known = Counter({one.first_second: one.learners for one in found})
    if more:
        connection.execute(delete(losses).where(own))
        rows = [
            {"classroom_key": classroom_key, "first_second": second, "learners": count}
            for second, count in sorted((known + more).items())
        ]
        connection.execute(insert(losses), rows)
