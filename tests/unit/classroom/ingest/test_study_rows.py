"""A class that is a study records each learner's rows as a session too; no other class does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.classroom import delete_classroom, withdraw
from core.domain.classroom import Shared
from core.policy import Purpose, Region, UsePolicy
from core.sessions import participants_of, people_of
from tests.classes import EVERYTHING
from tests.lessons import make_lesson

RESEARCH = UsePolicy(Region.ELSEWHERE, Purpose.RESEARCH)
STUDY = replace(EVERYTHING, purpose="research", shared=tuple(Shared))


@pytest.fixture
def study(store):
    return make_lesson(store, STUDY, policy=RESEARCH)


def taught(lesson, *names):
    """Three seconds in which everybody is seen."""
    browsers = [lesson.join(name) for name in names]
    for _ in range(3):
        lesson.clock.advance(1.0)
        for browser in browsers:
            lesson.ingest.accept(browser.token, browser.body())
    return browsers


def test_each_learner_has_a_session_with_every_row_and_is_the_participant(study):
    study.clock.advance(60.0)
    ana, ben = taught(study, "Ana", "Ben")
    study.ingest.close()
    entries = {one.session.title: one for one in study.store.sessions()}
    assert set(entries) == {"Photosynthesis: Ana", "Photosynthesis: Ben"}
    for browser, name in ((ana, "Ana"), (ben, "Ben")):
        entry = entries[f"Photosynthesis: {name}"]
        assert (entry.rows, entry.session.purpose) == (15, "research")
        assert entry.session.consent_at == browser.learner.consent_at
        assert entry.session.ended_at is not None
        assert study.classroom.second_at(entry.session.began_at) == pytest.approx(60.0)
        people = people_of(study.store, entry.session.id)
        assert {person.name for person in people.values()} == {name}
    group = participants_of(study.store, study.classroom.id)
    assert [one.name for one in group] == ["Ana", "Ben"]


def test_a_session_of_a_study_holds_what_the_browser_read(study):
    taught(study, "Ana")
    study.ingest.close()
    (entry,) = study.store.sessions()
    rows = study.store.read(entry.session.id)
    assert rows.time_s.tolist() == pytest.approx([number / 5 for number in range(15)], abs=1e-3)
    assert set(rows.face_id.tolist()) == {1}
    assert set(rows.shown.tolist()) == {"happy"}
    assert rows.blendshapes.shape == (15, 52)


def test_a_class_without_that_choice_records_no_session(lesson):
    taught(lesson, "Ana")
    lesson.ingest.close()
    assert lesson.store.sessions() == []


def test_who_withdraws_takes_their_session_and_name_along(study):
    ana, _ = taught(study, "Ana", "Ben")
    study.ingest.close()
    withdraw(study.store, ana.learner.id)
    assert [one.session.title for one in study.store.sessions()] == ["Photosynthesis: Ben"]
    assert [one.name for one in participants_of(study.store, study.classroom.id)] == ["Ben"]


def test_what_is_still_being_written_of_somebody_who_withdrew_is_deleted_too(study):
    (ana,) = taught(study, "Ana")
    withdraw(study.store, ana.learner.id)
    study.ingest.close()
    assert study.store.sessions() == []


def test_a_study_that_is_deleted_takes_its_sessions_and_names_along(study):
    taught(study, "Ana", "Ben")
    study.ingest.close()
    delete_classroom(study.store, study.classroom.id)
    assert study.store.sessions() == []


def test_a_learner_who_comes_back_has_another_session(study):
    (ana,) = taught(study, "Ana")
    ana.token, ana.sequence = study.ingest.open(study.classroom, ana.learner), 0
    for _ in range(3):
        study.send(ana)
    study.ingest.close()
    assert sorted(one.rows for one in study.store.sessions()) == [15, 15]


@pytest.mark.parametrize("lacking", [Shared.FACING, Shared.ENGAGEMENT])
def test_rows_are_recorded_only_where_all_of_them_is_shared(study, lacking):
    shared = tuple(one for one in Shared if one is not lacking)
    with pytest.raises(ValueError, match="rows hold everything"):
        replace(study.classroom, shared=shared)
