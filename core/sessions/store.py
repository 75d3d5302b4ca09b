"""The session store: begin, append, end, read, delete."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Self

import numpy as np
from sqlalchemy import Connection, Engine, insert, update

from core.domain import AnalysedFrame, Event, EventKind, Session, Timeline
from core.domain.errors import StoreError
from core.sessions.calibrations import (
    MeasuredCalibration,
    readable_calibrations,
    write_calibration,
)
from core.sessions.queries import (
    SHOW_ALIVE,
    block_query,
    calibration_query,
    end_query,
    event_query,
    key_of,
    unknown_session,
)
from core.sessions.row_removal import delete_session
from core.sessions.stored_session import (
    SessionEntry,
    entry_of,
    entry_query,
    known_kind,
    pause_query,
    row_of,
    text_of,
)
from core.sessions.timeline_packing import scheme_of, timeline_of
from core.sessions.writing import Batch, add_batches
from core.storage import tables
from core.storage.database import open_engine, store_errors

_log = logging.getLogger(__name__)


class SessionStore:
    """The session database. May be shared by any number of threads; every call is one transaction.

    Example:
        with SessionStore.open("sqlite:///data/sessions.db") as store:
            store.begin(session)
            store.append(session.id, moments, now=datetime.now(UTC))
            timeline = store.read(session.id)
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, database_url: str) -> Self:
        """Connect, and create missing tables.

        Raises:
            StoreError: the database cannot be reached, or is of a newer version.
        """
        return cls(open_engine(database_url))

    def begin(self, session: Session) -> None:
        """Create a session, before its first row.

        Raises:
            StoreError: the id exists, or the database refuses.
        """
        with store_errors("written"), self._engine.begin() as connection:
            connection.execute(insert(tables.sessions).values(**row_of(session)))

    def append(
        self,
        session_id: str,
        moments: Sequence[AnalysedFrame],
        *,
        now: datetime,
        events: Sequence[Event] = (),
    ) -> None:
        """Store moments and marks, all or none. Empty lists are a heartbeat.

        A session that was ended as interrupted is reopened by it.

        Raises:
            StoreError: the database refuses; nothing was stored, and the call may be repeated.
            UnknownSession: it was not created, or was deleted.
        """
        refused = self.append_together([Batch(session_id, moments, events)], now=now)
        if refused:
            raise refused[session_id]

    def append_together(
        self, batches: Sequence[Batch], *, now: datetime
    ) -> Mapping[str, StoreError]:
        """`append` for several sessions in one transaction, each all or none.

        Args:
            batches: of different sessions.
        Returns:
            Sessions of which nothing was stored, and why, such as UnknownSession.
        Raises:
            StoreError: the database refuses; nothing was stored, and the call may be repeated.
        """
        ids = [one.session_id for one in batches]
        with store_errors("written"), self._engine.begin() as connection:
            # Before anything is read: this locks the sessions for other writers.
            alive = connection.execute(SHOW_ALIVE, {"of_sessions": ids, "at": text_of(now)})
            found = {row["id"]: row for row in alive.mappings()}
            unknown = {one: unknown_session(one) for one in ids if one not in found}
            known = [one for one in batches if one.session_id in found]
            return unknown | add_batches(connection, found, known)

    def end(self, session_id: str, *, ended_at: datetime) -> None:
        """Mark a session as ended.

        Raises:
            StoreError, UnknownSession.
        """
        self._change(session_id, ended_at=text_of(ended_at), last_write_at=text_of(ended_at))

    def rename(self, session_id: str, title: str) -> None:
        """Change a session's title.

        Raises:
            StoreError, UnknownSession.
        """
        self._change(session_id, title=title)

    def sessions(self) -> list[SessionEntry]:
        """Every session that can be read, newest first; others are logged.

        Raises:
            StoreError: the database cannot be read.
        """
        with store_errors("read"), self._engine.connect() as connection:
            found = connection.execute(entry_query()).mappings().all()
            paused = connection.execute(pause_query()).all()
        pauses: dict[int, list[tuple[float, float]]] = {}
        for key, time_s, paused_s in paused:
            pauses.setdefault(key, []).append((time_s, paused_s))
        entries = []
        for row in found:
            try:
                entries.append(entry_of(row, pauses.get(row["key"], [])))
            except StoreError as error:
                _log.warning("left out of the sessions: %s", error)
        return sorted(entries, key=lambda one: (one.session.began_at, one.session.id), reverse=True)

    def entry(self, session_id: str) -> SessionEntry:
        """One session without its rows.

        Raises:
            UnknownSession, StoreError.
        """
        with store_errors("read"), self._engine.connect() as connection:
            return self._entry(connection, session_id)[1]

    def read(self, session_id: str) -> Timeline:
        """Every row of a session, in time order, and every mark.

        Raises:
            UnknownSession: the id does not exist.
            StoreError: it cannot be read, or its label scheme is of a newer version.
        """
        return self.read_after(session_id, 0)[0]

    def read_after(self, session_id: str, rows: int) -> tuple[Timeline, int]:
        """The rows stored after the first `rows`, in time order, with their marks, and the number
        of rows now.

        Args:
            rows: number of rows read already.
        Raises:
            UnknownSession, StoreError: as of `read`.
        """
        with store_errors("read"), self._engine.connect() as connection:
            key, entry = self._entry(connection, session_id)
            blocks = connection.execute(block_query(key, rows)).all()
            found = connection.execute(event_query(key)).all()
        timeline = timeline_of(
            scheme_of(entry.session), [(one.content, one.form) for one in blocks]
        )
        # Not more than there are: rows may have been deleted since.
        known = min(rows - blocks[0].first_row, len(timeline)) if blocks else 0
        from_s = timeline.time_s[known - 1] if known else -1.0
        # In a running session, later marks belong to rows that are not stored yet.
        is_running = entry.session.ended_at is None and len(timeline) > 0
        to_s = timeline.time_s[-1] if is_running else np.inf
        events = [
            Event(one.time_s, known_kind(EventKind, one.kind), one.words)
            for one in found
            if from_s < one.time_s <= to_s
        ]
        new = timeline.where(np.arange(len(timeline)) >= known)
        first = blocks[0].first_row if blocks else rows
        return replace(new, events=tuple(events)), first + len(timeline)

    def set_calibration(self, session_id: str, face_id: int, measured: MeasuredCalibration) -> None:
        """Store a face's calibration in place of an earlier one; deleted with the session.

        Raises:
            StoreError, UnknownSession.
        """
        with store_errors("written"), self._engine.begin() as connection:
            own = {"session_key": key_of(connection, session_id), "face_id": face_id}
            write_calibration(connection, tables.session_calibrations, own, measured)

    def calibrations(self, session_id: str) -> dict[int, MeasuredCalibration]:
        """The calibrations of a session by face; without those that cannot be read
        (`unreadable_calibrations`).

        Raises:
            UnknownSession, StoreError.
        """
        with store_errors("read"), self._engine.connect() as connection:
            query = calibration_query(key_of(connection, session_id))
            return readable_calibrations(connection.execute(query).mappings().all())

    def delete(self, session_id: str) -> None:
        """Delete a session and all its rows.

        Raises:
            UnknownSession, StoreError.
        """
        with store_errors("written"), self._engine.begin() as connection:
            delete_session(connection, session_id)

    def interrupted(self, *, now: datetime) -> list[SessionEntry]:
        """The sessions that did not end and have no recent heartbeat, newest first.

        Raises:
            StoreError: the database cannot be read.
        """
        return [entry for entry in self.sessions() if entry.is_interrupted(now)]

    def end_interrupted(self, entry: SessionEntry) -> SessionEntry | None:
        """End an interrupted session at its last row.

        Should its writer still run, the next `append` reopens the session.

        Args:
            entry: as read; a session with a heartbeat since then is not ended.
        Returns:
            The new entry; None if the session was not ended.
        Raises:
            StoreError: the database cannot be written.
        """
        ended_at = entry.session.began_at + timedelta(seconds=entry.last_s + entry.session.paused_s)
        end = end_query(entry).values(ended_at=text_of(ended_at))
        with store_errors("written"), self._engine.begin() as connection:
            if connection.execute(end).rowcount == 0:
                return None
        return replace(entry, session=replace(entry.session, ended_at=ended_at))

    @contextmanager
    def transaction(self, what: str) -> Iterator[Connection]:
        """A transaction for tables beside the sessions: everything is stored, or nothing.

        Args:
            what: the access, "read" or "written".
        Raises:
            StoreError: the database refuses.
        """
        with store_errors(what), self._engine.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close all connections; idempotent."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _entry(self, connection: Connection, session_id: str) -> tuple[int, SessionEntry]:
        """Key and entry."""
        query = entry_query().where(tables.sessions.c.id == session_id)
        row = connection.execute(query).mappings().first()
        if row is None:
            raise unknown_session(session_id)
        own = pause_query().where(tables.session_pauses.c.session_key == row["key"])
        pauses = [(time_s, paused_s) for _, time_s, paused_s in connection.execute(own)]
        return row["key"], entry_of(row, pauses)

    def _change(self, session_id: str, **values: str | None) -> None:
        query = update(tables.sessions).where(tables.sessions.c.id == session_id).values(**values)
        with store_errors("written"), self._engine.begin() as connection:
            if connection.execute(query).rowcount == 0:
                raise unknown_session(session_id)
