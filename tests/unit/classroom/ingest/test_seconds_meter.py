"""A learner's frames become seconds that say the same as the measures of a session."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.classroom.ingest import SecondsMeter
from core.domain import (
    FER7,
    AnalysedFrame,
    Box,
    EmotionScores,
    HeadPose,
    Observation,
    Timeline,
    rounded_blendshapes,
)
from core.domain.classroom import SECOND_BY_SECOND, Classroom, ClassSeconds, Shared, joined_seconds
from core.measures import PARTS, with_absences
from core.measures.signals.engagement import measure_engagement
from tests.examples import examples
from tests.make import BEGAN_AT, make_observation

EVERYTHING = SECOND_BY_SECOND
RATES = (2.0, 5.0, 8.0, 10.0, 15.0, 30.0)


def make_classroom(*shared: Shared, **changes) -> Classroom:
    shared = shared or EVERYTHING
    with_labels = Shared.EXPRESSIONS in shared
    fields = {
        "id": "2026-11-21-1200-a-class",
        "code": "ABC234",
        "title": "A class",
        "region": "elsewhere",
        "purpose": "classroom",
        "shared": shared,
        "is_listed": True,
        "labels": FER7.labels if with_labels else (),
        "card_name": "calm-otter" if with_labels else "",
        "opened_at": BEGAN_AT,
    }
    return Classroom(**(fields | changes))


def face_at(time_s: float, rng: np.random.Generator, **changes) -> Observation:
    scores = EmotionScores(FER7, rng.dirichlet(np.ones(7)).astype(np.float32))
    fields = {
        "pose": HeadPose(0.0, 0.0, 0.0),
        "blendshapes": rounded_blendshapes((0.5 * rng.random(52)).astype(np.float32)),
        "eyes_open": float(rng.random()),
        "scores": scores,
        "steady": scores,
    }
    return replace(make_observation(time_s), **(fields | changes))


def frame(time_s: float, *faces: Observation) -> AnalysedFrame:
    return AnalysedFrame(time_s, round(time_s * 1000), faces)


def turning(seed: int, *, fps: float, seconds: int) -> list[AnalysedFrame]:
    """A face that turns its head by whole seconds, and whose eyes and shapes change in each row."""
    rng = np.random.default_rng(seed)
    yaws = rng.choice([0.0, 0.0, 35.0], size=seconds)
    times = [number / fps for number in range(round(seconds * fps))]
    poses = [HeadPose(float(yaws[int(time_s + 1e-9)]), 0.0, 0.0) for time_s in times]
    return [
        frame(time_s, face_at(time_s, rng, pose=pose))
        for time_s, pose in zip(times, poses, strict=True)
    ]


def measured(moments: list[AnalysedFrame], *shared: Shared) -> ClassSeconds:
    meter = SecondsMeter(make_classroom(*shared), learner=3)
    parts = [*(meter.add(one) for one in moments), meter.flush()]
    return joined_seconds(parts, parts[-1].scores.shape[1])


def window_means(rows: ClassSeconds, until_s: int) -> dict[str, float]:
    """The parts of the ten seconds before, as a board takes them together."""
    inside = (rows.second >= until_s - 10) & (rows.second < until_s)
    measured_s = rows.measured.astype(float)
    weights = {
        "present": measured_s,
        "facing": measured_s * rows.present,
        "eyes_open": measured_s * rows.usable,
        "expression": measured_s * rows.usable,
    }
    means = {}
    for name, weight in weights.items():
        column = getattr(rows, name)
        known = inside & ~np.isnan(column)
        means[name] = float(np.average(column[known], weights=weight[known]))
    return means


@pytest.mark.parametrize("fps", RATES)
@examples(4)
@given(seed=st.integers(0, 2**16))
def test_ten_seconds_together_are_the_parts_of_the_index_at_every_frame_rate(fps, seed):
    moments = turning(seed, fps=fps, seconds=24)
    found = measure_engagement(with_absences(Timeline.from_frames(FER7, moments), 1), None)
    rows = measured(moments)
    for until_s in (14, 17, 20, 23):
        expected = {name: getattr(found, name)[round(until_s * fps)] for name in PARTS}
        assert window_means(rows, until_s) == pytest.approx(expected, abs=1e-4)


def test_time_without_the_face_is_not_present_and_time_without_rows_is_not_measured():
    moments = [frame(one.time_s) if 4 <= one.time_s < 6.5 else one for one in steady(10)]
    rows = measured([one for one in moments if not 7 <= one.time_s < 9])
    assert rows.second.tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 9]
    assert rows.present.tolist() == pytest.approx([1, 1, 1, 1, 0, 0, 0.4, 1, 1], abs=1e-6)
    # The row before a gap lasts for as long as in a session: until 7.8 s.
    assert rows.measured.tolist() == pytest.approx([1, 1, 1, 1, 1, 1, 1, 0.8, 1], abs=1e-6)
    assert np.isnan(rows.eyes_open[4])
    assert set(rows.learner.tolist()) == {3}


def steady(seconds: int, *, fps: float = 5.0) -> list[AnalysedFrame]:
    rng = np.random.default_rng(1)
    return [frame(at / fps, face_at(at / fps, rng)) for at in range(round(seconds * fps))]


def test_a_second_is_complete_with_the_first_frame_after_it_or_when_two_seconds_passed():
    meter = SecondsMeter(make_classroom(), learner=1)
    assert [len(meter.add(one)) for one in steady(2)] == [0, 0, 0, 0, 0, 1, 0, 0, 0, 0]
    assert len(meter.advance(3.5)) == 0
    closed = meter.advance(3.9)
    assert closed.second.tolist() == [1, 2]
    assert closed.measured.tolist() == pytest.approx([1.0, 0.8], abs=1e-6)
    assert len(meter.flush()) == 0


def test_the_largest_confirmed_face_is_the_learner():
    rng = np.random.default_rng(2)
    behind = {"track_id": 1, "box": Box(0, 0, 40, 40), "pose": HeadPose(39, 0, 0)}
    near = {"track_id": 2, "box": Box(100, 0, 300, 200)}
    false = {"track_id": -1, "box": Box(0, 0, 600, 400), "pose": HeadPose(39, 0, 0)}
    moments = [
        frame(at / 5, *(face_at(at / 5, rng, **one) for one in (false, behind, near)))
        for at in range(1, 40)
    ]
    rows = measured([*moments, frame(8.0), frame(20.0)])
    known = ~np.isnan(rows.facing)
    assert known.any()
    assert (rows.facing[known] == 1).all()


@pytest.mark.parametrize(
    ("shared", "kept"),
    [
        ((Shared.PRESENT,), {"measured", "usable", "present"}),
        ((Shared.PRESENT, Shared.FACING), {"measured", "usable", "present", "facing"}),
        (
            (Shared.PRESENT, Shared.ENGAGEMENT),
            {"measured", "usable", "present", "facing", "eyes_open", "expression"},
        ),
    ],
    ids=["present", "facing", "engagement"],
)
def test_what_is_not_shared_is_in_no_row(shared, kept):
    rows = measured(steady(5), *shared)
    columns = ("measured", "usable", "present", "facing", "eyes_open", "expression")
    assert {name for name in columns if not np.isnan(getattr(rows, name)).all()} == kept
    assert rows.scores.shape == (5, 0)


def test_scores_are_means_of_the_usable_time():
    moments = steady(1)
    rows = measured(moments)
    expected = np.mean([one.observations[0].steady.values for one in moments], axis=0)
    assert rows.scores[0] == pytest.approx(expected, abs=1e-5)
    assert rows.scores.shape == (1, 7)
