"""Sessions of a class that is a study: the readings of each learner, who is a participant."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, delete, select, update

from core.domain import Group, GroupKind, Participant
from core.domain.classroom import Classroom, Learner
from core.sessions import SessionStore, delete_session, save_group, save_participant
from core.storage.tables import groups, participants, session_faces, sessions


def study_session_id(learner: Learner, began_s: float) -> str:
    """The id of a session of a learner: it begins as that of the learner, and so of the class.

    Args:
        began_s: when it began, in seconds of the class.
    """
    return f"{learner.id}-{round(began_s * 1000)}"


def name_participant(store: SessionStore, classroom: Classroom, learner: Learner) -> None:
    """Say whose the faces of a learner's sessions are.

    Raises:
        StoreError: the database refuses.
    """
    save_group(store, Group(classroom.id, GroupKind.STUDY, classroom.title))
    save_participant(store, Participant(learner.id, learner.name, classroom.id))
    of_learner = select(sessions.c.key).where(_begins_as(learner.id)).scalar_subquery()
    key = select(participants.c.key).where(participants.c.id == learner.id).scalar_subquery()
    own = session_faces.c.session_key.in_(of_learner)
    with store.transaction("written") as connection:
        connection.execute(update(session_faces).where(own).values(participant_key=key))


def delete_study_of_learner(connection: Connection, learner_id: str) -> None:
    """Delete what a study has of a learner."""
    _delete_sessions(connection, learner_id)
    connection.execute(delete(participants).where(participants.c.id == learner_id))


def delete_study_of_class(connection: Connection, classroom_id: str) -> None:
    """Delete what a study has of everybody in a class."""
    _delete_sessions(connection, classroom_id)
    key = select(groups.c.key).where(groups.c.id == classroom_id).scalar_subquery()
    connection.execute(delete(participants).where(participants.c.group_key == key))
    connection.execute(delete(groups).where(groups.c.id == classroom_id))


def _delete_sessions(connection: Connection, owner_id: str) -> None:
    found = connection.execute(select(sessions.c.id).where(_begins_as(owner_id))).scalars().all()
    for session_id in found:
        delete_session(connection, session_id)


def _begins_as(owner_id: str) -> ColumnElement[bool]:
    return sessions.c.id.startswith(f"{owner_id}-", autoescape=True)
