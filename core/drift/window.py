"""Which sessions a window, or a reference, is made of."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta

from core.drift.columns import Columns
from core.sessions import SessionEntry


def newest_session(
    entries: Sequence[SessionEntry], *, other_than: Collection[str] = ()
) -> list[SessionEntry]:
    """The newest session that is not among those named; the newest of all where every one is.

    Args:
        entries: newest first, as `SessionStore.sessions` answers.
        other_than: ids of sessions, such as those of a reference.
    """
    others = [entry for entry in entries if entry.session.id not in other_than]
    return (others or list(entries))[:1]


def sessions_of_days(
    entries: Sequence[SessionEntry], *, days: int, now: datetime
) -> list[SessionEntry]:
    """The sessions that began within the last days."""
    return [one for one in entries if one.session.began_at >= now - timedelta(days=days)]


def source_of(entries: Sequence[SessionEntry], columns: Columns) -> str:
    """One sentence on what a reference of these sessions comes from; days are UTC's."""
    days = sorted(entry.session.began_at.astimezone(UTC).date() for entry in entries)
    if days[0] == days[-1]:
        when = f"of {days[0]:%d %b %Y}"
    else:
        when = f"from {days[0]:%d %b %Y} to {days[-1]:%d %b %Y}"
    count = "1 session" if len(entries) == 1 else f"{len(entries)} sessions"
    return f"{count} {when}, {len(columns):,} seconds of faces."
