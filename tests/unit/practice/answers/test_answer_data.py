"""The rows of an answer: whose they are, and when."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.domain import NO_FACE_ID
from core.domain.practice import AttemptPart
from core.practice.answers import answer_data, figures_of, readable
from core.practice.answers.answer_data import RecordedSession, data_of_parts
from core.sessions import SessionStore, demo_calibration, demo_session
from tests.answers import answer_of_parts, demo_rows, make_attempt, part, shifted
from tests.make import BEGAN_AT


@pytest.fixture
def store(tmp_path):
    with SessionStore.open(f"sqlite:///{tmp_path / 'sessions.db'}") as store:
        yield store


def test_an_answer_has_the_rows_of_its_part_from_second_0_on():
    rows, own = demo_rows()
    data = answer_of_parts(rows, own, part(10.0, 40.0))
    assert data.length_s == 30.0
    assert data.rows.time_s[0] == 0.0
    assert data.rows.time_s[-1] < 30.0
    assert len(data.rows) == 30 * 16
    assert data.calibration == own
    assert data.others_s == pytest.approx(5.0)


def test_the_rows_of_a_stored_session_are_the_same(store):
    rows, own = demo_rows()
    session, moments = demo_session(BEGAN_AT, np.random.default_rng(0))
    store.begin(session)
    store.append(session.id, moments, now=BEGAN_AT)
    store.set_calibration(session.id, 1, demo_calibration(BEGAN_AT))
    attempt = make_attempt(AttemptPart(session.id, 0.0, 10.0, 40.0), with_sound=True)
    data = answer_data(store, attempt)
    assert data.calibration == own
    assert data.levels is None
    expected = answer_of_parts(rows, own, part(10.0, 40.0))
    assert np.array_equal(data.rows.time_s, expected.rows.time_s)
    assert np.allclose(data.rows.pose, expected.rows.pose, atol=0.01)
    assert figures_of(data).usable_share == figures_of(expected).usable_share


def test_an_answer_whose_session_was_deleted_is_empty(store):
    data = answer_data(store, make_attempt(part(0.0, 10.0)))
    assert len(data.rows) == 0
    assert not readable(figures_of(data))
    assert len(answer_data(store, make_attempt()).rows) == 0
    assert answer_data(store, make_attempt()).length_s == 0.0


def test_a_gap_between_two_parts_stays_a_gap():
    rows, own = demo_rows()
    data = answer_of_parts(rows, own, part(0.0, 10.0), part(10.0, 20.0, offset_s=25.0))
    assert data.length_s == 35.0
    gap = (data.rows.time_s >= 10.0) & (data.rows.time_s < 25.0)
    assert not gap.any()
    assert data.seconds.sum() == pytest.approx(20.0, abs=0.5)


def test_faces_of_two_sessions_with_other_numbers_are_one_person():
    rows, own = demo_rows()
    names = np.where(rows.face_id == NO_FACE_ID, NO_FACE_ID, rows.face_id + 6)
    sessions = {
        "a": RecordedSession(rows, {1: own}),
        "b": RecordedSession(replace(rows, face_id=names), {}),
    }
    attempt = make_attempt(AttemptPart("a", 0.0, 0.0, 30.0), AttemptPart("b", 30.0, 30.0, 50.0))
    data = data_of_parts(attempt, sessions)
    whole = answer_of_parts(rows, own, part(0.0, 50.0))
    assert np.array_equal(data.rows.time_s, whole.rows.time_s)
    assert np.array_equal(data.rows.usable, whole.rows.usable)
    assert data.calibration == own
    assert data.others_s == pytest.approx(whole.others_s)


def test_an_answer_that_goes_on_has_the_length_of_its_rows():
    rows, own = demo_rows()
    assert answer_of_parts(rows, own, part(10.0, None)).length_s == pytest.approx(80.0, abs=0.1)


def test_where_in_its_session_an_answer_lies_changes_nothing():
    rows, own = demo_rows()
    found = figures_of(answer_of_parts(rows, own, part(10.0, 60.0)))
    for by_s in (0.3, 7.123456, 3600.0):
        late = answer_of_parts(shifted(rows, by_s), own, part(10.0 + by_s, 60.0 + by_s))
        assert figures_of(late) == found
