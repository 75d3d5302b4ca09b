"""Classes that are older than their retention period, and those that still run."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, RowMapping, func, select

from core.classroom.store.classrooms import classrooms as all_classrooms
from core.domain.classroom import Classroom
from core.policy import overdue
from core.sessions import SessionStore
from core.storage.classroom_tables import classroom_blocks, classroom_flags, classrooms, learners
from core.storage.corrupt_data import DAMAGED_CONTENT
from core.storage.readable_rows import time_of

_RUNS_FOR = timedelta(hours=1)


def overdue_classrooms(store: SessionStore, now: datetime) -> tuple[Classroom, ...]:
    """The classes that can be read and are older than their retention period, but not those that
    run: a class may be opened again each week.

    Args:
        now: aware, UTC.
    Raises:
        StoreError: the database cannot be read.
    """
    with store.transaction("read") as connection:
        running = running_classrooms(connection, now)
    return tuple(one for one in overdue(all_classrooms(store), now) if one.id not in running)


def running_classrooms(connection: Connection, now: datetime) -> frozenset[str]:
    """Ids of the open classes that were opened, or heard of, within the last hour: one that
    nobody closed does not run for ever.

    Args:
        now: aware, UTC.
    """
    found = connection.execute(select(classrooms).where(classrooms.c.closed_at.is_(None)))
    return frozenset(row["id"] for row in found.mappings().all() if _heard_of(connection, row, now))


def _heard_of(connection: Connection, row: RowMapping, now: datetime) -> bool:
    last = (
        (learners.c.classroom_key, func.max(learners.c.seen_at)),
        (classroom_blocks.c.classroom_key, func.max(classroom_blocks.c.last_second)),
        (classroom_flags.c.classroom_key, func.max(classroom_flags.c.time_s)),
    )
    seen_at, second, flag_s = (
        connection.execute(select(value).where(own == row["key"])).scalar() for own, value in last
    )
    try:
        opened_at = time_of(row["opened_at"])
        within = timedelta(seconds=max(second or 0, flag_s or 0))
        heard_at = max(opened_at + within, time_of(seen_at) or opened_at)
    except DAMAGED_CONTENT:
        return False  # nothing of it can be shown: nobody teaches with it
    return bool(now - heard_at < _RUNS_FOR)
