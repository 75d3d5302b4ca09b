"""A database from before practices keeps everything, and can hold them."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import create_engine, text

from core.domain import Owner, Participant
from core.domain.errors import StoreError
from core.domain.question_set import QuestionSet
from core.practice import (
    attempts_of,
    begin_attempt,
    begin_practice,
    delete_practice,
    own_sets,
    practices,
    save_set,
)
from core.sessions import SessionStore, kept_calibrations, owner_of, people_of, segments_of
from core.settings import PROJECT_DIR
from core.storage import migration
from tests.calibrating import make_measured
from tests.make import BEGAN_AT, make_moment, make_observation
from tests.practising import QUESTIONS, make_attempt, make_practice, part

WRITTEN_BY_VERSION_3 = PROJECT_DIR / "tests" / "golden" / "sessions_version_3.db"
ENDED, CUT_OFF = "2026-11-30-1200-calm-otter", "2026-11-30-1300-quick-fox"


@pytest.fixture
def path(tmp_path):
    """A copy of the database that version 3 wrote."""
    return shutil.copy(WRITTEN_BY_VERSION_3, tmp_path / "sessions.db")


def _rows(path):
    """Every row of every table that version 3 has, and no statement that made one."""
    with closing(sqlite3.connect(path)) as raw:
        return [one for one in raw.iterdump() if one.startswith("INSERT") and "version" not in one]


def _hold_a_practice(store, session_id):
    """Store a practice with a try, and a set; read them back, and delete the practice."""
    practice = make_practice()
    attempt = make_attempt(parts=(part(0.5, 1.5, session_id),))
    begin_practice(store, practice)
    begin_attempt(store, attempt)
    save_set(store, QuestionSet("Mine", "en", QUESTIONS), now=BEGAN_AT)
    assert practices(store) == (practice,)
    assert attempts_of(store, practice.id) == (attempt,)
    assert [one.question_set.name for one in own_sets(store)] == ["Mine"]
    delete_practice(store, practice.id)
    assert practices(store) == ()


def test_a_database_of_version_3_keeps_everything_and_can_hold_a_practice(path):
    before = _rows(path)
    with SessionStore.open(f"sqlite:///{path}") as store:
        assert practices(store) == own_sets(store) == ()
        assert [one.session.id for one in store.sessions()] == [CUT_OFF, ENDED]
        timeline, measured = store.read(ENDED), make_measured()
        assert (len(timeline), len(timeline.events), timeline.face_ids) == (70, 2, (1, 2))
        assert store.calibrations(ENDED) == {1: measured, 2: measured}
        (kept,) = kept_calibrations(store)
        assert (kept.participant, kept.measured) == (Participant("p2", "Ben"), measured)
        assert [one.prompt for one in segments_of(store, ENDED)] == ["Why?"]
        assert people_of(store, ENDED) == {1: Participant("p1", "Ana", "g1")}
        assert owner_of(store, ENDED) == Owner("o1", "A teacher")
        assert store.entry(ENDED).session.pauses == ((2.0, 12.5),)
    assert set(before) <= set(_rows(path))
    assert _rows(f"{path}.version-3") == before
    with SessionStore.open(f"sqlite:///{path}") as store:
        store.append(CUT_OFF, [make_moment(9.0, make_observation(9.0))], now=BEGAN_AT)
        _hold_a_practice(store, CUT_OFF)
        assert [one.session.id for one in store.sessions()] == [ENDED]
        assert len(store.read(ENDED)) == 70


def test_either_kind_of_database_of_version_3_can_hold_a_practice(url, tmp_path):
    (tmp_path / "new folder").mkdir()
    engine = create_engine(url)
    migration.migrate(engine, newest=3, waits_s=1.0)
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
        assert [one.session.title for one in store.sessions()] == ["A"]
        _hold_a_practice(store, "s")
        assert store.sessions() == []


def test_a_table_of_another_program_in_a_database_of_version_3_is_left_alone(path):
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("CREATE TABLE practices (colour TEXT)")
        raw.commit()
    before = _rows(path)
    with pytest.raises(StoreError, match="practices that is not Mien's"):
        SessionStore.open(f"sqlite:///{path}")
    assert _rows(path) == before
