"""Whom sessions belong to, and which of their faces is who."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Table, insert, select, update

from core.domain import Group, Owner, Participant
from core.domain.errors import StoreError
from core.sessions.store import SessionStore, key_of
from core.storage import schema


def keep_owner(store: SessionStore, owner: Owner) -> None:
    """Store an owner; one of that id gets the new name.

    Raises:
        StoreError: the database cannot be written.
    """
    with store.transaction("written") as connection:
        _keep(connection, schema.owners, {"id": owner.id, "name": owner.name})


def keep_group(store: SessionStore, group: Group) -> None:
    """Store a class or a study; one of that id becomes as this.

    Raises:
        StoreError: its owner is unknown, or the database cannot be written.
    """
    with store.transaction("written") as connection:
        owner_key = _key(connection, schema.owners, group.owner_id)
        row = {"id": group.id, "kind": group.kind.value, "name": group.name}
        _keep(connection, schema.groups, row | {"owner_key": owner_key})


def keep_participant(store: SessionStore, participant: Participant) -> None:
    """Store who takes part; one of that id becomes as this.

    Raises:
        StoreError: their group is unknown, or the database cannot be written.
    """
    with store.transaction("written") as connection:
        group_key = _key(connection, schema.groups, participant.group_id)
        row = {"id": participant.id, "name": participant.name, "group_key": group_key}
        _keep(connection, schema.participants, row)


def participants_of(store: SessionStore, group_id: str) -> tuple[Participant, ...]:
    """Everybody who takes part in a group, by name.

    Raises:
        StoreError: there is none of that id, or the database cannot be read.
    """
    table = schema.participants.c
    with store.transaction("read") as connection:
        own = table.group_key == _key(connection, schema.groups, group_id)
        wanted = select(table.id, table.name).where(own).order_by(table.name, table.id)
        return tuple(Participant(*row, group_id) for row in connection.execute(wanted))


def give_session(store: SessionStore, session_id: str, owner_id: str | None) -> None:
    """Say whom a session belongs to; None: to nobody.

    Raises:
        UnknownSession: there is none of that id.
        StoreError: the owner is unknown, or the database cannot be written.
    """
    table = schema.sessions
    with store.transaction("written") as connection:
        own = table.c.key == key_of(connection, session_id)
        owner_key = _key(connection, schema.owners, owner_id)
        connection.execute(update(table).where(own).values(owner_key=owner_key))


def owner_of(store: SessionStore, session_id: str) -> Owner | None:
    """Whom a session belongs to; None: to nobody.

    Raises:
        UnknownSession, StoreError.
    """
    owners, sessions = schema.owners.c, schema.sessions.c
    with store.transaction("read") as connection:
        key = key_of(connection, session_id)
        wanted = select(owners.id, owners.name).where(
            owners.key == sessions.owner_key, sessions.key == key
        )
        row = connection.execute(wanted).one_or_none()
    return None if row is None else Owner(*row)


def name_face(
    store: SessionStore, session_id: str, face_id: int, participant_id: str | None
) -> None:
    """Say who a face of a session is; None: nobody knows.

    Raises:
        UnknownSession: there is none of that id.
        StoreError: the session has no such face, the participant is unknown, or the database cannot
            be written.
    """
    table = schema.session_faces
    with store.transaction("written") as connection:
        own = table.c.session_key == key_of(connection, session_id)
        who = _key(connection, schema.participants, participant_id)
        named = update(table).where(own, table.c.face_id == face_id).values(participant_key=who)
        if connection.execute(named).rowcount == 0:
            raise StoreError(
                f"The session {session_id} has no face {face_id}.",
                advice="Choose a face that was seen in it.",
            )


def people_of(store: SessionStore, session_id: str) -> dict[int, Participant]:
    """The faces of a session that somebody gave a name, and who they are.

    Raises:
        UnknownSession, StoreError.
    """
    faces, who, groups = schema.session_faces.c, schema.participants, schema.groups
    with store.transaction("read") as connection:
        wanted = (
            select(faces.face_id, who.c.id, who.c.name, groups.c.id)
            .join(who, who.c.key == faces.participant_key)
            .outerjoin(groups, groups.c.key == who.c.group_key)
            .where(faces.session_key == key_of(connection, session_id))
            .order_by(faces.face_id)
        )
        return {row[0]: Participant(*row[1:]) for row in connection.execute(wanted)}


def _keep(connection: Connection, table: Table, row: dict[str, Any]) -> None:
    known = update(table).where(table.c.id == row["id"]).values(**row)
    if connection.execute(known).rowcount == 0:
        connection.execute(insert(table).values(**row))


def _key(connection: Connection, table: Table, wanted_id: str | None) -> int | None:
    """The key of an id that somebody named; None for None."""
    if wanted_id is None:
        return None
    key = connection.execute(select(table.c.key).where(table.c.id == wanted_id)).scalar()
    if key is None:
        raise StoreError(
            f"{table.name.capitalize()}: there is none of the id {wanted_id!r}.",
            advice="Store it first, or choose another.",
        )
    return int(key)
