"""Sessions on disk: begin, append, end, read, delete."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Self

from sqlalchemy import Connection, Engine, case, delete, insert, select, update

from core.domain import SCHEMES, Moment, Session, Timeline
from core.domain.errors import UnknownSession
from core.sessions.entry import SessionEntry, entry_of, entry_query, pause_query, text_of
from core.sessions.rows import COLUMNS, SHAPES, pauses_of, rows_of, scheme_of, timeline_of
from core.storage import schema
from core.storage.database import explained, open_engine

_LONGEST_SCHEME = 32  # characters that the column holds


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
        """Connect, and make the tables where there are none.

        Raises:
            StoreError: the database cannot be reached, or is of a newer Mien.
        """
        return cls(open_engine(database_url))

    def begin(self, session: Session) -> None:
        """Write down a session before its first row.

        Raises:
            StoreError: there is one of that id, or the database refuses.
        """
        values = {**vars(session), "source": session.source.value}
        labels, threshold = values.pop("labels"), values.pop("not_sure_below")
        del values["pauses"]  # each comes with the moment that ends it
        values["scheme_name"] = session.scheme_name[:_LONGEST_SCHEME]
        for name in ("began_at", "ended_at", "consent_at"):
            values[name] = text_of(values[name])
        values["last_write_at"] = values["began_at"]
        with explained("written"), self._engine.begin() as connection:
            connection.execute(insert(schema.sessions).values(**values))
            if labels and session.scheme_name not in SCHEMES:
                row = {"session_id": session.id, "labels": json.dumps(labels)}
                connection.execute(insert(schema.session_labels).values(**row))
            if threshold is not None:
                row = {"session_id": session.id, "not_sure_below": threshold}
                connection.execute(insert(schema.session_thresholds).values(**row))

    def append(self, session_id: str, moments: Sequence[Moment], *, now: datetime) -> None:
        """Store moments, all or none. An empty list is a sign of life.

        A session that others took for interrupted goes on with it: who writes is there.

        Raises:
            StoreError: the database refuses; nothing was stored, and the same call may be repeated.
            UnknownSession: it never began, or was deleted.
        """
        rows, pauses = rows_of(session_id, moments), pauses_of(session_id, moments)
        alive = (
            update(schema.sessions)
            .where(schema.sessions.c.id == session_id)
            .values(last_write_at=text_of(now), ended_at=None)
        )
        with explained("written"), self._engine.begin() as connection:
            if connection.execute(alive).rowcount == 0:
                raise _unknown(session_id)
            if rows:
                _insert(connection, rows)
            if pauses:
                connection.execute(insert(schema.session_pauses), pauses)

    def end(self, session_id: str, *, ended_at: datetime, mark: str = "") -> None:
        """Mark a session as over.

        Args:
            mark: for its last moment, beside what stands there; a session without rows has no place
                for it.
        Raises:
            StoreError, UnknownSession.
        """
        values = {"ended_at": text_of(ended_at), "last_write_at": text_of(ended_at)}
        over = update(schema.sessions).where(schema.sessions.c.id == session_id).values(**values)
        with explained("written"), self._engine.begin() as connection:
            if connection.execute(over).rowcount == 0:
                raise _unknown(session_id)
            if mark:
                _mark_last(connection, session_id, mark)

    def rename(self, session_id: str, title: str) -> None:
        """Give a session another title.

        Raises:
            StoreError, UnknownSession.
        """
        self._change(session_id, title=title)

    def sessions(self) -> list[SessionEntry]:
        """Every session, newest first.

        Raises:
            StoreError: the database cannot be read.
        """
        with explained("read"), self._engine.connect() as connection:
            found = connection.execute(entry_query()).mappings().all()
            paused = connection.execute(pause_query()).all()
        pauses: dict[str, list[tuple[float, float]]] = {}
        for session_id, time_s, paused_s in paused:
            pauses.setdefault(session_id, []).append((time_s, paused_s))
        entries = [entry_of(dict(row), pauses.get(row["id"], [])) for row in found]
        return sorted(entries, key=lambda one: (one.session.began_at, one.session.id), reverse=True)

    def look(self, session_id: str) -> SessionEntry:
        """One session without its rows.

        Raises:
            UnknownSession, StoreError.
        """
        with explained("read"), self._engine.connect() as connection:
            wanted = entry_query().where(schema.sessions.c.id == session_id)
            row = connection.execute(wanted).mappings().first()
            own = pause_query().where(schema.session_pauses.c.session_id == session_id)
            pauses = [(time_s, paused_s) for _, time_s, paused_s in connection.execute(own)]
        if row is None:
            raise _unknown(session_id)
        return entry_of(dict(row), pauses)

    def read(self, session_id: str) -> Timeline:
        """Every row of a session, in time order.

        Raises:
            UnknownSession: there is none of that id.
            StoreError: it cannot be read, or its label scheme is of a newer Mien.
        """
        return self.read_after(session_id, 0)[0]

    def read_after(self, session_id: str, row_id: int) -> tuple[Timeline, int]:
        """The rows that were stored after one of them, in time order, and the newest one's number.

        Args:
            row_id: the newest row that is known; 0 for none.
        Raises:
            UnknownSession, StoreError: as of `read`.
        """
        scheme = scheme_of(self.look(session_id).session)
        table, beside = schema.observations, schema.observation_blendshapes
        columns = [table.c[name] for name in COLUMNS]
        wanted = (
            select(*columns, beside.c[SHAPES], table.c.row_id)
            .outerjoin(beside, beside.c.row_id == table.c.row_id)
            .where(table.c.session_id == session_id, table.c.row_id > row_id)
            .order_by(table.c.time_s, table.c.row_id)
        )
        with explained("read"), self._engine.connect() as connection:
            rows = connection.execute(wanted).all()
        newest = max((row[-1] for row in rows), default=row_id)
        return timeline_of(scheme, [row[:-1] for row in rows]), newest

    def delete(self, session_id: str) -> None:
        """Remove a session and all its rows for good.

        Raises:
            UnknownSession, StoreError.
        """
        with explained("written"), self._engine.begin() as connection:
            entry, own = schema.sessions, schema.observations
            mine = select(own.c.row_id).where(own.c.session_id == session_id)
            beside = schema.observation_blendshapes
            connection.execute(delete(beside).where(beside.c.row_id.in_(mine)))
            for rows in schema.PARTS:
                connection.execute(delete(rows).where(rows.c.session_id == session_id))
            if connection.execute(delete(entry).where(entry.c.id == session_id)).rowcount == 0:
                raise _unknown(session_id)

    def interrupted(self, *, now: datetime) -> list[SessionEntry]:
        """The sessions that did not end and whose writer is silent, newest first.

        Raises:
            StoreError: the database cannot be read.
        """
        return [entry for entry in self.sessions() if entry.is_interrupted(now)]

    def end_interrupted(self, entry: SessionEntry) -> SessionEntry | None:
        """End a session whose writer vanished, at its last row.

        Should the writer be there after all, its next `append` takes the session back.

        Args:
            entry: as it was read; a session whose writer was heard since is left alone.
        Returns:
            As it is now; None if it was left alone.
        Raises:
            StoreError: the database cannot be written.
        """
        lived_s = entry.last_s + entry.session.paused_s
        ended_at = entry.session.began_at + timedelta(seconds=lived_s)
        table = schema.sessions.c
        end = (
            update(schema.sessions)
            .where(table.id == entry.session.id, table.ended_at.is_(None))
            .where(table.last_write_at == text_of(entry.last_write_at))
            .values(ended_at=text_of(ended_at))
        )
        with explained("written"), self._engine.begin() as connection:
            if connection.execute(end).rowcount == 0:
                return None
        return replace(entry, session=replace(entry.session, ended_at=ended_at))

    def close(self) -> None:
        """Give all connections back; idempotent."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _change(self, session_id: str, **values: str | None) -> None:
        wanted = update(schema.sessions).where(schema.sessions.c.id == session_id).values(**values)
        with explained("written"), self._engine.begin() as connection:
            if connection.execute(wanted).rowcount == 0:
                raise _unknown(session_id)


def _insert(connection: Connection, rows: list[dict[str, Any]]) -> None:
    shapes = [row.pop(SHAPES) for row in rows]
    table = schema.observations
    wanted = insert(table).returning(table.c.row_id, sort_by_parameter_order=True)
    row_ids = connection.execute(wanted, rows).scalars().all()
    beside = [
        {"row_id": row_id, SHAPES: text}
        for row_id, text in zip(row_ids, shapes, strict=True)
        if text is not None
    ]
    if beside:
        connection.execute(insert(schema.observation_blendshapes), beside)


def _mark_last(connection: Connection, session_id: str, mark: str) -> None:
    """On every row of the last moment, as marks on any other."""
    table = schema.observations
    own = table.c.session_id == session_id
    newest = table.c.time_s.desc(), table.c.row_id.desc()
    last = select(table.c.time_s, table.c.frame_index).where(own).order_by(*newest).limit(1)
    found = connection.execute(last).first()
    if found is None:
        return
    here = own & (table.c.time_s == found.time_s) & (table.c.frame_index == found.frame_index)
    beside = case((table.c.event == "", mark), else_=table.c.event + f"; {mark}")
    connection.execute(update(table).where(here).values(event=beside))


def _unknown(session_id: str) -> UnknownSession:
    return UnknownSession(
        f"There is no session {session_id!r}.", advice="It may have been deleted; see the list."
    )
