"""What the live page shows of a face's measures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.domain import BLENDSHAPES, FER7, FacialMovement, HeadPose, Timeline
from core.live.readings import NOT_MEASURED, SHOWN_LIVE, TREND_S, read_measures
from core.live.recent_rows import MeasuredRows
from core.measures import (
    MEASURES,
    NOT_CALIBRATED,
    OWN_BASELINE,
    Calibration,
    FacingCone,
    measure_session,
)
from tests.make import make_moment, make_observation

FPS = 5
TURNED_AT_S = 40.0
LIVELY = FacialMovement(0.31, 0.1, 0.31, None, (0.0, 0.5, 0.5), is_own=False)


def _moments(seconds=70.0, movement=LIVELY):
    """A face that looks at the screen, and away from `TURNED_AT_S` on."""
    shapes = np.full(len(BLENDSHAPES), 0.1, np.float32)
    found = []
    for step in range(round(seconds * FPS)):
        at = step / FPS
        pose = HeadPose(45.0 if at >= TURNED_AT_S else 0.0, 0.0, 0.0)
        seen = replace(make_observation(at), pose=pose, blendshapes=shapes, movement=movement)
        found.append(make_moment(at, seen))
    return found


def _read(moments, now_s=None, calibration=None, face_id=1):
    now_s = moments[-1].time_s if now_s is None else now_s
    rows = MeasuredRows.of_moments(FER7, moments)
    return {one.measure.id: one for one in read_measures(rows, face_id, now_s, calibration)}


def test_every_shown_measure_is_in_the_registry_and_read():
    assert list(_read(_moments(12.0))) == list(SHOWN_LIVE)
    assert set(SHOWN_LIVE) <= set(MEASURES)


@pytest.mark.parametrize("name", ["facing", "eyes", "tension"])
def test_a_live_value_is_that_of_the_stored_rows(name):
    moments = _moments()
    measure = MEASURES[name]
    stored = measure_session(Timeline.from_frames(FER7, moments))[measure.parts[0].column]
    assert _read(moments)[name].value == pytest.approx(stored[-1], abs=1e-6)


def test_the_trend_follows_the_last_minute_second_by_second():
    facing = _read(_moments())["facing"]
    assert len(facing.trend) == TREND_S + 1
    assert facing.trend[-1] == facing.value == 0.0
    assert np.nanmax(facing.trend) == 1.0
    assert facing.text == "0 %"


def test_expressiveness_is_what_the_stream_measured():
    reading = _read(_moments(12.0))["expressiveness"]
    assert reading.value == LIVELY.mean
    assert reading.text == "31 %"
    assert reading.basis == NOT_CALIBRATED
    own = _read(_moments(12.0, replace(LIVELY, is_own=True)))["expressiveness"]
    assert own.basis == OWN_BASELINE


def test_a_face_that_has_left_is_not_measured_and_its_trend_stays():
    facing = _read(_moments(30.0), now_s=35.0)["facing"]
    assert (facing.value, facing.text) == (None, NOT_MEASURED)
    assert facing.trend[-10] == 1.0
    assert facing.caption == f"share of the last 10 s, needs 6 s of a usable face, {NOT_CALIBRATED}"


def test_a_face_that_was_never_seen_is_not_measured():
    for moments, face_id in (([make_moment(0.0)], 1), (_moments(12.0), 2)):
        for reading in _read(moments, face_id=face_id).values():
            assert reading.value is None
            assert np.isnan(reading.trend).all()


def test_a_calibrated_measure_says_nothing_about_calibration():
    calibration = Calibration(cone=FacingCone(yaw=45.0))
    reading = _read(_moments(), calibration=calibration)
    assert (reading["facing"].basis, reading["facing"].value) == ("", 1.0)
    assert reading["tension"].basis == NOT_CALIBRATED
    assert NOT_CALIBRATED in reading["tension"].caption


def test_the_help_holds_definition_and_limits():
    for reading in _read(_moments(12.0)).values():
        assert reading.measure.definition in reading.help
        assert reading.measure.limits in reading.help


def test_the_axis_reaches_as_far_as_the_trend():
    reading = _read(_moments(12.0, replace(LIVELY, mean=0.9)))["expressiveness"]
    assert reading.scale == (0.0, 0.9)
    assert _read(_moments(12.0))["expressiveness"].scale == (0.0, SHOWN_LIVE["expressiveness"])
