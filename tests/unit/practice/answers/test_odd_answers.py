"""Answers that are not as they should be: figures stay right, and nothing fails."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.domain import CONFIDENT2, FER7, NO_FACE_ID, AnalysedFrame, RejectReason, Timeline
from core.domain.practice import AttemptPart
from core.practice.answers import (
    Direction,
    RemarkKind,
    feedback,
    figures_of,
    moments_of,
    readable,
    remark_text,
    remedy_text,
    series_of,
)
from core.practice.answers.answer_data import AnswerData, RecordedSession, data_of_parts
from tests.answers import answer_of, answer_of_parts, make_attempt, part, unusable
from tests.faces_in_time import OWN, face_with, seconds
from tests.make import make_moment, make_observation


def everything(data: AnswerData) -> None:
    """Nothing fails, and every sentence is one."""
    figures = figures_of(data)
    for one in feedback(figures, data):
        assert remark_text(one).endswith(".")
    assert len(moments_of(data)) <= 8
    assert len(series_of(data).time_s) == int(np.ceil(data.length_s))


def two_faces(times_s: np.ndarray, is_first: np.ndarray) -> Timeline:
    """Two faces side by side; the first is usable where it is so said, the second elsewhere."""
    frames: list[AnalysedFrame] = []
    for time_s, first in zip(times_s.tolist(), is_first.tolist(), strict=True):
        reasons = (None, RejectReason.TOO_SMALL) if first else (RejectReason.TOO_SMALL, None)
        faces = [
            make_observation(time_s, track_id=number, reason=reason)
            for number, reason in enumerate(reasons, 1)
        ]
        frames.append(make_moment(time_s, *faces))
    return Timeline.from_frames(FER7, frames)


def test_of_two_faces_that_swap_size_one_is_measured_and_the_remedy_is_to_be_alone():
    times = seconds(40.0)
    data = answer_of(two_faces(times, times % 8 < 4.5))
    figures = figures_of(data)
    assert figures.usable_share == pytest.approx(22.5 / 40)
    assert figures.others_s == pytest.approx(40.0)
    assert not readable(figures)
    assert figures.hindrance is not None
    assert remedy_text(figures.hindrance) == "nobody else in the picture"
    everything(data)


def test_a_face_that_is_lost_in_the_middle_is_no_look_away():
    rows = face_with(seconds(60.0))
    gone = (rows.time_s >= 20) & (rows.time_s < 35)
    emptied = unusable(rows, 20.0, 35.0, RejectReason.NO_FACE)
    pose = np.where(gone[:, None], np.nan, rows.pose)
    face = np.where(gone, NO_FACE_ID, rows.face_id)
    data = answer_of(replace(emptied, pose=pose, face_id=face), OWN)
    figures = figures_of(data)
    assert figures.facing_share == 1.0
    assert figures.facing_known_s == pytest.approx(45.0)
    (remark,) = feedback(figures, data)
    assert (remark.kind, remark.reason) == (RemarkKind.NOT_MEASURED, RejectReason.NO_FACE)
    assert (remark.begins_s, remark.ends_s) == (pytest.approx(20.0), pytest.approx(35.0))
    assert np.isnan(series_of(data).facing[20:35]).all()
    everything(data)


def test_an_answer_of_one_second_has_only_what_a_second_tells():
    data = answer_of(face_with(seconds(1.0)), OWN)
    figures = figures_of(data)
    assert figures.length_s == pytest.approx(1.0)
    assert figures.usable_share == pytest.approx(1.0)
    assert figures.mouth_moving_share is None
    assert moments_of(data) == ()
    everything(data)


@pytest.mark.parametrize("rows", [0, 1, 2], ids=["none", "one", "two"])
def test_an_answer_of_hardly_any_row_measures_hardly_anything(rows):
    timeline = face_with(np.arange(rows) / 10)
    everything(answer_of_parts(timeline, OWN, part(0.0, 30.0)))
    everything(answer_of_parts(timeline, OWN, part(0.0, 0.0)))
    everything(answer_of_parts(timeline, OWN, part(500.0, 600.0)))
    assert not readable(figures_of(answer_of_parts(timeline, OWN, part(0.0, 30.0))))


def test_an_answer_of_three_hours_is_measured_to_its_end():
    times = seconds(3 * 3600.0, fps=5.0)
    down = (times >= 10_000) & (times < 10_790)
    pose = np.zeros((len(times), 3))
    pose[down, 1] = -40.0
    data = answer_of(replace(face_with(times), pose=pose), OWN)
    figures = figures_of(data)
    assert figures.length_s == pytest.approx(10_800.0)
    assert figures.looked_s[Direction.DOWN] == pytest.approx(790.0)
    assert [one.begins_s for one in moments_of(data)] == [pytest.approx(10_000.0)]
    everything(data)


def test_a_camera_that_changes_its_resolution_changes_no_figure():
    rows = face_with(seconds(60.0))
    late = rows.time_s >= 30
    scale = np.where(late, 3.0, 1.0)
    larger = replace(rows, box=rows.box * scale[:, None], face_px=rows.face_px * scale)
    assert figures_of(answer_of(larger, OWN)) == figures_of(answer_of(rows, OWN))


def test_a_camera_that_changes_its_rate_keeps_the_seconds():
    times = np.concatenate([np.arange(300) / 30, 10 + np.arange(200) / 10])
    pose = np.zeros((len(times), 3))
    pose[(times >= 5) & (times < 20), 1] = -40.0
    figures = figures_of(answer_of(replace(face_with(times), pose=pose), OWN))
    assert figures.looked_s[Direction.DOWN] == pytest.approx(15.0, abs=0.2)
    assert figures.usable_share == pytest.approx(1.0, abs=0.01)


def test_parts_that_overlap_count_no_second_twice():
    rows = face_with(seconds(60.0))
    data = answer_of_parts(rows, OWN, part(0.0, 40.0), part(20.0, 60.0, offset_s=30.0))
    assert (np.diff(data.rows.time_s) > 0).all()
    assert data.length_s == 70.0
    assert data.seconds.sum() <= 70.0 + 0.1
    everything(data)


def test_scores_of_another_model_in_a_later_part_are_left_out():
    rows = face_with(seconds(60.0))
    two = replace(
        rows,
        scheme=CONFIDENT2,
        scores=np.full((len(rows), 2), 0.5),
        steady=np.full((len(rows), 2), 0.5),
    )
    attempt = make_attempt(AttemptPart("a", 0.0, 0.0, 50.0), AttemptPart("b", 50.0, 0.0, 10.0))
    data = data_of_parts(attempt, {"a": RecordedSession(rows, {}), "b": RecordedSession(two, {})})
    assert data.rows.scheme == FER7
    assert not np.isnan(data.rows.scores[data.rows.time_s < 50]).any()
    assert np.isnan(data.rows.scores[data.rows.time_s >= 50]).all()
    assert np.isnan(series_of(data).confident[51:]).all()
    everything(data)


def test_a_session_of_an_answer_that_was_deleted_leaves_the_others():
    rows = face_with(seconds(30.0))
    attempt = make_attempt(AttemptPart("a", 0.0, 0.0, 30.0), AttemptPart("b", 30.0, 0.0, 10.0))
    data = data_of_parts(attempt, {"a": RecordedSession(rows, {1: OWN})})
    figures = figures_of(data)
    assert figures.length_s == 40.0
    assert figures.usable_share == pytest.approx(0.75)
    assert figures.hindrance is not None
    assert figures.hindrance.reason is None
    everything(data)


def test_a_phone_that_lies_down_is_told_to_stand_up():
    rows = unusable(face_with(seconds(30.0)), 0.0, 30.0, RejectReason.UPSIDE_DOWN)
    figures = figures_of(answer_of(rows, OWN))
    assert figures.hindrance is not None
    assert remedy_text(figures.hindrance) == (
        "turn the camera the right way up; a phone stands upright"
    )


def test_eyes_that_close_all_the_time_are_no_reason_to_fail():
    rows = face_with(seconds(60.0, fps=30.0), eyeBlinkLeft=0.9, eyeBlinkRight=0.9)
    figures = figures_of(answer_of(rows, OWN))
    assert figures.eyes_closed_share == pytest.approx(1.0)
    assert figures.blinks_per_min == 0.0
