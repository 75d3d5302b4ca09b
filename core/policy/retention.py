"""How long sessions are kept before their deletion is offered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from core.domain import Session
from core.policy.purpose import Purpose, Region
from core.policy.use_policy import UsePolicy


def retention_days(purpose: str) -> int:
    """Days a session of this purpose is kept; an unknown purpose gets the shortest limit."""
    try:
        known = Purpose(purpose)
    except ValueError:
        return min(UsePolicy(Region.ELSEWHERE, one).retention_days for one in Purpose)
    return UsePolicy(Region.ELSEWHERE, known).retention_days


def overdue(sessions: Iterable[Session], now: datetime) -> tuple[Session, ...]:
    """The sessions that began longer ago than their purpose allows.

    Nothing is deleted here: a person decides.

    Args:
        now: aware, UTC.
    """
    return tuple(
        one for one in sessions if now - one.began_at > timedelta(days=retention_days(one.purpose))
    )
