"""Calibrations that people keep for their next sessions, each under a name that they gave."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import chain, count

from sqlalchemy import Connection, RowMapping, delete, insert, select

from core.domain import Participant
from core.domain.errors import StoreError
from core.sessions.calibrations import (
    KeptCalibration,
    MeasuredCalibration,
    calibration_from,
    write_calibration,
)
from core.sessions.store import SessionStore
from core.storage import tables

_KEPT, _PEOPLE, _GROUPS = tables.participant_calibrations, tables.participants, tables.groups


def keep_calibration(
    store: SessionStore, participant: Participant, measured: MeasuredCalibration
) -> str:
    """Keep a calibration for a person's next sessions, beside all that are kept.

    Args:
        participant: new, without a group.
    Returns:
        The name it is kept under: numbered where one of this name is kept already, as "Ana (2)".
    Raises:
        StoreError: the database cannot be written.
    """
    with store.transaction("written") as connection:
        name = _free_name(connection, participant.name)
        _keep(connection, replace(participant, name=name), measured)
    return name


def replace_calibration(
    store: SessionStore, participant: Participant, measured: MeasuredCalibration
) -> None:
    """Keep a calibration in place of the one that is kept under this name, if there is one.

    Args:
        participant: new, without a group; an earlier one of this name keeps the id.
    Raises:
        StoreError: the database cannot be written.
    """
    with store.transaction("written") as connection:
        key = _key_of_name(connection, participant.name)
        if key is None:
            _keep(connection, participant, measured)
        else:
            write_calibration(connection, _KEPT, {"participant_key": key}, measured)


def kept_calibrations(store: SessionStore) -> tuple[KeptCalibration, ...]:
    """All that are kept and can be read, by name.

    Raises:
        StoreError: the database cannot be read.
    """
    found = []
    for row in _rows(store):
        with suppress(StoreError):  # `unreadable_kept` names it
            found.append(KeptCalibration(_participant_of(row), calibration_from(row)))
    return tuple(found)


def unreadable_kept(store: SessionStore) -> tuple[Participant, ...]:
    """Whose kept calibration cannot be read: it is damaged, or of a later version.

    Raises:
        StoreError: the database cannot be read.
    """
    readable = {one.participant for one in kept_calibrations(store)}
    return tuple(one for one in map(_participant_of, _rows(store)) if one not in readable)


def forget_calibration(store: SessionStore, participant_id: str) -> None:
    """Delete a kept calibration, and with it the person's name where nothing else refers to it.

    Nothing happens where there is none.

    Raises:
        StoreError: the database cannot be written.
    """
    people, faces = _PEOPLE.c, tables.session_faces.c
    query = select(people.key, people.group_key).join(_KEPT, _KEPT.c.participant_key == people.key)
    with store.transaction("written") as connection:
        row = connection.execute(query.where(people.id == participant_id)).one_or_none()
        if row is None:
            return
        connection.execute(delete(_KEPT).where(_KEPT.c.participant_key == row.key))
        used = select(faces.face_id).where(faces.participant_key == row.key).limit(1)
        if row.group_key is None and connection.execute(used).first() is None:
            connection.execute(delete(_PEOPLE).where(people.key == row.key))


def _rows(store: SessionStore) -> Sequence[RowMapping]:
    people = _PEOPLE.c
    query = (
        select(people.id, people.name, _GROUPS.c.id.label("group_id"), _KEPT)
        .join(_KEPT, _KEPT.c.participant_key == people.key)
        .outerjoin(_GROUPS, _GROUPS.c.key == people.group_key)
        .order_by(people.name, people.id)
    )
    with store.transaction("read") as connection:
        return connection.execute(query).mappings().all()


def _participant_of(row: RowMapping) -> Participant:
    return Participant(row["id"], row["name"], row["group_id"])


def _keep(connection: Connection, participant: Participant, measured: MeasuredCalibration) -> None:
    row = {"id": participant.id, "name": participant.name}
    made = insert(_PEOPLE).values(**row).returning(_PEOPLE.c.key)
    key = int(connection.execute(made).scalar_one())
    write_calibration(connection, _KEPT, {"participant_key": key}, measured)


def _free_name(connection: Connection, name: str) -> str:
    numbered = (f"{name} ({number})" for number in count(2))
    return next(one for one in chain((name,), numbered) if _key_of_name(connection, one) is None)


def _key_of_name(connection: Connection, name: str) -> int | None:
    people = _PEOPLE.c
    query = select(people.key).join(_KEPT, _KEPT.c.participant_key == people.key)
    key = connection.execute(query.where(people.name == name).order_by(people.key)).scalar()
    return None if key is None else int(key)
