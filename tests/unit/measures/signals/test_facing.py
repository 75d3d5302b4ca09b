from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.domain import RejectReason
from core.measures import Calibration, FacingCone
from core.measures.signals.facing import measure_facing
from tests.faces_in_time import seconds
from tests.poses import posed


def _turned(yaw_at, *, length_s=30.0):
    times = seconds(length_s)
    return posed(times, np.array([yaw_at(at) for at in times], float), 0 * times)


def test_facing_begins_after_one_second_and_ends_after_two():
    timeline = _turned(lambda at: 0.0 if at < 10 else 40.0)
    held = measure_facing(timeline, None).held
    assert np.isnan(held[:10]).all()
    assert (held[10:120] == 1).all()
    assert (held[120:] == 0).all()


def test_a_short_glance_elsewhere_changes_nothing():
    found = measure_facing(_turned(lambda at: 40.0 if 10 <= at < 11.5 else 0.0), None)
    assert (found.held[10:] == 1).all()
    assert (found.now == 0).sum() == 15
    assert found.share[-1] == 1.0


def test_the_share_is_that_of_the_last_ten_seconds():
    found = measure_facing(_turned(lambda at: 0.0 if at < 13 else 40.0), None)
    assert found.share[200] == pytest.approx(0.5, abs=0.02)
    assert found.share[-1] == 0.0


def test_a_screen_beside_the_camera_is_faced_only_with_ones_own_cone():
    timeline = _turned(lambda _: 35.0)
    own = Calibration(cone=FacingCone(yaw=33.0, half_angle_deg=12.0))
    assert measure_facing(timeline, None).share[-1] == 0.0
    assert measure_facing(timeline, own).share[-1] == 1.0


def test_a_head_that_is_turned_away_is_measured_though_its_expression_is_not_usable():
    timeline = _turned(lambda at: 0.0 if at < 10 else 70.0)
    away = timeline.time_s >= 10
    reason = np.where(away, RejectReason.TURNED_AWAY.value, "")
    assert measure_facing(replace(timeline, usable=~away, reason=reason), None).share[-1] == 0.0


def test_without_a_head_pose_nothing_is_known():
    timeline = _turned(lambda at: 0.0 if at < 10 else np.nan)
    found = measure_facing(timeline, None)
    assert np.isnan(found.now[100:]).all()
    assert np.isnan(found.held[100:]).all()
    assert found.share[130] == 1.0
    assert np.isnan(found.share[150:]).all()
