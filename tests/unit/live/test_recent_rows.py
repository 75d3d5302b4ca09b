"""The last minutes of each face, as columns."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.domain import FER7, FacialMovement, Timeline
from core.domain.timeline import COLUMNS
from core.live.recent_rows import KEPT_S, RecentRows
from tests.make import make_moment, make_observation

FPS = 4
STILL = FacialMovement(0.25, 0.0, 0.25, None, (1.0, 0.0, 0.0), is_own=True)


def _stream(seconds, faces=(1,)):
    times = [step / FPS for step in range(round(seconds * FPS))]
    return [make_moment(at, *(make_observation(at, track_id=one) for one in faces)) for at in times]


def _rows_of(moments):
    kept = RecentRows(FER7)
    for moment in moments:
        kept.add(moment)
    return kept.copy().rows()


@pytest.mark.parametrize("seconds", [0.0, 0.5, 1.0, 7.75])
@pytest.mark.parametrize("faces", [(), (1, 2)])
def test_the_rows_are_those_of_a_timeline_of_the_stream(seconds, faces):
    moments = _stream(seconds, faces)
    found, wanted = _rows_of(moments).timeline, Timeline.from_frames(FER7, moments)
    for column in COLUMNS:
        assert np.array_equal(
            getattr(found, column),
            getattr(wanted, column),
            equal_nan=getattr(wanted, column).dtype.kind == "f",
        ), column


def test_rows_older_than_two_minutes_are_forgotten():
    found = _rows_of(_stream(KEPT_S + 30.5)).timeline
    assert KEPT_S <= found.time_s[-1] - found.time_s[0] <= KEPT_S + 1


def test_a_copy_stays_as_it_was():
    kept = RecentRows(FER7)
    kept.add(make_moment(0.0, make_observation()))
    before = kept.copy()
    for moment in _stream(3.0)[1:]:
        kept.add(moment)
    assert len(before.rows().timeline) == 1


def test_movement_is_kept_beside_the_rows_and_unknown_before_it_is_measured():
    before, after = make_observation(0.0), replace(make_observation(0.5), movement=STILL)
    rows = _rows_of([make_moment(0.0, before), make_moment(0.5, after)])
    assert rows.activity == pytest.approx([np.nan, 0.25], nan_ok=True)
    assert rows.has_baseline.tolist() == [False, True]
