"""Measures as columns of a session's file."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.domain import EXPRESSIVENESS3
from core.measures import (
    Calibration,
    EyeRange,
    FacingCone,
    RestingShape,
    index_windows,
    measure_session,
)
from core.measures.calibration import LIVE_BLENDSHAPES
from tests.faces_in_time import face_with, seconds

AT_REST = Calibration(rest=tuple(RestingShape(name, 0.1, 0.04) for name in LIVE_BLENDSHAPES))


def test_what_only_a_calibration_makes_possible_says_so_where_it_is_empty() -> None:
    face = face_with(seconds(5.0))
    empty = measure_session(face)
    assert set(empty["confusion_basis"]) == {"not calibrated"}
    assert np.isnan(empty["confusion_candidate"]).all()
    known = measure_session(face, {1: AT_REST})
    assert known["confusion_basis"][-1] == "calibrated"
    assert known["confusion_candidate"][-1] == 0


def test_the_index_has_its_parts_and_its_version_in_each_row_that_has_it() -> None:
    columns = measure_session(face_with(seconds(12.0)))
    is_known = np.isfinite(columns["index"])
    assert is_known.sum() > 20
    for part in ("present", "facing", "eyes_open", "expression"):
        assert (np.isfinite(columns[f"index_{part}"]) == is_known).all()
    assert set(columns["index_version"][is_known]) == {"1"}
    assert set(columns["index_version"][~is_known]) == {""}


def test_an_index_is_calibrated_once_each_of_its_parts_is() -> None:
    face = face_with(seconds(12.0))
    facing_alone = Calibration(cone=FacingCone())
    whole = replace(AT_REST, cone=FacingCone(), eyes=EyeRange(open=0.9, closed=0.4))
    for own, basis in ((facing_alone, "not calibrated"), (AT_REST, "not calibrated")):
        assert measure_session(face, {1: own})["index_basis"][-1] == basis
    assert measure_session(face, {1: whole})["index_basis"][-1] == "calibrated"


def test_a_face_that_came_late_was_away_before_in_the_file_as_in_the_laboratory() -> None:
    times = seconds(31.0)
    came = times >= 13.0
    timeline = replace(face_with(times), face_id=came.astype(int), usable=came)
    columns, windows = measure_session(timeline), index_windows(timeline, 1, None)
    at = np.searchsorted(times, windows.end_s)
    assert columns["index_present"][at[1]] == 0.7
    for name in ("present", "facing", "eyes_open", "expression"):
        in_file, in_laboratory = columns[f"index_{name}"][at], windows.parts[name]
        assert np.allclose(in_file, in_laboratory, atol=1e-6, equal_nan=True), name


def test_too_slow_a_camera_is_the_reason_in_the_rows_where_it_was_slow() -> None:
    times = np.concatenate([np.arange(0, 100, 0.04), np.arange(100, 170, 0.1)])
    columns = measure_session(face_with(times))
    is_empty = np.isnan(columns["blinks_per_min"])
    assert is_empty[-1]
    assert set(columns["blinks_basis"][is_empty & (times > 40)]) == {"under 15 rows a second"}
    assert set(columns["blinks_basis"][is_empty & (times < 40)]) == {"under 60 % usable"}


def test_an_empty_mouth_and_empty_classes_have_their_reason_too() -> None:
    face = face_with(seconds(5.0))
    scores = np.full((len(face), 3), 1 / 3)
    other = replace(face, scheme=EXPRESSIVENESS3, scores=scores, steady=scores)
    columns = measure_session(replace(other, lip_gap=np.full(len(face), np.nan)))
    assert set(columns["mouth_basis"]) == {"no lip gap stored"}
    assert set(columns["confident_basis"]) == {"no such classes of the model"}
    known = measure_session(face)
    assert known["confident_basis"].tolist() == ["under 60 % usable"] * 6 + [""] * 44
