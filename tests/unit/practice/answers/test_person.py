"""Who of the faces in a session gave the answer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.domain import NO_FACE_ID, RejectReason, Timeline
from core.measures import Calibration
from core.practice.answers import feedback, figures_of, remark_text
from core.practice.answers.answer_data import AnswerData, RecordedSession, data_of_parts
from core.practice.answers.person import person_of
from tests.answers import SESSION, answer_of_parts, demo_rows, make_attempt, part, unusable
from tests.faces_in_time import OWN, face_with, seconds

OTHERS = Calibration(rest=OWN.rest)


def back_with(number: int) -> Timeline:
    """A face that is out of view from 20 s to 25 s, and comes back with another number."""
    rows = face_with(seconds(60.0))
    away = (rows.time_s >= 20) & (rows.time_s < 25)
    gone = unusable(rows, 20.0, 25.0, RejectReason.NO_FACE)
    numbers = np.where(rows.time_s < 20, 1, np.where(away, NO_FACE_ID, number))
    pose = np.where(away[:, None], np.nan, rows.pose)
    return replace(gone, face_id=numbers, pose=pose)


def answer(rows: Timeline, calibrations: dict[int, Calibration]) -> AnswerData:
    attempt = make_attempt(part(0.0, 60.0))
    return data_of_parts(attempt, {SESSION: RecordedSession(rows, calibrations)})


def test_a_face_that_comes_back_with_another_number_is_the_same_person():
    data = answer(back_with(4), {1: OWN})
    figures = figures_of(data)
    assert figures.usable_share == pytest.approx(55 / 60)
    assert figures.others_s == 0.0
    assert data.calibration is OWN
    (remark,) = feedback(figures, data)
    assert remark_text(remark) == "You faced the screen for 55 of 55 seconds."


def test_the_calibration_is_kept_in_answers_after_the_number_changed():
    rows = back_with(4)
    later = rows.where(rows.time_s >= 30)
    assert person_of(later, {1: OWN}).calibration is OWN
    assert person_of(later, {1: OTHERS, 4: OWN}).calibration is OWN
    assert person_of(later, {1: OTHERS, 3: OWN}).calibration is OWN
    assert person_of(later, {}).calibration is None


def test_who_is_in_view_beside_the_person_is_somebody_else():
    rows, own = demo_rows()
    inside = rows.where((rows.time_s >= 30) & (rows.time_s < 60))
    found = person_of(inside, {1: own})
    assert found.numbers == {1}
    assert found.calibration is own
    mostly_away = person_of(rows.where((rows.time_s >= 50) & (rows.time_s < 58)), {1: own})
    assert mostly_away.numbers == {2}
    assert mostly_away.calibration is None


def test_who_calibrated_is_the_person_unless_another_is_usable_for_twice_as_long():
    rows, own = demo_rows()
    # From 45 s to 65 s the second face is usable all the time, the first for 15 s of 20.
    calibrated = answer_of_parts(rows, own, part(45.0, 65.0))
    assert calibrated.calibration == own
    assert figures_of(calibrated).usable_share == pytest.approx(0.75)
    assert figures_of(answer_of_parts(rows, None, part(45.0, 65.0))).usable_share == 1.0


def test_without_any_face_there_is_nobody():
    rows = back_with(4)
    nobody = person_of(rows.where(rows.face_id == NO_FACE_ID), {1: OWN})
    assert (nobody.numbers, nobody.usable_s) == (frozenset(), 0.0)
