"""Calibrations are kept with their session, and for next ones only where a person asked for it."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from core.domain import HeadPose, Participant
from core.domain.errors import UnknownSession
from core.measures import Calibration
from core.sessions import (
    forget_calibration,
    keep_calibration,
    kept_calibrations,
    people_of,
    read_csv,
    replace_calibration,
    save_participant,
    set_participant,
    unreadable_calibrations,
    unreadable_kept,
)
from core.sessions.exporters import export_session
from core.storage import tables
from tests.calibrating import AT, make_measured
from tests.make import make_moment, make_observation, make_session

ANA, BEN = Participant("p1", "Ana"), Participant("p2", "Ben «=1+1»")
MEASURED = make_measured()
LATER = replace(
    MEASURED,
    calibration=replace(MEASURED.calibration, eyes=None),
    measured_at=AT + timedelta(hours=1),
)


@pytest.fixture
def session(store):
    """A store with one session of one face."""
    store.begin(make_session("a"))
    store.append("a", [make_moment(0.0, make_observation(0.0))], now=AT)
    return store


def _rows(store, table):
    with store.transaction("read") as connection:
        return connection.execute(select(table)).all()


def test_a_face_has_its_newest_calibration_to_the_last_digit(session):
    assert session.calibrations("a") == {}
    for measured in (MEASURED, LATER):
        session.set_calibration("a", 1, measured)
        assert session.calibrations("a") == {1: measured}
    session.set_calibration("a", 2, MEASURED)
    assert session.calibrations("a") == {1: LATER, 2: MEASURED}


def test_a_calibration_is_deleted_with_its_session_and_not_with_another(session):
    session.begin(make_session("b"))
    for name in ("a", "b"):
        session.set_calibration(name, 1, MEASURED)
    session.delete("a")
    assert session.calibrations("b") == {1: MEASURED}
    assert len(_rows(session, tables.session_calibrations)) == 1
    session.begin(make_session("a"))
    assert session.calibrations("a") == {}


def test_without_its_session_there_is_no_calibration(session):
    with pytest.raises(UnknownSession, match="'x'"):
        session.calibrations("x")
    with pytest.raises(UnknownSession, match="'x'"):
        session.set_calibration("x", 1, MEASURED)


def test_a_calibration_is_kept_under_a_name_until_it_is_deleted(session):
    assert kept_calibrations(session) == ()
    keep_calibration(session, BEN, MEASURED)
    keep_calibration(session, ANA, LATER)
    found = kept_calibrations(session)
    assert [(one.participant, one.measured) for one in found] == [(ANA, LATER), (BEN, MEASURED)]
    session.delete("a")
    assert kept_calibrations(session) == found
    forget_calibration(session, BEN.id)
    forget_calibration(session, BEN.id)
    assert [one.participant for one in kept_calibrations(session)] == [ANA]


def test_a_deleted_calibration_leaves_no_name_behind(session):
    keep_calibration(session, ANA, MEASURED)
    forget_calibration(session, ANA.id)
    assert _rows(session, tables.participants) == []


def test_a_name_that_belongs_to_a_face_stays_when_its_calibration_is_deleted(session):
    keep_calibration(session, ANA, MEASURED)
    set_participant(session, "a", 1, ANA.id)
    forget_calibration(session, ANA.id)
    assert kept_calibrations(session) == ()
    assert people_of(session, "a") == {1: ANA}


def test_a_second_calibration_of_a_name_is_kept_beside_the_first_with_a_number(session):
    names = [
        keep_calibration(session, Participant(f"p{at}", "Ana"), one)
        for at, one in enumerate((MEASURED, LATER, LATER), start=1)
    ]
    assert names == ["Ana", "Ana (2)", "Ana (3)"]
    found = kept_calibrations(session)
    assert [one.participant.name for one in found] == names
    assert [one.measured for one in found] == [MEASURED, LATER, LATER]


def test_a_calibration_is_replaced_only_on_request_and_its_person_keeps_the_id(session):
    replace_calibration(session, ANA, MEASURED)
    replace_calibration(session, Participant("p9", "Ana"), LATER)
    (found,) = kept_calibrations(session)
    assert (found.participant, found.measured) == (ANA, LATER)
    assert len(_rows(session, tables.participants)) == 1


def test_a_person_of_the_same_name_without_a_calibration_is_somebody_else(session):
    save_participant(session, Participant("p9", "Ana"))
    keep_calibration(session, ANA, MEASURED)
    assert [one.participant for one in kept_calibrations(session)] == [ANA]
    forget_calibration(session, ANA.id)
    assert [one.id for one in _rows(session, tables.participants)] == ["p9"]


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("numbers", "{"),
        ("numbers", '{"eyes": {"open": 0.5}}'),
        ("numbers", '{"nose": 1}'),
        ("numbers", "[" * 100_000),
        ("measured_at", "yesterday"),
        ("measured_at", "2026-11-21T12:00:00"),
    ],
)
def test_a_damaged_calibration_is_left_out_and_said(session, tmp_path, caplog, column, text):
    for face_id in (1, 2):
        session.set_calibration("a", face_id, MEASURED)
    assert unreadable_calibrations(session, "a") == ()
    with session.transaction("written") as connection:
        table = tables.session_calibrations
        connection.execute(update(table).where(table.c.face_id == 1).values({column: text}))
    assert session.calibrations("a") == {2: MEASURED}
    assert "face 1 is left out: A stored calibration cannot be read" in caplog.text
    assert unreadable_calibrations(session, "a") == (1,)
    facts, _ = _facts(session, tmp_path)
    assert [one["face_id"] for one in facts["calibrations"]] == [2]
    assert facts["calibrations_note"].startswith("The calibration of face 1 cannot be read: ")
    assert len(read_csv(export_session(session, "a", models_dir=tmp_path))) == 1


def test_a_damaged_kept_calibration_hides_no_other_and_can_be_deleted(session):
    for one in (ANA, BEN):
        keep_calibration(session, one, MEASURED)
    assert unreadable_kept(session) == ()
    with session.transaction("written") as connection:
        table = tables.participant_calibrations
        first = select(tables.participants.c.key).where(tables.participants.c.id == ANA.id)
        damaged = update(table).where(table.c.participant_key == first.scalar_subquery())
        connection.execute(damaged.values(numbers="{"))
    assert [one.participant for one in kept_calibrations(session)] == [BEN]
    assert unreadable_kept(session) == (ANA,)
    forget_calibration(session, ANA.id)
    assert unreadable_kept(session) == ()
    assert [one.id for one in _rows(session, tables.participants)] == [BEN.id]


def test_the_file_of_a_session_measures_a_face_by_its_own_calibration(store, tmp_path):
    store.begin(make_session("a"))
    turned = HeadPose(23.5, 0.0, 0.0)  # within 25 degrees, and beyond the own cone
    moments = [
        make_moment(
            at / 10,
            *(replace(make_observation(at / 10, track_id=one), pose=turned) for one in (1, 2)),
        )
        for at in range(50)
    ]
    store.append("a", moments, now=AT)
    store.set_calibration("a", 1, MEASURED)
    table = read_csv(export_session(store, "a", models_dir=tmp_path))
    last = table[table["t_s"] == table["t_s"].max()].set_index("face_id")["facing"]
    assert last.to_dict() == {1: 0, 2: 1}


def _facts(store, tmp_path):
    packed = export_session(store, "a", ".zip", models_dir=tmp_path)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return json.loads(archive.read("session.json")), archive.read("codebook.csv").decode()


def test_an_archive_holds_the_calibration_and_what_its_numbers_mean(session, tmp_path):
    assert _facts(session, tmp_path)[0]["calibrations"] == []
    session.set_calibration("a", 1, MEASURED)
    facts, codebook = _facts(session, tmp_path)
    (exported,) = facts["calibrations"]
    assert exported["face_id"] == 1
    assert exported["measured_at"] == AT.isoformat()
    assert exported["eyes"] == {"open": 0.85, "closed": 0.25}
    assert exported.keys() == {"face_id", "measured_at", *vars(Calibration())}
    for name in exported:
        assert f"session.json: calibrations, {name}" in codebook
