"""Columns from pictures and timelines."""

from __future__ import annotations

import numpy as np
import pytest

from core.domain import CONFIDENT2, FER7, RejectReason, Timeline
from core.domain.errors import LabelSchemeMismatch
from core.drift import (
    NO_PREDICTION,
    ClassMix,
    columns_of_pictures,
    columns_of_timeline,
    concatenate,
)
from core.drift.quantity import Quantity
from tests.make import make_moment, make_observation, make_scores, make_timeline


def test_a_face_gives_one_row_a_second_however_fast_the_camera():
    slow, fast = make_timeline(20, fps=2), make_timeline(20, fps=25)
    assert len(columns_of_timeline(slow)) == len(columns_of_timeline(fast)) == 20


def test_the_first_usable_row_of_a_second_is_kept():
    moments = [
        make_moment(0.0, make_observation(0.0, reason=RejectReason.TOO_DARK)),
        make_moment(0.2, make_observation(0.2, scores=make_scores(sad=0.9))),
        make_moment(0.4, make_observation(0.4, scores=make_scores(happy=0.7))),
    ]
    columns = columns_of_timeline(Timeline.from_frames(FER7, moments))
    assert columns.tops.tolist() == [FER7.index("sad")]
    assert columns.numbers[Quantity.CONFIDENCE] == pytest.approx([0.9], abs=1e-6)


def test_two_faces_of_one_second_are_two_rows():
    moments = [make_moment(0.5, make_observation(0.5), make_observation(0.5, track_id=2))]
    columns = columns_of_timeline(Timeline.from_frames(FER7, moments))
    assert columns.stream.tolist() == [1, 2]


def test_faces_that_come_and_go_in_turns_stay_in_order():
    moments = [
        make_moment(float(at), make_observation(float(at), track_id=1 + at % 2)) for at in range(9)
    ]
    columns = columns_of_timeline(Timeline.from_frames(FER7, moments))
    assert columns.stream.tolist() == [1] * 5 + [2] * 4
    assert columns.second.tolist() == [0, 2, 4, 6, 8, 1, 3, 5, 7]


def test_time_without_a_usable_face_leaves_nothing():
    dark = [make_moment(0.0, make_observation(0.0, reason=RejectReason.TOO_DARK)), make_moment(1.0)]
    assert len(columns_of_timeline(Timeline.from_frames(FER7, dark))) == 0
    assert len(columns_of_timeline(make_timeline(0))) == 0


def test_a_face_without_landmarks_has_no_angles():
    seen = make_observation(0.0)
    blind = type(seen)(**{**vars(seen), "pose": None})
    columns = columns_of_timeline(Timeline.from_frames(FER7, [make_moment(0.0, blind)]))
    assert np.isnan(columns.numbers[Quantity.YAW]).all()
    assert columns.numbers[Quantity.BRIGHTNESS].tolist() == [0.5]


def test_sessions_are_concatenated_and_their_faces_stay_separate():
    one = columns_of_timeline(make_timeline(5))
    both = concatenate([one, one])
    assert len(both) == 10
    assert len(np.unique(both.stream)) == 2


def test_nothing_concatenated_is_empty():
    assert len(concatenate([])) == 0


def test_what_only_some_sessions_measured_is_missing_in_the_others():
    dark = columns_of_pictures({"brightness": np.array([0.2])})
    sharp = columns_of_pictures({"blur": np.array([0.7])})
    both = concatenate([dark, sharp])
    assert both.numbers[Quantity.BRIGHTNESS][0] == 0.2
    assert np.isnan(both.numbers[Quantity.BRIGHTNESS][1])


def test_sessions_with_different_labels_are_not_concatenated():
    parts = [
        columns_of_pictures({}, ClassMix(scheme, np.array([0, 1]))) for scheme in (FER7, CONFIDENT2)
    ]
    with pytest.raises(LabelSchemeMismatch, match="2 different sets of classes"):
        concatenate(parts)


def test_pictures_without_predictions_have_no_label():
    columns = columns_of_pictures({"brightness": np.array([0.2, 0.4])})
    assert columns.tops.tolist() == [NO_PREDICTION] * 2
    assert columns.labels == ()


@pytest.mark.parametrize(
    "numbers", [{"brightness": np.zeros(3), "blur": np.zeros(2)}, {"hue": np.zeros(3)}]
)
def test_columns_that_do_not_fit_are_refused(numbers):
    with pytest.raises(ValueError, match=r"shape|not a valid Quantity"):
        columns_of_pictures(numbers)


def test_a_class_number_beyond_the_labels_is_refused():
    with pytest.raises(ValueError, match="class numbers"):
        columns_of_pictures({}, ClassMix(CONFIDENT2, np.array([0, 2])))
