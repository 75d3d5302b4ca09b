"""Stores sessions that were read from a file, all of them or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta

from sqlalchemy import insert, select

from core.domain.errors import PlanError
from core.sessions.importers.imported_session import ImportedSession
from core.sessions.store import SessionStore
from core.sessions.stored_session import row_of, text_of
from core.sessions.writing import add_timeline
from core.storage import tables
from core.storage.packed_rows import stored_time


def store_imported(store: SessionStore, sessions: Sequence[ImportedSession]) -> None:
    """Store sessions under the ids that they have, in one transaction.

    Raises:
        PlanError: one of them is here already, or holds numbers that cannot be stored.
        StoreError: the database refuses; nothing was stored.
    """
    with store.transaction("written") as connection:
        for one in sessions:
            table = tables.sessions
            known = select(table.c.key).where(table.c.id == one.session.id)
            if connection.execute(known).first() is not None:
                raise PlanError(
                    f"The session {one.session.id} is here already.",
                    advice="Delete it first, or import another file.",
                )
            times = one.timeline.time_s
            last_s = float(times[-1]) if len(times) else 0.0
            over_at = one.session.began_at + timedelta(seconds=last_s + one.session.paused_s)
            row = row_of(one.session) | {"ended_at": text_of(one.session.ended_at or over_at)}
            connection.execute(insert(table).values(**row))
            stored = connection.execute(select(table).where(table.c.id == one.session.id))
            try:
                add_timeline(connection, stored.mappings().one(), one.timeline)
            except ValueError as error:
                raise PlanError(
                    f"{one.session.id} cannot be stored: {error}.", advice="Correct the file."
                ) from error
            key = connection.execute(known).scalar_one()
            for time_s, paused_s in one.session.pauses:
                pause = {"session_key": key, "time_s": stored_time(time_s), "paused_s": paused_s}
                connection.execute(insert(tables.session_pauses).values(**pause))
            for segment in one.segments:
                values = asdict(segment) | {"session_key": key}
                connection.execute(insert(tables.session_segments).values(**values))
