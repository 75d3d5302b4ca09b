"""Learners who withdraw: everything that they shared and said is deleted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, delete, select

from core.classroom.store.classroom_rows import lock_classroom, unknown_learner
from core.classroom.store.seconds import remove_learners
from core.classroom.store.study_sessions import delete_study_of_learner
from core.domain.errors import StoreError, UnknownClassroom
from core.sessions import SessionStore
from core.storage.classroom_tables import classrooms, learners


class _Asked:
    """A withdrawal that somebody waits for."""

    def __init__(self, learner_id: str) -> None:
        self.learner_id = learner_id
        self.is_done = False
        self.error: StoreError | None = None


class _Waiting:
    """The withdrawals of one database that are asked for in this process."""

    def __init__(self) -> None:
        self.turn = Lock()
        self.guard = Lock()
        self.asked: list[_Asked] = []


_waiting_of: WeakKeyDictionary[SessionStore, _Waiting] = WeakKeyDictionary()
_guard = Lock()


def withdraw(store: SessionStore, learner_id: str) -> None:
    """Delete a learner with everything they shared and said, in one transaction. What comes of
    them later is not stored.

    To take one learner out of the blocks of a long lesson takes as long as to take out all: those
    who withdraw meanwhile, as when a class is over, are taken out together by whoever comes next.

    Raises:
        UnknownLearner: there is none of that id, or no more.
        StoreError: the database refuses; nothing was deleted.
    """
    with _guard:
        waiting = _waiting_of.setdefault(store, _Waiting())
    own = _Asked(learner_id)
    with waiting.guard:
        waiting.asked.append(own)
    with waiting.turn:
        if not own.is_done:
            with waiting.guard:
                asked, waiting.asked = waiting.asked, []
            _withdraw_together(store, asked)
    if own.error is not None:
        # Its own: several threads must not raise the same one.
        raise type(own.error)(own.error.message, advice=own.error.advice)


def _withdraw_together(store: SessionStore, asked: Sequence[_Asked]) -> None:
    try:
        with store.transaction("written") as connection:
            gone = _delete(connection, {one.learner_id for one in asked})
    except StoreError as error:
        for one in asked:
            one.error = error
    else:
        for one in asked:
            one.error = None if one.learner_id in gone else unknown_learner()
    finally:
        for one in asked:
            one.is_done = True


def _delete(connection: Connection, ids: Iterable[str]) -> set[str]:
    """Delete learners; returns the ids of those that there were."""
    query = select(classrooms.c.id, learners.c.id).join_from(learners, classrooms)
    of_classes: dict[str, list[str]] = defaultdict(list)
    for classroom_id, learner_id in connection.execute(query.where(learners.c.id.in_(ids))):
        of_classes[classroom_id].append(learner_id)
    gone: dict[str, int] = {}
    # In one order everywhere: two that write at once do not wait for each other for ever.
    for classroom_id in sorted(of_classes):
        try:
            key = lock_classroom(connection, classroom_id)["key"]
        except UnknownClassroom:  # deleted meanwhile, with its learners
            continue
        numbers = {}
        for learner_id in sorted(of_classes[classroom_id]):
            # Flags go with the learner (ON DELETE CASCADE).
            own = delete(learners).where(learners.c.id == learner_id)
            number = connection.execute(own.returning(learners.c.number)).scalar()
            if number is not None:
                numbers[learner_id] = number
                delete_study_of_learner(connection, learner_id)
        remove_learners(connection, key, list(numbers.values()))
        gone |= numbers
    return set(gone)
