"""Retention periods: after them, deletion of a session, a practice or a class is offered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from core.policy.purpose import Purpose

# GDPR Art. 5(1)(e): no longer than needed.
_RETENTION_DAYS: Mapping[str, int] = {
    Purpose.SELF_PRACTICE: 180,  # a term's progress
    Purpose.RESEARCH: 365,  # until the analysis is done
    Purpose.CLASSROOM: 30,  # until the next topic
}


class Kept(Protocol):
    """A session, a practice or a class."""

    @property
    def began_at(self) -> datetime:
        """Aware, UTC."""

    @property
    def purpose(self) -> str:
        """The value of a `Purpose`."""


AnyKept = TypeVar("AnyKept", bound=Kept)


def retention_days(purpose: str) -> int:
    """Days after which a session, practice or class of this purpose is offered for deletion.

    Args:
        purpose: the value of a `Purpose`; any other gets the shortest limit.
    """
    return _RETENTION_DAYS.get(purpose, min(_RETENTION_DAYS.values()))


def overdue(kept: Iterable[AnyKept], now: datetime) -> tuple[AnyKept, ...]:
    """The sessions, practices or classes older than their retention period.

    Nothing is deleted automatically.

    Args:
        now: aware, UTC.
    """
    return tuple(
        one for one in kept if now - one.began_at > timedelta(days=retention_days(one.purpose))
    )
