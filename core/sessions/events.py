"""Events of a session, without its rows."""

from __future__ import annotations

from core.domain import Event, EventKind
from core.sessions.queries import event_query, key_of
from core.sessions.store import SessionStore
from core.sessions.stored_session import known_kind


def events_of(store: SessionStore, session_id: str) -> tuple[Event, ...]:
    """Every event of a session, in time order.

    Raises:
        StoreError, UnknownSession.
    """
    with store.transaction("read") as connection:
        found = connection.execute(event_query(key_of(connection, session_id))).all()
    return tuple(Event(one.time_s, known_kind(EventKind, one.kind), one.words) for one in found)
