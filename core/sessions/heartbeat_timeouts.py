"""Whether a session is running, may go on, or was interrupted: read off its writer's heartbeats.

Everywhere, `ended_at` is when a session ended, None if it did not; `heartbeat_at` the time of its
newest heartbeat; `now` the time, all aware. `SessionEntry` asks for itself.
"""

from __future__ import annotations

from datetime import datetime, timedelta

INTERRUPTED_AFTER_S = 30.0
"""A writer sends a heartbeat every second; without one for this time it may have crashed. After a
machine was suspended, or with another clock, it looks the same: see `core.sessions.Recovery`."""

MAY_CONTINUE_FOR = timedelta(days=1)
"""How long a writer without heartbeats may return: a laptop is suspended over night, and the run of
a recording can be resumed for so long."""


def is_live(ended_at: datetime | None, heartbeat_at: datetime, now: datetime) -> bool:
    """Whether it is running."""
    return ended_at is None and _is_near(heartbeat_at, now, timedelta(seconds=INTERRUPTED_AFTER_S))


def may_continue(ended_at: datetime | None, heartbeat_at: datetime, now: datetime) -> bool:
    """Whether it is running, or its writer may return: then it must not be deleted."""
    return ended_at is None and _is_near(heartbeat_at, now, MAY_CONTINUE_FOR)


def is_interrupted(ended_at: datetime | None, heartbeat_at: datetime, now: datetime) -> bool:
    """Whether its writer stopped without ending it; the rows until then are stored."""
    return ended_at is None and not is_live(ended_at, heartbeat_at, now)


def _is_near(heartbeat_at: datetime, now: datetime, limit: timedelta) -> bool:
    """Whether less than `limit` lies between them, whichever comes first.

    A heartbeat from before a clock was set back lies in the future: a session whose writer is gone
    would be running until the clock has caught up.
    """
    return abs(now - heartbeat_at) < limit
