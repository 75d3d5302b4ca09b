"""Retention periods: after them, deletion of a session is offered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from core.domain import Session
from core.policy.purpose import Purpose

# GDPR Art. 5(1)(e): no longer than needed.
_RETENTION_DAYS: Mapping[str, int] = {
    Purpose.SELF_PRACTICE: 180,  # a term's progress
    Purpose.RESEARCH: 365,  # until the analysis is done
    Purpose.CLASSROOM: 30,  # until the next topic
}


def retention_days(purpose: str) -> int:
    """Days after which a session of this purpose is offered for deletion.

    Args:
        purpose: the value of a `Purpose`; any other gets the shortest limit.
    """
    return _RETENTION_DAYS.get(purpose, min(_RETENTION_DAYS.values()))


def overdue(sessions: Iterable[Session], now: datetime) -> tuple[Session, ...]:
    """The sessions older than their retention period.

    Nothing is deleted automatically.

    Args:
        now: aware, UTC.
    """
    return tuple(
        one for one in sessions if now - one.began_at > timedelta(days=retention_days(one.purpose))
    )
