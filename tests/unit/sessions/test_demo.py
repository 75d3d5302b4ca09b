"""The demo session: what it shows is what its numbers say."""

from __future__ import annotations

import numpy as np
import pytest

from core.domain import BLENDSHAPES, FER7, Timeline
from core.measures import measure_figures, measure_session, seconds_of_rows
from core.sessions import demo_calibration, demo_session
from core.sessions.demo import LOOKS_ASIDE_S
from tests.make import BEGAN_AT


@pytest.fixture(scope="module")
def first_face() -> Timeline:
    _, moments = demo_session(BEGAN_AT, np.random.default_rng(3))
    return Timeline.from_frames(FER7, moments).of_face(1)


def test_the_demo_moves_its_face_as_its_expressions_say(first_face: Timeline) -> None:
    assert (np.isnan(first_face.blendshapes).any(axis=1) == ~first_face.usable).all()
    smile = first_face.blendshapes[:, BLENDSHAPES.index("mouthSmileLeft")]
    happy = first_face.steady[:, FER7.labels.index("happy")]
    assert np.nanmean(smile[happy > 0.5]) > np.nanmean(smile[happy < 0.1]) + 0.3
    assert not first_face.blendshapes[first_face.usable][:, BLENDSHAPES.index("cheekPuff")].any()


def test_the_demo_looks_aside_now_and_then_and_stays_usable(first_face: Timeline) -> None:
    for begin_s, end_s in LOOKS_ASIDE_S:
        aside = (first_face.time_s >= begin_s) & (first_face.time_s < end_s)
        assert first_face.usable[aside].all()
        assert (first_face.pose[aside, 0] > 25).all()


def test_every_measure_of_the_file_has_a_figure_for_the_demo_and_is_calibrated() -> None:
    session, moments = demo_session(BEGAN_AT, np.random.default_rng(3))
    timeline = Timeline.from_frames(FER7, moments)
    calibration = demo_calibration(session.began_at).calibration
    first = timeline.face_id == 1
    columns = measure_session(timeline, {1: calibration})
    found = measure_figures(
        seconds_of_rows(timeline)[first], {name: one[first] for name, one in columns.items()}
    )
    of_the_file = [one for one in found if any(part.column for part in one.measure.parts)]
    assert all(one.values for one in of_the_file)
    assert {one.basis for one in of_the_file} <= {"", "calibrated", "own baseline"}
    figures = {one.measure.id: one.values for one in of_the_file}
    assert 0 < figures["head_gestures"]["nod"] < 0.1
    assert 0 < figures["confusion_candidate"]["is_candidate"] < 0.2
    assert figures["blinks"]["per_minute"] == pytest.approx(15, abs=2)
