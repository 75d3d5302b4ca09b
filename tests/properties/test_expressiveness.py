"""Laws of expressiveness: seconds count, not frames; nothing comes from rows that are missing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain import FER7, AnalysedFrame, RejectReason, Timeline, rounded_blendshapes
from core.measures.signals.expressiveness import expressiveness
from core.measures.signals.expressiveness_meter import ENOUGH_S, OWN_AFTER_S
from core.measures.signals.expressiveness_norm import COUNTED_AT
from core.measures.signals.running_expressiveness import RunningExpressiveness
from tests.examples import examples
from tests.faces_in_time import AT_REST, OWN
from tests.make import make_moment, make_observation

MANY = examples(25)
SEEDS = st.integers(0, 2**16)


def _frames(shapes_at, *, fps, seconds, faces=(1,), unusable=lambda _: False):
    """Moments of faces whose blendshapes are `shapes_at(second, face)`; None for no landmarks."""
    frames = []
    for number in range(int(seconds * fps)):
        time_s = number / fps
        seen = []
        for face in faces:
            shapes = shapes_at(int(time_s + 1e-9), face)
            reason = RejectReason.TOO_DARK if unusable(int(time_s + 1e-9)) else None
            one = make_observation(time_s, track_id=face, reason=reason)
            kept = None if shapes is None else rounded_blendshapes(shapes)
            seen.append(replace(one, frame_index=number, blendshapes=kept))
        frames.append(replace(make_moment(time_s, *seen), frame_index=number))
    return frames


def _columns(frames):
    timeline = Timeline.from_frames(FER7, frames)
    return timeline, expressiveness(timeline)


def _random(seed, seconds):
    table = np.random.default_rng(seed).random((seconds + 1, 4, 52)) ** 3
    return lambda second, face: table[second, face]


@MANY
@given(SEEDS, st.sampled_from([2, 5, 10, 30]))
def test_the_frame_rate_does_not_matter(seed, fps):
    shapes = _random(seed, 75)
    slow, measured = _columns(_frames(shapes, fps=1, seconds=75))
    fast, finer = _columns(_frames(shapes, fps=fps, seconds=75))
    at = np.searchsorted(fast.time_s, slow.time_s - 1e-9)
    assert np.allclose(finer.mean[at], measured.mean, equal_nan=True, atol=1e-6)
    assert np.allclose(finer.shares[at], measured.shares, equal_nan=True)
    assert (finer.is_own[at] == measured.is_own).all()


@MANY
@given(SEEDS)
def test_a_face_that_holds_still_gives_a_constant(seed):
    still = np.random.default_rng(seed).random(52)
    _, found = _columns(_frames(lambda *_: still, fps=5, seconds=90))
    own, known = found.is_own, ~np.isnan(found.mean)
    assert own.any()
    assert found.mean[own] == pytest.approx(0.0)
    assert found.shares[own] == pytest.approx(np.tile([0, 1, 0], (own.sum(), 1)))
    assert np.ptp(found.mean[known & ~own]) == pytest.approx(0.0)


@MANY
@given(SEEDS, st.integers(0, 10))
def test_under_60_percent_usable_time_says_nothing(seed, lost):
    """Of every ten seconds the first ones are lost."""
    shapes = _random(seed, 40)
    timeline, found = _columns(
        _frames(shapes, fps=4, seconds=40, unusable=lambda second: second % 10 < lost)
    )
    full = timeline.time_s >= 10
    if lost > 10 - ENOUGH_S:
        assert np.isnan(found.mean).all()
    else:
        assert not np.isnan(found.mean[full]).any()


@MANY
@given(SEEDS)
def test_rows_without_blendshapes_never_become_values(seed):
    timeline, found = _columns(_frames(lambda *_: None, fps=5, seconds=30))
    assert np.isnan(found.mean).all()
    assert np.isnan(found.shares).all()
    shapes = _random(seed, 60)

    def gone(second, face):
        return None if 20 <= second < 40 else shapes(second, face)

    timeline, found = _columns(_frames(gone, fps=5, seconds=60))
    empty = (timeline.time_s >= 25) & (timeline.time_s < 46)
    assert np.isnan(found.mean[empty]).all()
    assert not np.isnan(found.mean[(timeline.time_s >= 6) & (timeline.time_s < 24)]).any()


@MANY
@given(SEEDS)
def test_no_row_knows_what_comes_after_it(seed):
    frames = _frames(_random(seed, 80), fps=3, seconds=80)
    _, whole = _columns(frames)
    _, begun = _columns(frames[: len(frames) // 2])
    assert np.array_equal(begun.mean, whole.mean[: len(begun.mean)], equal_nan=True)


@MANY
@given(SEEDS, st.sampled_from([2.0, 7.0, 15.0]), st.sampled_from([{}, {1: OWN}]))
def test_live_and_afterwards_the_same_numbers_come_out(seed, fps, calibrations):
    rng = np.random.default_rng(seed)
    frames = []
    for frame in _frames(_random(seed, 130), fps=fps, seconds=130, faces=(1, 2)):
        kept = tuple(
            replace(one, quality=make_observation(0.0, reason=RejectReason.BLURRED).quality)
            if rng.random() < 0.1
            else one
            for one in frame.observations
            if rng.random() < 0.9
        )
        frames.append(replace(frame, observations=kept))
    running = RunningExpressiveness()
    seen = [running.update(frame.time_s, frame.observations, calibrations) for frame in frames]
    live = [one.movement for observations in seen for one in observations or (None,) if one]
    timeline = Timeline.from_frames(FER7, frames)
    found = expressiveness(timeline, calibrations)
    somebody = timeline.face_id > 0
    mean = [np.nan if one is None else one.mean for one in live]
    assert np.allclose(found.mean[somebody], mean, equal_nan=True)
    assert found.is_own[somebody].tolist() == [bool(one and one.is_own) for one in live]


@MANY
@given(SEEDS)
def test_faces_do_not_influence_each_other(seed):
    shapes = _random(seed, 75)
    both, found = _columns(_frames(shapes, fps=4, seconds=75, faces=(1, 2)))
    _, alone = _columns(_frames(shapes, fps=4, seconds=75))
    assert np.allclose(found.mean[both.face_id == 1], alone.mean, equal_nan=True)


def test_a_calibrated_face_is_its_own_measure_at_once():
    timeline, _ = _columns(_frames(lambda *_: np.full(52, AT_REST), fps=4, seconds=20))
    found = expressiveness(timeline, {1: OWN})
    known = ~np.isnan(found.mean)
    assert known.any()
    assert found.is_own[known].all()
    assert found.mean[known] == pytest.approx(0.0, abs=1e-6)


def test_a_face_is_its_own_measure_after_a_minute():
    timeline, found = _columns(_frames(_random(1, 120), fps=4, seconds=120))
    assert not found.is_own[timeline.time_s < OWN_AFTER_S].any()
    assert found.is_own[timeline.time_s >= OWN_AFTER_S].all()


def test_dead_shapes_gaze_and_blinks_do_not_count():
    shapes = _random(3, 75)
    other = np.setdiff1d(np.arange(52), COUNTED_AT)
    assert len(other) == 20

    def spoilt(second, face):
        values = shapes(second, face).copy()
        values[other] = (second * 7 % 10) / 10
        return values

    one, two = (_columns(_frames(way, fps=4, seconds=75))[1] for way in (shapes, spoilt))
    assert np.array_equal(one.mean, two.mean, equal_nan=True)


def test_a_face_that_comes_back_after_long_is_a_new_one_to_the_norm():
    def seen(number, time_s):
        one = replace(
            make_observation(time_s), blendshapes=rounded_blendshapes(table[number % 100])
        )
        return AnalysedFrame(time_s, number, (one,))

    table = np.random.default_rng(4).random((100, 52))
    times = [*np.arange(0, 100, 0.5), *np.arange(900, 1000, 0.5)]
    frames = [seen(number, float(time_s)) for number, time_s in enumerate(times)]
    running = RunningExpressiveness()
    live = [running.update(one.time_s, one.observations)[0].movement for one in frames]
    timeline, found = _columns(frames)
    assert np.allclose(
        found.mean, [np.nan if one is None else one.mean for one in live], equal_nan=True
    )
    back = (timeline.time_s >= 906) & (timeline.time_s < 960)
    assert not found.is_own[back].any()
    assert not np.isnan(found.mean[back]).any()
