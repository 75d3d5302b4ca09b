"""Levels of a microphone in the database: blocks of tenths of a session's time.

A block of format 1 is compressed (zlib) and has one byte for each tenth of a second from `first_s`
on: half decibels below full scale, or 255 for one that was not measured. Ten levels take some 20
bytes. Tenths lie on the grid of the session's time, so a level that is stored twice, or that two
blocks have, is one level: the one stored first.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, delete, insert, select, update

from core.domain.errors import StoreError
from core.domain.sound_levels import LOWEST_DB, SoundLevels
from core.sessions import SessionStore, Stretch, key_of
from core.storage import tables

TENTHS_PER_S = 10
STEP_DB = 0.5
"""Of stored levels: finer than two tenths of steady sound differ."""

_FORM = 1
_NOT_MEASURED = 255
_MAX_GAP = 600  # tenths; a longer one begins another block
_MAX_TENTHS = 36_000_000  # of a session: 1,000 hours
_SLACK = 1e-6  # a time on the edge of two tenths belongs to the later one, whatever its last digit


def append_levels(store: SessionStore, session_id: str, levels: SoundLevels) -> None:
    """Store levels of a session; those of tenths that have one already change nothing.

    Args:
        levels: in session time, at any distance; of several in one tenth the first is stored.
    Raises:
        StoreError: the database refuses; nothing was stored, and the call may be repeated.
        UnknownSession: it was not created, or was deleted.
        ValueError: a level lies before the session or a thousand hours after its begin.
    """
    tenths, first = np.unique(tenths_at(levels.time_s), return_index=True)
    if len(tenths) and not 0 <= tenths[0] <= tenths[-1] < _MAX_TENTHS:
        raise ValueError(f"levels lie within a session, got {levels.time_s[[0, -1]]} s")
    steps = np.round(-levels.level_db[first] / STEP_DB).astype(np.uint8)
    with store.transaction("written") as connection:
        key = key_of(connection, session_id)
        rows = [
            {
                "session_key": key,
                "first_s": float(tenths[part[0]]) / TENTHS_PER_S,
                "form": _FORM,
                "content": _packed(tenths[part], steps[part]),
            }
            for part in _without_long_gaps(tenths)
        ]
        if rows:
            connection.execute(insert(tables.session_sound), rows)


def levels_of(store: SessionStore, session_id: str) -> SoundLevels:
    """Every level of a session, to half a decibel, at the middles of its tenths; empty without
    a microphone.

    Raises:
        UnknownSession, StoreError: as `append_levels`; also where they are damaged, or of a newer
            version.
    """
    table = tables.session_sound.c
    with store.transaction("read") as connection:
        key = key_of(connection, session_id)
        query = select(table.first_s, table.form, table.content).where(table.session_key == key)
        found = connection.execute(query.order_by(table.key)).all()
    blocks = [_unpacked(one.first_s, one.form, one.content) for one in found]
    times = np.concatenate([tenths for tenths, _ in blocks] or [np.empty(0, np.int64)])
    steps = np.concatenate([values for _, values in blocks] or [np.empty(0, np.uint8)])
    tenths, first = np.unique(times, return_index=True)  # of equal ones the first, as stored
    level_db = np.maximum(steps[first] * np.float32(-STEP_DB), np.float32(LOWEST_DB))
    return SoundLevels((tenths + 0.5) / TENTHS_PER_S, level_db.astype(np.float32))


def delete_levels(
    connection: Connection, session_id: str, stretch: Stretch, *, kept: Sequence[Stretch] = ()
) -> None:
    """Delete the levels of every tenth that touches a stretch, in the caller's transaction.

    Args:
        stretch: the session time to delete.
        kept: tenths with their middle in one of these stay.
    Raises:
        UnknownSession.
        StoreError: levels are damaged, so that it cannot be told what to delete.
    """
    table = tables.session_sound
    own = table.c.session_key == key_of(connection, session_id)
    for row in connection.execute(select(table).where(own)).all():
        tenths, steps = _unpacked(row.first_s, row.form, row.content)
        begins_s = tenths / TENTHS_PER_S
        stays = (begins_s > stretch.ends_s) | (begins_s + 1 / TENTHS_PER_S <= stretch.begins_s)
        for one in kept:
            middle_s = begins_s + 0.5 / TENTHS_PER_S
            stays |= (middle_s >= one.begins_s) & (middle_s <= one.ends_s)
        if stays.all():
            continue
        block = table.c.key == row.key
        if not stays.any():
            connection.execute(delete(table).where(block))
            continue
        left = tenths[stays]
        first_s, content = float(left[0]) / TENTHS_PER_S, _packed(left, steps[stays])
        connection.execute(update(table).where(block).values(first_s=first_s, content=content))


def tenths_at(time_s: NDArray[np.float64]) -> NDArray[np.int64]:
    """The tenth of a second in which each time lies, counted from 0."""
    return np.floor(time_s * TENTHS_PER_S + _SLACK).astype(np.int64)


def _without_long_gaps(tenths: NDArray[np.int64]) -> list[NDArray[np.intp]]:
    """Places of the levels of each block."""
    places = np.arange(len(tenths))
    parts = np.split(places, np.flatnonzero(np.diff(tenths) > _MAX_GAP) + 1)
    return [part for part in parts if len(part)]


def _packed(tenths: NDArray[np.int64], steps: NDArray[np.uint8]) -> bytes:
    values = np.full(tenths[-1] - tenths[0] + 1, _NOT_MEASURED, np.uint8)
    values[tenths - tenths[0]] = steps
    return zlib.compress(values.tobytes(), 6)


def _unpacked(
    first_s: float, form: int, content: bytes
) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Tenths of a block, and their steps."""
    if form != _FORM:
        raise StoreError(
            f"Stored levels have format {form}; this Mien knows format {_FORM}.",
            advice="Update Mien to read them.",
        )
    try:
        values = np.frombuffer(zlib.decompress(content), np.uint8)
    except zlib.error as error:
        raise StoreError(
            f"Stored levels are damaged: {error}.", advice="Restore the database from a copy."
        ) from error
    measured = np.flatnonzero(values != _NOT_MEASURED)
    return measured + round(first_s * TENTHS_PER_S), values[measured]
