"""Learners: joined, found again, and followed."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import bindparam, insert, select, update

from core.classroom.codes import Draw, hash_of, new_secret
from core.classroom.store.classroom_rows import (
    classroom_from,
    good_ones,
    key_of_classroom,
    learner_from,
    lock_classroom,
    one_line,
    row_of_learner,
)
from core.domain.classroom import MAX_LEARNERS, Classroom, Learner, LearnerSite, LearnerState
from core.domain.errors import ClassroomRefusal
from core.sessions import SessionStore
from core.storage.classroom_tables import classrooms, learners
from core.storage.readable_rows import readable, text_of_time

_LEARNER = learners.c


@dataclass(frozen=True)
class JoinRequest:
    """What somebody who joins has chosen and agreed to.

    Attributes:
        name: of their own choosing, or a pseudonym; untrusted.
        site: where faces are read.
        notice_version: of the notice that was on screen.
    """

    name: str
    site: LearnerSite
    notice_version: str


@dataclass(frozen=True)
class Joined:
    """Somebody who just joined.

    Attributes:
        learner: they.
        secret: by which their own tab finds them again; it is stored nowhere.
    """

    learner: Learner
    secret: str


def join(
    store: SessionStore,
    classroom_id: str,
    request: JoinRequest,
    *,
    now: datetime,
    draw: Draw = secrets.token_bytes,
) -> Joined:
    """Let somebody join, with the next number of the class: one is never given twice, also not
    that of somebody who withdrew.

    Args:
        now: aware, UTC: also the time of consent.
        draw: gives random bytes, for the secret.
    Raises:
        UnknownClassroom.
        ClassroomRefusal: the class is closed or full.
        ValueError: see `Learner`.
        StoreError: the database refuses.
    """
    secret = new_secret(draw)
    with store.transaction("written") as connection:
        row = lock_classroom(connection, classroom_id)
        if row["closed_at"] is not None:
            raise closed()
        number = row["learner_count"] + 1
        if number > MAX_LEARNERS:
            raise ClassroomRefusal(
                f"This class is full: {MAX_LEARNERS} people have joined it.",
                advice="Ask the teacher for another class.",
            )
        learner = Learner(
            id=f"{classroom_id}-{number}",
            classroom_id=classroom_id,
            number=number,
            name=one_line(request.name),
            site=request.site,
            consent_at=now,
            notice_version=request.notice_version,
            state=LearnerState.NO_CAMERA,  # until the device says otherwise
            seen_at=now,
        )
        own = {"classroom_key": row["key"], "own_hash": hash_of(secret)}
        connection.execute(insert(learners).values(**row_of_learner(learner), **own))
        counted = update(classrooms).where(classrooms.c.key == row["key"])
        connection.execute(counted.values(learner_count=number))
    return Joined(learner, secret)


def closed() -> ClassroomRefusal:
    """The error where a class is closed."""
    return ClassroomRefusal(
        "This class is closed.", advice="Ask the teacher to open it again, then reload this page."
    )


def learner_of_secret(store: SessionStore, secret: str) -> tuple[Classroom, Learner] | None:
    """The learner whose tab keeps a secret, with the class; None where there is none.

    Args:
        secret: untrusted.
    Raises:
        StoreError: they, or the database, cannot be read.
    """
    with store.transaction("read") as connection:
        own = select(learners).where(_LEARNER.own_hash == hash_of(secret))
        row = connection.execute(own).mappings().first()
        if row is None:
            return None
        of_class = select(classrooms).where(classrooms.c.key == row["classroom_key"])
        room = connection.execute(of_class).mappings().first()
    if room is None:  # deleted meanwhile
        return None
    classroom = readable(partial(classroom_from, room), f"Class {room['id']}")
    what = f"What is stored of learner {row['number']}"
    return classroom, readable(partial(learner_from, row, classroom.id), what)


def learners_of(store: SessionStore, classroom_id: str) -> tuple[Learner, ...]:
    """The learners of a class that can be read, by number; others are logged.

    Raises:
        UnknownClassroom, StoreError.
    """
    with store.transaction("read") as connection:
        own = _LEARNER.classroom_key == key_of_classroom(connection, classroom_id)
        query = select(learners).where(own).order_by(_LEARNER.number)
        rows = connection.execute(query).mappings().all()
    return good_ones(rows, lambda row: learner_from(row, classroom_id), "a learner")


def set_states(store: SessionStore, states: Mapping[str, LearnerState], *, now: datetime) -> None:
    """Store what the devices of learners do, and that they were heard of now. Those who withdrew
    are passed over.

    Args:
        states: by ids of learners, of any classes.
    Raises:
        StoreError: the database refuses; nothing was stored, and the call may be repeated.
    """
    own = update(learners).where(_LEARNER.id == bindparam("of_learner"))
    query = own.values(state=bindparam("new_state"), seen_at=text_of_time(now))
    # In one order everywhere: two that write at once do not wait for each other for ever.
    rows = [{"of_learner": one, "new_state": states[one].value} for one in sorted(states)]
    if rows:
        with store.transaction("written") as connection:
            connection.execute(query, rows)
