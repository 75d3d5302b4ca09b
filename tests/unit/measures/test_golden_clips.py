"""Measures of real clips: heads that turn, nobody, a face that comes and goes, closed eyes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.domain import BLENDSHAPES
from core.measures import measure_session
from tests.clip_rows import WHOLE, rows_of_clip

EVERY_S = 0.3
TURNING = (slice(250, 420), slice(930, 1180))
"""The part of the picture in which a head turns from one side to the other."""


@pytest.fixture
def rows_of(assets_dir, media):
    """Rows of a clip, seen three times a second; perhaps of a part of its picture, or played more
    than once.
    """

    def read(clip, part=WHOLE, *, times=1):
        return rows_of_clip(assets_dir, media(clip), every_s=EVERY_S, part=part, times=times)

    return read


@pytest.mark.data
def test_a_head_that_turns_away_and_back_is_seen_to(rows_of):
    timeline = rows_of("multiface_grid_1280x480_12s.mp4", TURNING)
    columns = measure_session(timeline)
    turned = np.abs(timeline.pose[:, 0])
    known = ~np.isnan(columns["facing"])
    assert known.mean() > 0.9
    assert 0.1 < np.nanmean(columns["facing"]) < 0.9
    assert (columns["facing"][turned > 30] == 0).all()
    held = columns["facing_held"][~np.isnan(columns["facing_held"])]
    assert np.count_nonzero(np.diff(held)) < np.count_nonzero(np.diff(columns["facing"][known]))
    assert set(columns["facing_basis"]) <= {"", "not calibrated", "under 60 % usable"}


@pytest.mark.data
def test_a_head_that_faces_the_camera_is_facing_with_open_eyes(rows_of):
    timeline = rows_of("head-pose-face-detection-male.mp4")
    columns = measure_session(timeline)
    assert timeline.usable.all()
    assert (columns["facing"] == 1).all()
    assert (np.nan_to_num(columns["lids_closed"]) < 0.5).all()
    early = timeline.time_s < 5
    assert np.isnan(columns["facing_share_10s"][early]).all()
    assert set(columns["facing_basis"][early]) == {"under 60 % usable"}
    late = timeline.time_s > 10
    assert (columns["facing_share_10s"][late] == 1).all()
    assert set(columns["facing_basis"][late]) == {"not calibrated"}
    # The clip lasts 20 s: a minute was not seen, so that nothing is said of it.
    assert np.isnan(columns["perclos_60s"]).all()
    assert set(columns["eyes_basis"]) == {"under 60 % usable"}


@pytest.mark.data
def test_two_heads_in_one_picture_are_measured_apart(rows_of):
    timeline = rows_of("head-pose-face-detection-female-and-male.mp4")
    columns = measure_session(timeline)
    turned, facing = (timeline.face_id == number for number in timeline.face_ids)
    if timeline.pose[turned, 0].mean() > -15:
        turned, facing = facing, turned
    late = timeline.time_s > 10
    assert (columns["facing_share_10s"][turned & late] == 0).all()
    assert (columns["facing_share_10s"][facing & late] == 1).all()
    assert columns["facing"][facing].mean() == 1
    assert columns["facing"][turned].mean() < 0.1


@pytest.mark.data
def test_eyes_that_are_closed_in_the_rows_are_closed_in_the_measures(rows_of):
    timeline = rows_of("head-pose-face-detection-male.mp4", times=4)
    shut = timeline.time_s > timeline.time_s[-1] - 30
    blendshapes = timeline.blendshapes.copy()
    blinks = [BLENDSHAPES.index(f"eyeBlink{side}") for side in ("Left", "Right")]
    blendshapes[np.ix_(shut, blinks)] = 0.75  # what a closed eye reaches in this landmarker
    eyes_open = np.where(shut, 0.25, timeline.eyes_open)
    closed = measure_session(replace(timeline, blendshapes=blendshapes, eyes_open=eyes_open))
    as_they_were = measure_session(timeline)
    assert (closed["lids_closed"][shut] == 1).all()
    assert (np.nan_to_num(closed["lids_closed"][~shut]) < 0.5).all()
    assert closed["perclos_60s"][-1] == pytest.approx(0.5, abs=0.02)
    assert closed["eyes_basis"][-1] == "not calibrated"
    assert as_they_were["perclos_60s"][-1] == 0
    assert np.array_equal(closed["facing"], as_they_were["facing"])


@pytest.mark.data
def test_a_clip_without_a_face_measures_nothing(rows_of):
    timeline = rows_of("no_face.mp4")
    assert len(timeline) > 10
    for name, values in measure_session(timeline).items():
        is_text = values.dtype == object or values.dtype.kind == "U"
        assert set(values) == {""} if is_text else np.isnan(values).all(), name


@pytest.mark.data
def test_a_face_that_goes_leaves_no_value_behind(rows_of):
    timeline = rows_of("face_noface.mov")
    columns, seen = measure_session(timeline), timeline.face_id > 0
    assert seen.any()
    assert (~seen).any()
    assert (columns["facing"][seen] == 1).all()
    assert not np.isnan(columns["smile"][seen][3:]).any()
    for name, values in columns.items():
        is_text = values.dtype == object or values.dtype.kind == "U"
        gone = values[~seen]
        assert set(gone) == {""} if is_text else np.isnan(gone).all(), name


@pytest.mark.data
def test_a_face_that_comes_back_is_measured_again_and_the_gap_stays_empty(rows_of):
    timeline = rows_of("face_noface.mov", times=2)
    columns, seen = measure_session(timeline), timeline.face_id > 0
    went, came = np.flatnonzero(np.diff(seen.astype(int)))[:2] + 1
    assert seen[:went].all()
    assert not seen[went:came].any()
    assert timeline.time_s[came] - timeline.time_s[went] > 2
    for name in ("facing", "lids_closed"):
        assert np.isnan(columns[name][went:came]).all()
    assert (columns["facing"][came : came + went] == 1).all()
    assert np.nanmax(columns["lids_closed"][came : came + went]) < 0.5
    assert set(columns["facing_basis"][went:came]) == {""}
