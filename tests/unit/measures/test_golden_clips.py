"""Measures of real clips: a head that turns, nobody, a face that comes and goes."""

from __future__ import annotations

import numpy as np
import pytest

from core.domain import FER7, Frame, Timeline
from core.measures import measure_session
from core.recordings.job import moments_of
from core.vision import ConfirmationBuffer, build_analyser, from_video
from tests.fakes import FakeRecognizer

EVERY_S = 0.3
TURNING = (slice(250, 420), slice(930, 1180))
"""The part of the picture in which a head turns from one side to the other."""


@pytest.fixture
def rows_of(assets_dir, media):
    """Rows of a clip, seen three times a second; perhaps of a part of its picture."""

    def read(clip, part=(slice(None), slice(None))):
        analyser = build_analyser(
            assets_dir / "face_landmarker.task", assets_dir / "centerface.onnx", FakeRecognizer()
        )
        frames = (
            Frame(np.ascontiguousarray(one.rgb[part]), one.time_s, one.index)
            for one in from_video(media(clip), every_s=EVERY_S)
        )
        confirmed = ConfirmationBuffer()
        found = [one for moment in moments_of(analyser, frames) for one in confirmed.add(moment)]
        analyser.close()
        return Timeline.from_frames(FER7, [*found, *confirmed.flush()])

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
