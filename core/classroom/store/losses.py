"""How many learners who withdrew had been measured when: counts, and nothing of whom.

Whoever saw figures of a class before somebody withdrew, and sees them again without, could compute
the value of this one. So figures change only where two more have withdrawn, whichever server shows
them, and also in the report after class; that needs to be known when all else of them is deleted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from sqlalchemy import Connection, delete, insert, select

from core.classroom.store.classroom_rows import key_of_classroom
from core.domain.classroom import ClassSeconds
from core.measures import ENOUGH_OF_WINDOW
from core.sessions import SessionStore
from core.storage.classroom_tables import classroom_losses as losses

LOSS_WINDOW_S = 10
"""Seconds that are counted together: the windows of a board."""

ENOUGH_S = ENOUGH_OF_WINDOW * LOSS_WINDOW_S - 1e-3
"""A learner with fewer seconds counts in no window; less a millisecond, for rounding."""


class Loss(NamedTuple):
    """How many learners who withdrew a window has lost.

    Attributes:
        measured: of whom enough of it was.
        usable: of them, those with a usable face in enough of it.
    """

    measured: int
    usable: int


def losses_of(store: SessionStore, classroom_id: str) -> Mapping[int, Loss]:
    """Number of each window (0 is of the first `LOSS_WINDOW_S` seconds of the class) -> what it
    lost; windows that lost nobody are left out.

    Raises:
        UnknownClassroom, StoreError.
    """
    with store.transaction("read") as connection:
        own = losses.c.classroom_key == key_of_classroom(connection, classroom_id)
        found = connection.execute(select(losses).where(own)).all()
    return {one.first_second // LOSS_WINDOW_S: Loss(one.measured, one.usable) for one in found}


def note_losses(connection: Connection, classroom_key: int, gone: ClassSeconds) -> None:
    """Count learners who withdrew; the caller has locked the class.

    Args:
        gone: the rows that they had, each once.
    """
    measured, usable = _counted(gone, gone.measured), _counted(gone, gone.measured * gone.usable)
    if not measured:
        return
    own = losses.c.classroom_key == classroom_key
    for one in connection.execute(select(losses).where(own)).all():
        measured[one.first_second] += one.measured
        usable[one.first_second] += one.usable
    connection.execute(delete(losses).where(own))
    rows = [
        {"first_second": second, "measured": count, "usable": usable[second]}
        for second, count in sorted(measured.items())
    ]
    connection.execute(insert(losses), [{"classroom_key": classroom_key} | one for one in rows])


def _counted(gone: ClassSeconds, seconds: np.ndarray) -> Counter[int]:
    """First second of each window -> learners with enough of these seconds in it."""
    cells = np.stack([gone.second // LOSS_WINDOW_S, gone.learner], axis=1)
    windows, place = np.unique(cells, axis=0, return_inverse=True)
    sums = np.bincount(place.ravel(), weights=np.nan_to_num(seconds), minlength=len(windows))
    return Counter((windows[sums >= ENOUGH_S, 0] * LOSS_WINDOW_S).tolist())
