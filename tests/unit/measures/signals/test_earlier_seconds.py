"""Where a second stands among a face's own earlier ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.domain import FacialMovement
from core.measures import percentile_text
from core.measures.signals.earlier_seconds import ENOUGH_EARLIER_S, EarlierSeconds
from core.measures.signals.expressiveness import measure_expressiveness
from core.measures.signals.expressiveness_meter import OWN_AFTER_S
from tests.faces_in_time import OWN, both, face_with, seconds
from tests.make import make_observation

SILENT = np.zeros(100, dtype=np.bool_)


def earlier(activity, speaks=SILENT, *, noise=0.0):
    activity = np.asarray(activity, dtype=np.float64)
    return EarlierSeconds.of(activity, activity / 2, speaks[: len(activity)], noise=noise)


def test_a_percentile_is_the_share_of_earlier_seconds_below():
    known = earlier(np.arange(100) / 100)
    assert known.percentile(0.805, speaks=False) == pytest.approx(0.81)
    assert known.percentile(5.0, speaks=False) == 1.0
    assert known.percentile(-1.0, speaks=False) == 0.0
    assert known.percentile(0.4025, speaks=True) == pytest.approx(0.81)


def test_seconds_that_differ_by_noise_alone_are_alike():
    known = earlier(0.3 + 0.004 * np.sin(np.arange(100)), noise=0.01)
    for activity in (0.297, 0.3, 0.304):
        assert known.percentile(activity, speaks=False) == 0.5


def test_too_few_seconds_of_the_kind_say_nothing():
    assert earlier(np.arange(ENOUGH_EARLIER_S - 1)).percentile(3.0, speaks=False) is None
    spoke = np.arange(100) >= ENOUGH_EARLIER_S - 1
    known = earlier(np.arange(100), spoke)
    assert known.percentile(3.0, speaks=False) is None
    assert known.percentile(3.0, speaks=True) is not None


@pytest.mark.parametrize("calibration", [None, OWN], ids=["not calibrated", "calibrated"])
def test_a_face_that_moves_more_than_before_is_above_its_own_earlier_seconds(calibration):
    times = seconds(140.0)
    calm = 0.1 + 0.05 * np.sin(np.floor(times))
    raised = np.where(times < 110, calm, np.where(times < 125, 0.8, 0.1))
    rows = face_with(times, **both("browOuterUp", raised), **both("mouthSmile", raised))
    found = measure_expressiveness(rows, calibration)
    until_known = times < OWN_AFTER_S
    assert np.isnan(found.percentile[until_known]).all()
    assert not np.isnan(found.percentile[times > 70]).any()
    assert found.percentile[(times > 121) & (times < 125)] == pytest.approx(1.0, abs=0.03)
    assert found.percentile[times > 136].max() < 0.5


def test_a_face_that_holds_still_is_as_usual():
    found = measure_expressiveness(face_with(seconds(120.0)), OWN)
    assert found.percentile[-1] == 0.5


@pytest.mark.parametrize(
    ("percentile", "words"),
    [
        (0.8, "more than in 8 of 10 of its own earlier moments"),
        (0.89, "more than in 8 of 10 of its own earlier moments"),
        (0.97, "more than in nearly all of its own earlier moments"),
        (0.5, "about as much as usual"),
        (0.41, "about as much as usual"),
        (0.3, "less than in 7 of 10 of its own earlier moments"),
        (0.0, "less than in nearly all of its own earlier moments"),
    ],
)
def test_a_percentile_is_said_in_words(percentile, words):
    moved = FacialMovement(0.1, 0.0, 0.1, None, (1.0, 0.0, 0.0), is_own=True, percentile=percentile)
    faces = [
        replace(make_observation(track_id=1), movement=replace(moved, percentile=None)),
        replace(make_observation(track_id=2), movement=moved),
        make_observation(track_id=3),
    ]
    assert percentile_text(faces) == f"Face 2 moves {words}."
    assert percentile_text(faces[::2]) == ""


def test_a_percentile_beyond_its_range_is_refused():
    with pytest.raises(ValueError, match=r"a percentile lies in \[0, 1\]"):
        FacialMovement(0.1, 0.0, 0.1, None, (1.0, 0.0, 0.0), is_own=True, percentile=1.2)
