"""Eyes closed by rows made by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.domain import Timeline
from core.measures.population import population
from core.measures.signals.eyes import measure_eyes
from tests.faces_in_time import OWN, both, face_with, seconds
from tests.make import make_timeline

OPEN, CLOSED = 0.1, 0.6
"""Blink shapes of a person whose lids never reach 0.8."""


def _eyes(is_shut, *, length_s=120.0, **shapes):
    times = seconds(length_s)
    lids = np.where([is_shut(at) for at in times], CLOSED, OPEN)
    return face_with(times, **both("eyeBlink", lids), **shapes)


def test_perclos_is_the_closed_share_of_the_last_minute():
    share = measure_eyes(_eyes(lambda at: at < 30), OWN).perclos
    assert np.isnan(share[:360]).all()
    assert share[600] == pytest.approx(0.5, abs=0.01)
    assert share[900] == pytest.approx(0.0, abs=0.01)


def test_lids_are_measured_between_own_open_and_own_closed():
    timeline = _eyes(lambda at: at >= 5, length_s=10.0)
    found = measure_eyes(timeline, OWN)
    assert found.closure[0] == pytest.approx(0.0, abs=1e-6)
    assert found.closure[-1] == pytest.approx(1.0)
    assert found.is_open[[0, -1]].tolist() == [1.0, 0.0]
    half = measure_eyes(face_with(seconds(1), **both("eyeBlink", 0.35)), OWN)
    assert half.closure == pytest.approx(0.5)
    assert half.is_open == pytest.approx(1.0)


def test_without_a_closure_the_eyes_of_still_faces_are_taken():
    eyes = population().eyes
    assert 0.7 < eyes.open < 1.0
    assert 0.1 < eyes.closed < eyes.open - 0.2
    shut = replace(make_timeline(60), eyes_open=np.full(600, eyes.closed))
    assert measure_eyes(shut, None).perclos[-1] == 1.0


def test_looking_down_is_not_counted_as_closing():
    down = _eyes(lambda at: at < 60, **both("eyeLookDown", np.where(seconds(120) < 60, 0.7, 0.1)))
    found = measure_eyes(down, OWN)
    assert np.isnan(found.closure[:600]).all()
    assert np.isnan(found.perclos[:900]).all()
    assert found.perclos[-1] == 0.0


def test_rows_without_eyes_never_become_values():
    timeline = make_timeline(70)
    eyeless = Timeline(**{**vars(timeline), "eyes_open": np.full(len(timeline), np.nan)})
    found = measure_eyes(eyeless, None)
    assert all(np.isnan(column).all() for column in vars(found).values())
    dark = measure_eyes(replace(timeline, usable=np.zeros(len(timeline), np.bool_)), None)
    assert all(np.isnan(column).all() for column in vars(dark).values())
