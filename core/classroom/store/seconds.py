"""What learners of classes shared, second by second, in the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import Connection, bindparam, insert, select, update

from core.classroom.store.classroom_rows import (
    classroom_from,
    lock_classroom,
    unknown_classroom,
    unknown_learner,
)
from core.classroom.store.losses import note_losses
from core.classroom.store.packed_seconds import (
    FORMAT,
    columns_of,
    pack,
    unpack,
    unpack_learners,
    without_learners,
)
from core.domain.classroom import ClassSeconds
from core.domain.errors import UnknownClassroom
from core.domain.plain_values import parse_json
from core.sessions import SessionStore
from core.storage.classroom_tables import classroom_blocks as blocks
from core.storage.classroom_tables import classrooms, learners


def append_seconds(store: SessionStore, classroom_id: str, seconds: ClassSeconds) -> None:
    """Store what learners of one class shared, as of `append_seconds_together`.

    Raises:
        UnknownClassroom, StoreError.
    """
    if append_seconds_together(store, {classroom_id: seconds}):
        raise unknown_classroom()


def append_seconds_together(
    store: SessionStore, batches: Mapping[str, ClassSeconds]
) -> frozenset[str]:
    """Store what learners shared, in one transaction: all or nothing. Rows of learners who are not
    there, as they withdrew, and columns that the class does not share, are left out.

    Args:
        batches: by ids of classes.
    Returns:
        Ids of classes that there are not, as they were deleted.
    Raises:
        ValueError: see `core.classroom.store.packed_seconds.pack`; nothing was stored.
        StoreError: the database refuses; nothing was stored, and the call may be repeated.
    """
    unknown = set()
    with store.transaction("written") as connection:
        for classroom_id in sorted(batches):  # in one order everywhere: nobody waits for ever
            try:
                _append(connection, classroom_id, batches[classroom_id])
            except UnknownClassroom:
                unknown.add(classroom_id)
    return frozenset(unknown)


def read_seconds(
    store: SessionStore, classroom_id: str, *, after: int = 0, until: int | None = None
) -> tuple[ClassSeconds, int]:
    """What learners shared, by second and learner; of what was stored twice, the first. Blocks
    that cannot be read are logged.

    Blocks of a class become visible in the order of their keys (`lock_classroom`): whoever goes on
    after the last key misses nothing. Rows that were read before may be of a learner who has
    withdrawn since, and a second may come again: who keeps rows drops both.

    Args:
        after: 0, or the key that the last call gave: only what was stored since.
        until: a key: only what was stored up to then; None for all.
    Returns:
        The rows, and the last key now.
    Raises:
        UnknownClassroom, StoreError.
    """
    with store.transaction("read") as connection:
        room = _room(connection, classrooms.c.id == classroom_id)
        found = _blocks(connection, room.key, after, until)
    last = found[-1].key if found else after
    return unpack([(one.content, one.form) for one in found], room.scores), last


def seconds_of_learner(store: SessionStore, learner_id: str) -> ClassSeconds:
    """What one learner shared, in order of time.

    Raises:
        UnknownLearner, StoreError.
    """
    own = select(learners.c.classroom_key, learners.c.number).where(learners.c.id == learner_id)
    with store.transaction("read") as connection:
        learner = connection.execute(own).one_or_none()
        if learner is None:
            raise unknown_learner()
        room = _room(connection, classrooms.c.key == learner.classroom_key)
        found = _blocks(connection, room.key, 0)
    contents = [(one.content, one.form) for one in found]
    return unpack_learners(contents, room.scores, [learner.number])


def remove_learners(connection: Connection, classroom_key: int, numbers: Sequence[int]) -> None:
    """Take the rows of learners out of all blocks of a class, which the caller has locked, and
    count that there were some (`core.classroom.store.losses`).

    A block without rows stays: a database may give the key of one that was deleted again, and
    whoever reads after it would miss the new one.
    """
    if not numbers:
        return
    found = _blocks(connection, classroom_key, 0)
    kept = without_learners([(one.content, one.form) for one in found], numbers)
    changed = [(one, content) for one, content in zip(found, kept, strict=True) if content]
    own = unpack_learners([(one.content, one.form) for one, _ in changed], 0, numbers)
    note_losses(connection, classroom_key, own)
    query = update(blocks).where(blocks.c.key == bindparam("of_block"))
    if changed:
        whole = query.values(content=bindparam("new_content"), form=FORMAT)
        rows = [{"of_block": one.key, "new_content": content} for one, content in changed]
        connection.execute(whole, rows)


def _append(connection: Connection, classroom_id: str, seconds: ClassSeconds) -> None:
    row = lock_classroom(connection, classroom_id)
    own = select(learners.c.number).where(learners.c.classroom_key == row["key"])
    known = np.array(connection.execute(own).scalars().all(), np.int64)
    kept = seconds.rows(np.isin(seconds.learner, known))
    if not len(kept):
        return
    classroom = classroom_from(row)
    content = pack(kept, columns_of(classroom.shared), len(classroom.labels))
    connection.execute(
        insert(blocks).values(
            classroom_key=row["key"],
            first_second=int(kept.second.min()),
            last_second=int(kept.second.max()),
            form=FORMAT,
            content=content,
        )
    )


class _Room(NamedTuple):
    """Key of a class, and how many scores its rows have."""

    key: int
    scores: int


def _room(connection: Connection, own: Any) -> _Room:
    query = select(classrooms.c.key, classrooms.c.labels).where(own)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise unknown_classroom()
    return _Room(row.key, len(parse_json(row.labels)))


def _blocks(
    connection: Connection, classroom_key: int, after: int, until: int | None = None
) -> Sequence[Any]:
    own = (blocks.c.classroom_key == classroom_key) & (blocks.c.key > after)
    if until is not None:
        own &= blocks.c.key <= until
    query = select(blocks.c.key, blocks.c.content, blocks.c.form).where(own)
    return connection.execute(query.order_by(blocks.c.key)).all()
