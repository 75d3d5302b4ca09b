"""Sessions on disk: begin, append, end, read, delete."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from sqlalchemy import Connection, Engine, Select, delete, func, insert, select, update

from core.errors import UnknownSession
from core.sessions import schema
from core.sessions.engine import explained, open_engine
from core.sessions.rows import COLUMNS, SHAPES, pauses_of, rows_of, scheme_of, timeline_of
from core.vocabulary import SCHEMES, Moment, Session, SourceKind, Timeline

_LONGEST_SCHEME = 32  # characters that the column holds
DEAD_AFTER_S = 30.0
"""A writer says every second that it lives; silent for so long, it is gone."""


@dataclass(frozen=True)
class SessionEntry:
    """A stored session and how much of it there is.

    Attributes:
        session: as it began; `ended_at` is filled in when it ended.
        rows: observations stored.
        last_s: time of the newest row, seconds since it began, pauses left out; 0 without rows.
        last_write_at: when its writer last gave a sign of life.
    """

    session: Session
    rows: int
    last_s: float
    last_write_at: datetime

    def is_live(self, now: datetime) -> bool:
        """Whether it still goes on."""
        silent_s = (now - self.last_write_at).total_seconds()
        return self.session.ended_at is None and silent_s < DEAD_AFTER_S

    def is_interrupted(self, now: datetime) -> bool:
        """Whether its writer vanished without ending it; everything up to then is there."""
        return self.session.ended_at is None and not self.is_live(now)


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
            values[name] = _text(values[name])
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

        Raises:
            StoreError: the database refuses; nothing was stored, and the same call may be repeated.
            UnknownSession: it never began, or was deleted.
        """
        rows, pauses = rows_of(session_id, moments), pauses_of(session_id, moments)
        alive = (
            update(schema.sessions)
            .where(schema.sessions.c.id == session_id)
            .values(last_write_at=_text(now))
        )
        with explained("written"), self._engine.begin() as connection:
            if connection.execute(alive).rowcount == 0:
                raise _unknown(session_id)
            if rows:
                _insert(connection, rows)
            if pauses:
                connection.execute(insert(schema.session_pauses), pauses)

    def end(self, session_id: str, *, ended_at: datetime) -> None:
        """Mark a session as over.

        Raises:
            StoreError, UnknownSession.
        """
        self._change(session_id, ended_at=_text(ended_at), last_write_at=_text(ended_at))

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
            found = connection.execute(_entries()).mappings().all()
            paused = connection.execute(_pauses()).all()
        pauses: dict[str, list[tuple[float, float]]] = {}
        for session_id, time_s, paused_s in paused:
            pauses.setdefault(session_id, []).append((time_s, paused_s))
        entries = [_entry(dict(row), pauses.get(row["id"], [])) for row in found]
        return sorted(entries, key=lambda one: (one.session.began_at, one.session.id), reverse=True)

    def look(self, session_id: str) -> SessionEntry:
        """One session without its rows.

        Raises:
            UnknownSession, StoreError.
        """
        with explained("read"), self._engine.connect() as connection:
            wanted = _entries().where(schema.sessions.c.id == session_id)
            row = connection.execute(wanted).mappings().first()
            own = _pauses().where(schema.session_pauses.c.session_id == session_id)
            pauses = [(time_s, paused_s) for _, time_s, paused_s in connection.execute(own)]
        if row is None:
            raise _unknown(session_id)
        return _entry(dict(row), pauses)

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

    def recover(self, *, now: datetime) -> list[SessionEntry]:
        """End the sessions whose writer vanished, at their last row; the answer is which.

        Raises:
            StoreError: the database cannot be read or written.
        """
        found = []
        for entry in self.sessions():
            if entry.is_interrupted(now):
                lived_s = entry.last_s + entry.session.paused_s
                ended_at = entry.session.began_at + timedelta(seconds=lived_s)
                self._change(entry.session.id, ended_at=_text(ended_at))
                found.append(replace(entry, session=replace(entry.session, ended_at=ended_at)))
        return found

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


def _entries() -> Select[Any]:
    table = schema.observations
    counted = (
        select(
            table.c.session_id,
            func.count().label("rows"),
            func.max(table.c.time_s).label("last_s"),
        )
        .group_by(table.c.session_id)
        .subquery()
    )
    entry, labels, shown = schema.sessions, schema.session_labels, schema.session_thresholds
    return (
        select(entry, labels.c.labels, shown.c.not_sure_below, counted.c.rows, counted.c.last_s)
        .outerjoin(counted, counted.c.session_id == entry.c.id)
        .outerjoin(labels, labels.c.session_id == entry.c.id)
        .outerjoin(shown, shown.c.session_id == entry.c.id)
    )


def _pauses() -> Select[Any]:
    table = schema.session_pauses
    return select(table.c.session_id, table.c.time_s, table.c.paused_s).order_by(
        table.c.time_s, table.c.row_id
    )


def _entry(row: dict[str, Any], pauses: Sequence[tuple[float, float]]) -> SessionEntry:
    rows, last_s = row.pop("rows") or 0, row.pop("last_s") or 0.0
    last_write_at = datetime.fromisoformat(row.pop("last_write_at"))
    for name in ("began_at", "ended_at", "consent_at"):
        row[name] = None if row[name] is None else datetime.fromisoformat(row[name])
    labels = tuple(json.loads(row.pop("labels") or "[]"))
    row |= {"source": SourceKind(row["source"]), "labels": labels, "pauses": tuple(pauses)}
    session = Session(**row)
    return SessionEntry(session, int(rows), float(last_s), last_write_at)


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat()


def _unknown(session_id: str) -> UnknownSession:
    return UnknownSession(
        f"There is no session {session_id!r}.", advice="It may have been deleted; see the list."
    )
