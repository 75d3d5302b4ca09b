"""Sessions of a class that is a study are named, and go with the learner or with the class."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from core.classroom import close_classroom, delete_classroom, delete_everything, withdraw
from core.classroom.store.study_sessions import name_participant, study_session_id
from core.domain import AnalysedFrame
from core.domain.classroom import Shared
from core.sessions import participants_of, people_of
from core.storage.tables import participants
from tests.classes import EVERYTHING, OPENED_AT, joined, opened
from tests.make import make_observation, make_session

STUDY = replace(EVERYTHING, purpose="research", shared=tuple(Shared))


def recorded(store, room, name):
    """Somebody with a session of two seconds; the learner and its id."""
    learner = joined(store, room.id, name).learner
    session_id = study_session_id(learner, 1.5)
    store.begin(make_session(session_id))
    moments = [AnalysedFrame(at, at, (make_observation(float(at)),)) for at in range(2)]
    store.append(session_id, moments, now=OPENED_AT)
    name_participant(store, room, learner)
    return learner, session_id


def ids(store):
    return {one.session.id for one in store.sessions()}


def test_the_faces_of_a_session_are_those_of_its_learner_alone(store):
    room = opened(store, STUDY).classroom
    learners = [recorded(store, room, f"Learner {number}") for number in range(1, 12)]
    for learner, session_id in learners:  # number 1 is the beginning of 11
        (person,) = people_of(store, session_id).values()
        assert person.name == learner.name
    assert len(participants_of(store, room.id)) == 11


def test_who_withdraws_takes_their_sessions_and_no_others_along(store):
    room = opened(store, STUDY).classroom
    store.begin(make_session("another-session"))
    learners = [recorded(store, room, f"Learner {number}") for number in range(1, 12)]
    withdraw(store, learners[0][0].id)
    assert ids(store) == {"another-session", *(session_id for _, session_id in learners[1:])}
    assert len(participants_of(store, room.id)) == 10


def test_a_class_that_is_deleted_takes_its_sessions_along(store):
    room, other = (opened(store, STUDY, seed=seed).classroom for seed in (0, 1))
    recorded(store, room, "Ana")
    _, kept = recorded(store, other, "Ben")
    delete_classroom(store, room.id)
    assert ids(store) == {kept}
    assert [one.name for one in participants_of(store, other.id)] == ["Ben"]


def test_where_everything_is_deleted_names_of_studies_are_too(store):
    room = opened(store, STUDY).classroom
    recorded(store, room, "Ana")
    close_classroom(store, room.id, now=OPENED_AT)
    delete_everything(store, now=OPENED_AT + timedelta(days=1))
    assert ids(store) == set()
    with store.transaction("read") as connection:
        assert connection.execute(select(participants.c.name)).scalars().all() == []
