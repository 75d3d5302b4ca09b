"""Rows of classes and learners, and the values they are."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from sqlalchemy import Connection, RowMapping, select, update

from core.domain.classroom import Classroom, Learner, LearnerSite, LearnerState, Shared
from core.domain.errors import UnknownClassroom, UnknownLearner
from core.domain.plain_values import from_plain, parse_json
from core.storage.classroom_tables import classrooms, learners
from core.storage.corrupt_data import DAMAGED_CONTENT, short_message
from core.storage.readable_rows import text_of_time, time_of

_log = logging.getLogger(__name__)

Value = TypeVar("Value")

_ROOM, _LEARNER = classrooms.c, learners.c


def row_of_classroom(classroom: Classroom) -> dict[str, Any]:
    """A class's row, without secrets."""
    plain = ("id", "code", "title", "region", "purpose", "card_name")
    return {name: getattr(classroom, name) for name in plain} | {
        "shared": json.dumps(classroom.shared),
        "is_listed": int(classroom.is_listed),
        "labels": json.dumps(classroom.labels, ensure_ascii=False),
        "opened_at": text_of_time(classroom.opened_at),
        "closed_at": text_of_time(classroom.closed_at),
    }


def classroom_from(row: Mapping[Any, Any]) -> Classroom:
    """A class from its row; `core.storage.readable_rows.readable` says what damaged ones raise."""
    plain = ("id", "code", "title", "region", "purpose", "card_name")
    return Classroom(
        **{name: row[name] for name in plain},
        shared=from_plain(tuple[Shared, ...], parse_json(row["shared"])),
        is_listed=bool(row["is_listed"]),
        labels=from_plain(tuple[str, ...], parse_json(row["labels"])),
        opened_at=time_of(row["opened_at"]),
        closed_at=time_of(row["closed_at"]),
    )


def row_of_learner(learner: Learner) -> dict[str, Any]:
    """A learner's row, without class and secret."""
    plain = ("id", "number", "name", "notice_version")
    return {name: getattr(learner, name) for name in plain} | {
        "site": learner.site.value,
        "consent_at": text_of_time(learner.consent_at),
        "state": learner.state.value,
        "seen_at": text_of_time(learner.seen_at),
    }


def learner_from(row: Mapping[Any, Any], classroom_id: str) -> Learner:
    """A learner from its row."""
    return Learner(
        id=row["id"],
        classroom_id=classroom_id,
        number=row["number"],
        name=row["name"],
        site=LearnerSite(row["site"]),
        consent_at=time_of(row["consent_at"]),
        notice_version=row["notice_version"],
        state=LearnerState(row["state"]),
        seen_at=time_of(row["seen_at"]),
    )


def one_line(text: str) -> str:
    """Words from outside as one line: control characters and marks that turn the direction of
    text become spaces, and spaces are not doubled.
    """
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def good_ones(
    rows: Iterable[RowMapping], make: Callable[[RowMapping], Value], what: str
) -> tuple[Value, ...]:
    """The values of rows that can be read; others are logged, so that none hides the rest.

    For what is read once a second: the values check themselves, and that is all that is checked.
    """
    found = []
    for row in rows:
        try:
            found.append(make(row))
        except DAMAGED_CONTENT as error:
            _log.warning("left out: %s %s: %s", what, row["key"], short_message(error))
    return tuple(found)


def key_of_classroom(connection: Connection, classroom_id: str) -> int:
    """The key of a class.

    Raises:
        UnknownClassroom: there is none of that id.
    """
    key = connection.execute(select(_ROOM.key).where(_ROOM.id == classroom_id)).scalar()
    if key is None:
        raise unknown_classroom()
    return int(key)


def lock_classroom(connection: Connection, classroom_id: str) -> RowMapping:
    """A class's row, which no other transaction can change or lock until this one ends.

    Whatever gives numbers to learners, adds blocks or takes a learner out begins with it. So no
    number is given twice, no row of a learner is stored after the learner withdrew, and the blocks
    of a class become visible in the order of their keys.

    Raises:
        UnknownClassroom: there is none of that id.
    """
    # An update that changes nothing: SQLite has no other lock.
    same = update(classrooms).where(_ROOM.id == classroom_id).values(code=_ROOM.code)
    row = connection.execute(same.returning(classrooms)).mappings().one_or_none()
    if row is None:
        raise unknown_classroom()
    return row


def unknown_classroom() -> UnknownClassroom:
    """The error where there is no such class."""
    return UnknownClassroom(
        "There is no such class.", advice="It may have been deleted; ask for a new link."
    )


def unknown_learner() -> UnknownLearner:
    """The error where there is no such learner."""
    return UnknownLearner(
        "Nobody takes part in the class by this link.",
        advice="What was shared may have been deleted; join again with the code.",
    )
