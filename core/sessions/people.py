"""Owners of sessions, groups, and participants of their faces."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Table, insert, select, update

from core.domain import Group, Owner, Participant
from core.domain.errors import StoreError
from core.sessions.queries import key_of
from core.sessions.store import SessionStore
from core.storage import tables


def save_owner(store: SessionStore, owner: Owner) -> None:
    """Store an owner; an existing one is renamed.

    Raises:
        StoreError: the database cannot be written.
    """
    with store.transaction("written") as connection:
        _upsert(connection, tables.owners, {"id": owner.id, "name": owner.name})


def save_group(store: SessionStore, group: Group) -> None:
    """Store a class or a study; an existing one is replaced.

    Raises:
        StoreError: its owner is unknown, or the database cannot be written.
    """
    with store.transaction("written") as connection:
        owner_key = _key(connection, tables.owners, group.owner_id)
        row = {"id": group.id, "kind": group.kind.value, "name": group.name}
        _upsert(connection, tables.groups, row | {"owner_key": owner_key})


def save_participant(store: SessionStore, participant: Participant) -> None:
    """Store a participant; an existing one is replaced.

    Raises:
        StoreError: their group is unknown, or the database cannot be written.
    """
    with store.transaction("written") as connection:
        group_key = _key(connection, tables.groups, participant.group_id)
        row = {"id": participant.id, "name": participant.name, "group_key": group_key}
        _upsert(connection, tables.participants, row)


def participants_of(store: SessionStore, group_id: str) -> tuple[Participant, ...]:
    """The participants of a group, by name.

    Raises:
        StoreError: the group is unknown, or the database cannot be read.
    """
    table = tables.participants.c
    with store.transaction("read") as connection:
        own = table.group_key == _key(connection, tables.groups, group_id)
        query = select(table.id, table.name).where(own).order_by(table.name, table.id)
        return tuple(Participant(*row, group_id) for row in connection.execute(query))


def set_owner(store: SessionStore, session_id: str, owner_id: str | None) -> None:
    """Set the owner of a session; None for none.

    Raises:
        UnknownSession: the id does not exist.
        StoreError: the owner is unknown, or the database cannot be written.
    """
    table = tables.sessions
    with store.transaction("written") as connection:
        own = table.c.key == key_of(connection, session_id)
        owner_key = _key(connection, tables.owners, owner_id)
        connection.execute(update(table).where(own).values(owner_key=owner_key))


def owner_of(store: SessionStore, session_id: str) -> Owner | None:
    """The owner of a session; None for none.

    Raises:
        UnknownSession, StoreError.
    """
    owners, sessions = tables.owners.c, tables.sessions.c
    with store.transaction("read") as connection:
        key = key_of(connection, session_id)
        query = select(owners.id, owners.name).where(
            owners.key == sessions.owner_key, sessions.key == key
        )
        row = connection.execute(query).one_or_none()
    return None if row is None else Owner(*row)


def set_participant(
    store: SessionStore, session_id: str, face_id: int, participant_id: str | None
) -> None:
    """Set the participant of a session's face; None for unknown.

    Raises:
        UnknownSession: the id does not exist.
        StoreError: the session has no such face, the participant is unknown, or the database cannot
            be written.
    """
    table = tables.session_faces
    with store.transaction("written") as connection:
        own = table.c.session_key == key_of(connection, session_id)
        participant_key = _key(connection, tables.participants, participant_id)
        named = (
            update(table)
            .where(own, table.c.face_id == face_id)
            .values(participant_key=participant_key)
        )
        if connection.execute(named).rowcount == 0:
            raise StoreError(
                f"The session {session_id} has no face {face_id}.",
                advice="Choose a face that was seen in it.",
            )


def people_of(store: SessionStore, session_id: str) -> dict[int, Participant]:
    """The known participants of a session, by face.

    Raises:
        UnknownSession, StoreError.
    """
    faces, participants, groups = tables.session_faces.c, tables.participants, tables.groups
    with store.transaction("read") as connection:
        query = (
            select(faces.face_id, participants.c.id, participants.c.name, groups.c.id)
            .join(participants, participants.c.key == faces.participant_key)
            .outerjoin(groups, groups.c.key == participants.c.group_key)
            .where(faces.session_key == key_of(connection, session_id))
            .order_by(faces.face_id)
        )
        return {row[0]: Participant(*row[1:]) for row in connection.execute(query)}


def _upsert(connection: Connection, table: Table, row: dict[str, Any]) -> None:
    known = update(table).where(table.c.id == row["id"]).values(**row)
    if connection.execute(known).rowcount == 0:
        connection.execute(insert(table).values(**row))


def _key(connection: Connection, table: Table, id_: str | None) -> int | None:
    """The key of an id; None for None."""
    if id_ is None:
        return None
    key = connection.execute(select(table.c.key).where(table.c.id == id_)).scalar()
    if key is None:
        raise StoreError(
            f"{table.name.capitalize()}: there is none of the id {id_!r}.",
            advice="Store it first, or choose another.",
        )
    return int(key)
