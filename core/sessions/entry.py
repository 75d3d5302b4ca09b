"""A stored session without its rows, and how it is asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Select, select

from core.domain import Session, SourceKind
from core.storage import schema

DEAD_AFTER_S = 30.0
"""A writer says every second that it lives; silent for so long, it may be gone. A machine that
slept, or another one's clock, looks the same: see `core.sessions.Recovery`."""

_MAY_GO_ON_FOR = timedelta(days=1)
"""So long a silent writer may come back: a laptop sleeps over night, and the run of a recording can
be resumed for a day."""

_PLAIN = ("id", "title", "card_name", "scheme_name", "purpose", "not_sure_below")


@dataclass(frozen=True)
class SessionEntry:
    """A stored session and how much of it there is.

    Attributes:
        session: as it began; `ended_at` is filled in when it ended.
        rows: observations stored.
        last_s: time of the newest row, seconds since it began, pauses left out; 0 without rows.
        last_write_at: when its writer last gave a sign of life.
        first_s: time of the oldest row likewise.
        faces: how many different faces were seen.
    """

    session: Session
    rows: int
    last_s: float
    last_write_at: datetime
    first_s: float = 0.0
    faces: int = 0

    def is_live(self, now: datetime) -> bool:
        """Whether it still goes on."""
        silent_s = (now - self.last_write_at).total_seconds()
        return self.session.ended_at is None and silent_s < DEAD_AFTER_S

    def may_go_on(self, now: datetime) -> bool:
        """Whether it goes on, or its writer may come back: nobody should offer to delete it."""
        return self.session.ended_at is None and now - self.last_write_at < _MAY_GO_ON_FOR

    def is_interrupted(self, now: datetime) -> bool:
        """Whether its writer vanished without ending it; everything up to then is there."""
        return self.session.ended_at is None and not self.is_live(now)


def entry_query() -> Select[Any]:
    """Every session, as `entry_of` reads it. What its rows amount to stands beside its title:
    nothing here looks at rows, however many there are.
    """
    return select(schema.sessions)


def pause_query() -> Select[Any]:
    """Session key, time and length of every pause, in order."""
    table = schema.session_pauses
    return select(table.c.session_key, table.c.time_s, table.c.paused_s).order_by(
        table.c.time_s, table.c.key
    )


def entry_of(row: Mapping[Any, Any], pauses: Sequence[tuple[float, float]]) -> SessionEntry:
    """A session from its row and its pauses."""
    labels, source = tuple(json.loads(row["labels"] or "[]")), SourceKind(row["source"])
    times = {name: _moment_of(row[name]) for name in ("began_at", "ended_at", "consent_at")}
    plain = {name: row[name] for name in _PLAIN}
    return SessionEntry(
        Session(source=source, labels=labels, pauses=tuple(pauses), **times, **plain),
        rows=row["row_count"],
        faces=row["face_count"],
        first_s=row["first_s"] or 0.0,
        last_s=row["last_s"] or 0.0,
        last_write_at=datetime.fromisoformat(row["last_write_at"]),
    )


def text_of(moment: datetime | None) -> str | None:
    """As times stand in the database."""
    return None if moment is None else moment.astimezone(UTC).isoformat()


def _moment_of(text: str | None) -> Any:
    return None if text is None else datetime.fromisoformat(text)
