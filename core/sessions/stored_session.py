"""A stored session without its rows, and its queries."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import Select, select

from core.domain import SCHEMES, Session, SourceKind
from core.domain.errors import StoreError
from core.domain.plain_values import parse_json
from core.sessions import heartbeat_timeouts
from core.storage import tables
from core.storage.corrupt_data import printable, short_message

Kind = TypeVar("Kind", bound=StrEnum)

_PLAIN = ("id", "title", "card_name", "scheme_name", "purpose", "not_sure_below")


@dataclass(frozen=True)
class SessionEntry:
    """A stored session and its amounts.

    Attributes:
        session: as created; `ended_at` is set when it ended.
        rows: observations stored.
        last_s: session time of the newest row, without pauses; 0 without rows.
        last_write_at: time of the newest heartbeat.
        first_s: session time of the oldest row.
        faces: number of different faces.
    """

    session: Session
    rows: int
    last_s: float
    last_write_at: datetime
    first_s: float = 0.0
    faces: int = 0

    def is_live(self, now: datetime) -> bool:
        """Whether it is running; by the rule of `heartbeat_timeouts`, as the next two."""
        return heartbeat_timeouts.is_live(self.session.ended_at, self.last_write_at, now)

    def may_continue(self, now: datetime) -> bool:
        """Whether it is running, or its writer may return: then it must not be deleted."""
        return heartbeat_timeouts.may_continue(self.session.ended_at, self.last_write_at, now)

    def is_interrupted(self, now: datetime) -> bool:
        """Whether its writer stopped without ending it; the rows until then are stored."""
        return heartbeat_timeouts.is_interrupted(self.session.ended_at, self.last_write_at, now)


def entry_query() -> Select[Any]:
    """Every session, for `entry_of`. The amounts are columns of the session: no rows are read."""
    return select(tables.sessions)


def pause_query() -> Select[Any]:
    """Session key, time and length of every pause, in order."""
    table = tables.session_pauses
    return select(table.c.session_key, table.c.time_s, table.c.paused_s).order_by(
        table.c.time_s, table.c.key
    )


def entry_of(row: Mapping[Any, Any], pauses: Sequence[tuple[float, float]]) -> SessionEntry:
    """A session from its row and its pauses.

    Raises:
        StoreError: it is of a kind that only a later version knows, or damaged.
    """
    source = known_kind(SourceKind, row["source"])
    try:
        return _entry_of(row, source, pauses)
    except (ValueError, TypeError) as error:
        raise StoreError(
            f"The session {row['id']} is damaged: {short_message(error)}.",
            advice="Delete it, or restore the database from a copy.",
        ) from error


def known_kind(kind: type[Kind], word: str) -> Kind:
    """A stored kind.

    Raises:
        StoreError: only a later version knows it.
    """
    try:
        return kind(word)
    except ValueError as error:
        raise StoreError(
            f"The session database holds {printable(word)!r}, which is no {kind.__name__} that "
            "this Mien knows.",
            advice="Update Mien to read it.",
        ) from error


def _entry_of(
    row: Mapping[Any, Any], source: SourceKind, pauses: Sequence[tuple[float, float]]
) -> SessionEntry:
    labels = tuple(parse_json(row["labels"] or "[]"))
    times = {name: _time_of(row[name]) for name in ("began_at", "ended_at", "consent_at")}
    plain = {name: row[name] for name in _PLAIN}
    return SessionEntry(
        Session(source=source, labels=labels, pauses=tuple(pauses), **times, **plain),
        rows=row["row_count"],
        faces=row["face_count"],
        first_s=row["first_s"] or 0.0,
        last_s=row["last_s"] or 0.0,
        last_write_at=_time_of(row["last_write_at"]),
    )


def row_of(session: Session) -> dict[str, Any]:
    """A session's row, before its first frame."""
    values = {**vars(session), "source": session.source.value}
    del values["pauses"]  # stored with the moment that ends each
    own_labels = session.labels and session.scheme_name not in SCHEMES
    values["labels"] = json.dumps(session.labels) if own_labels else None
    for name in ("began_at", "ended_at", "consent_at"):
        values[name] = text_of(values[name])
    return values | {"last_write_at": values["began_at"], "row_count": 0, "face_count": 0}


def text_of(time: datetime | None) -> str | None:
    """A time as stored in the database."""
    return None if time is None else time.astimezone(UTC).isoformat()


def _time_of(text: str | None) -> Any:
    time = None if text is None else datetime.fromisoformat(text)
    if time is not None and time.utcoffset() is None:
        raise ValueError(f"{text} has no time zone")
    return time
