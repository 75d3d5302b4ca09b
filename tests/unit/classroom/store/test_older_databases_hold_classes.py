"""A database from before classes keeps everything, and can hold them."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, text

from core.classroom import (
    append_seconds,
    classroom_of_code,
    classrooms,
    delete_classroom,
    read_seconds,
    withdraw,
)
from core.domain import Owner, Participant
from core.domain.errors import StoreError
from core.domain.practice import AttemptOutcome
from core.practice import attempts_of, levels_of, moment_answers, own_sets, practices
from core.sessions import SessionStore, kept_calibrations, owner_of, people_of, segments_of
from core.settings import PROJECT_DIR
from core.storage import migration
from tests.calibrating import make_measured
from tests.classes import joined, opened, pairs, seconds
from tests.make import BEGAN_AT, make_moment, make_observation
from tests.practising import QUESTIONS, make_moment_answer, make_practice, make_self_report, part

WRITTEN_BY_VERSION_4 = PROJECT_DIR / "tests" / "golden" / "sessions_version_4.db"
ENDED, CUT_OFF = "2026-11-30-1200-calm-otter", "2026-11-30-1300-quick-fox"


@pytest.fixture
def path(tmp_path):
    """A copy of the database that version 4 wrote."""
    return shutil.copy(WRITTEN_BY_VERSION_4, tmp_path / "sessions.db")


def _rows(path):
    """Every row of every table, and no statement that made one."""
    with closing(sqlite3.connect(path)) as raw:
        return [one for one in raw.iterdump() if one.startswith("INSERT") and "version" not in one]


def _hold_a_class(store):
    """Store a class with learners and rows; read them back, and delete the class."""
    room = opened(store).classroom
    ana = joined(store, room.id).learner
    joined(store, room.id, "Ben")
    append_seconds(store, room.id, seconds([(0, 1), (0, 2)]))
    withdraw(store, ana.id)
    assert classroom_of_code(store, room.code) == room
    assert pairs(read_seconds(store, room.id)[0]) == [(0, 2)]
    delete_classroom(store, room.id)
    assert classrooms(store) == ()


def test_a_database_of_version_4_keeps_everything_and_can_hold_a_class(path):
    before = _rows(path)
    with SessionStore.open(f"sqlite:///{path}") as store:
        assert classrooms(store) == ()
        assert {one.session.id for one in store.sessions()} == {ENDED, CUT_OFF}
        timeline = store.read(ENDED)
        assert (len(timeline), len(timeline.events)) == (61, 1)
        assert store.calibrations(ENDED) == {1: make_measured()}
        assert [one.participant for one in kept_calibrations(store)] == [Participant("p2", "Ben")]
        assert [one.prompt for one in segments_of(store, ENDED)] == ["Why?"]
        assert people_of(store, ENDED) == {1: Participant("p1", "Ana", "g1")}
        assert owner_of(store, ENDED) == Owner("o1", "A teacher")
        assert len(levels_of(store, ENDED).time_s) == 600
        _expect_practices(store)
        store.append(CUT_OFF, [make_moment(9.0, make_observation(9.0))], now=BEGAN_AT)
        _hold_a_class(store)
    kept = [one for one in before if CUT_OFF not in one]  # it has a row more now
    assert set(kept) <= set(_rows(path))
    assert _rows(f"{path}.version-4") == before


def _expect_practices(store):
    """The practices of the database of version 4 are as they were written."""
    ended = make_practice(ended_at=BEGAN_AT + timedelta(minutes=5))
    goes_on = make_practice("p2", person="Ben", with_sound=False)
    assert set(practices(store)) == {ended, goes_on}
    first, second = attempts_of(store, "p1")
    assert (first.report, first.outcome) == (make_self_report(), AttemptOutcome.ANSWERED)
    assert second.parts == (part(20.0, 40.0, ENDED), part(45.0, 50.0, ENDED, offset_s=25.0))
    assert moment_answers(store, "a1") == (make_moment_answer(),)
    assert [one.question_set.questions for one in own_sets(store)] == [QUESTIONS]


def test_either_kind_of_database_of_version_4_can_hold_a_class(url, tmp_path):
    (tmp_path / "new folder").mkdir()
    engine = create_engine(url)
    migration.migrate(engine, newest=4, waits_s=1.0)
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO sessions (id, source, title, card_name, scheme_name, began_at, "
                "purpose, last_write_at, row_count, face_count) VALUES ('s', 'camera', 'A', 'm', "
                "'fer7', '2026-11-30T12:00:00+00:00', 'self-practice', "
                "'2026-11-30T12:00:00+00:00', 0, 0)"
            )
        )
    engine.dispose()
    with SessionStore.open(url) as store:
        _hold_a_class(store)
        assert [one.session.title for one in store.sessions()] == ["A"]


def test_a_table_of_another_program_in_a_database_of_version_4_is_left_alone(path):
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("CREATE TABLE classrooms (colour TEXT)")
        raw.commit()
    before = _rows(path)
    with pytest.raises(StoreError, match="classrooms that is not Mien's"):
        SessionStore.open(f"sqlite:///{path}")
    assert _rows(path) == before
