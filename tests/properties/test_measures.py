"""Laws of every measure in the registry: seconds count, not frames or pixels; nothing comes of rows
that are missing; live and afterwards the same numbers come out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain import (
    BLENDSHAPES,
    FER7,
    AnalysedFrame,
    EmotionScores,
    HeadPose,
    Observation,
    RejectReason,
    Timeline,
    rounded_blendshapes,
)
from core.live.recent_rows import RecentRows
from core.measures import (
    MEASURES,
    SYNCHRONY_STEP_S,
    Calibration,
    EyeRange,
    FacingCone,
    RestingShape,
    RunningExpressiveness,
    measure_session,
    synchrony,
    with_absences,
)
from core.measures.calibration import LIVE_BLENDSHAPES
from core.measures.resampling import sampled_at
from core.sessions.timeline_packing import columns_of, packed_blocks, timeline_of
from core.storage.frame_row_columns import CURRENT_FORMAT
from core.vision.faces.landmarker import FaceLandmarks, pose_from_matrix
from tests.examples import examples
from tests.make import make_observation, make_quality
from tests.poses import one_face

SEEDS = st.integers(0, 2**16)
FEW = examples(6)
OF_FACES = [one for one in MEASURES.values() if one.compute is not None]
each = pytest.mark.parametrize("measure", OF_FACES, ids=[one.id for one in OF_FACES])
STORED = ("pose", "eyes_open", "blendshapes", "lip_gap", "scores", "steady")
OWN = Calibration(
    cone=FacingCone(yaw=2.0, pitch=1.0, half_angle_deg=20.0),
    rest=tuple(RestingShape(name, 0.1, 0.05) for name in LIVE_BLENDSHAPES),
    eyes=EyeRange(open=0.9, closed=0.4),
    lip_gap_sd=0.002,
)
LIDS = [BLENDSHAPES.index("eyeBlinkLeft"), BLENDSHAPES.index("eyeBlinkRight")]
SWINGS = {"head_gestures"}
"""Measures of a head that swings: between two rows of a slower camera it is elsewhere, so their
figures differ by up to `SWING_TOLERANCE` of 1, or of a degree, in nearly all rows."""

SWING_TOLERANCE, NEARLY_ALL = 0.02, 0.97


def moving(seed: int, *, fps: float, seconds: int, swings: bool = False) -> Timeline:
    """A face that changes twice a second, blinks, and turns its head every three seconds or swings
    it; in the precision of stored rows.
    """
    rng = np.random.default_rng(seed)
    times = np.arange(round(seconds * fps)) / fps
    half = np.floor(times * 2 + 1e-9).astype(int)
    count = 2 * seconds + 1
    timeline = one_face(times)
    shapes = np.rint(1000 * rng.random((count, len(BLENDSHAPES))) ** 3) / 1000
    shapes[:, LIDS] = np.minimum(shapes[:, LIDS], 0.3)
    shapes = shapes[half]
    shapes[(times + 1e-9) % 4 < 0.2, LIDS[0]] = shapes[(times + 1e-9) % 4 < 0.2, LIDS[1]] = 0.9
    scores = rng.dirichlet(np.ones(len(timeline.scheme)), count).astype(np.float32)
    pose = rng.normal(0, 20, (count // 6 + 2, 3)).round(2)[half // 6]
    if swings:
        hz = rng.uniform(0.8, 1.5)
        angles = rng.uniform(3, 8, 2)[:, None] * np.sin(2 * np.pi * hz * times)
        pose = np.stack([angles[0], angles[1], 0 * times], axis=1)
    return replace(
        timeline,
        pose=pose,
        blendshapes=shapes.astype(np.float32),
        eyes_open=rng.random(count).round(4)[half],
        lip_gap=(rng.random(count) / 20).round(4)[half],
        scores=scores[half].astype(np.float64),
        steady=scores[half].astype(np.float64),
    )


def columns(measure, timeline, calibration=OWN):
    found = measure.compute(timeline, calibration)
    return {part.name: getattr(found, part.name) for part in measure.parts}


def without(timeline: Timeline, lost: np.ndarray) -> Timeline:
    """The same rows, nothing measured in the lost ones."""
    emptied = {}
    for name in STORED:
        column = getattr(timeline, name).copy()
        column[lost] = np.nan
        emptied[name] = column
    return replace(timeline, usable=timeline.usable & ~lost, **emptied)


@each
@FEW
@given(seed=SEEDS)
def test_the_frame_rate_does_not_matter(measure, seed):
    """Ten rows a second, or as few as the measure allows, against three times as many."""
    fps = 10.0 if measure.least_rows_per_s is None else max(10.0, measure.least_rows_per_s)
    swings = measure.id in SWINGS
    rates = (2 * fps, 6 * fps) if swings else (fps, 3 * fps)
    slow, fast = (
        columns(measure, moving(seed, fps=one, seconds=64, swings=swings)) for one in rates
    )
    assert any(not np.isnan(values).all() for values in slow.values())
    for name, values in slow.items():
        again = fast[name][::3]
        assert np.array_equal(np.isnan(values), np.isnan(again)), name
        if swings:
            close = np.isclose(
                values, again, rtol=SWING_TOLERANCE, atol=SWING_TOLERANCE, equal_nan=True
            )
            assert close.mean() > NEARLY_ALL, name
        else:
            assert np.allclose(values, again, atol=1e-6, equal_nan=True), name


@each
@FEW
@given(seed=SEEDS, scale=st.floats(0.3, 3.0), shift_px=st.floats(-300, 300))
def test_the_size_and_the_place_of_the_face_do_not_matter(measure, seed, scale, shift_px):
    near = moving(seed, fps=15, seconds=64)
    far = replace(near, box=near.box * scale + shift_px, face_px=near.face_px * scale)
    again = columns(measure, far)
    for name, values in columns(measure, near).items():
        assert np.array_equal(values, again[name], equal_nan=True)


@FEW
@given(seed=SEEDS, scale=st.floats(0.3, 3.0), shift_px=st.floats(-300, 300))
def test_the_gap_between_the_lips_is_that_of_a_face_of_any_size(seed, scale, shift_px):
    """The one stored number that measures take which is made of pixels."""
    points = np.random.default_rng(seed).uniform(0, 200, (478, 2)).astype(np.float32)
    gaps = [
        FaceLandmarks(one, np.zeros(52, dtype=np.float32), pose_from_matrix(np.eye(4))).lip_gap
        for one in (points, (points * scale + shift_px).astype(np.float32))
    ]
    assert gaps[0] == pytest.approx(gaps[1], rel=1e-3)


@each
@FEW
@given(seed=SEEDS)
def test_a_face_that_holds_still_gives_a_constant(measure, seed):
    timeline = moving(seed, fps=15, seconds=100)
    still = replace(timeline, **{name: getattr(timeline, name)[[0] * 1500] for name in STORED})
    for values in columns(measure, still).values():
        known = values[900:][~np.isnan(values[900:])]
        assert len(known) in {0, 600}
        assert np.ptp(known) < 1e-6 if len(known) else True


@each
@FEW
@given(seed=SEEDS)
def test_missing_rows_never_become_values(measure, seed):
    timeline = moving(seed, fps=15, seconds=70)
    lost = np.random.default_rng(seed).random(len(timeline)) < 0.3
    garbage = replace(without(timeline, lost), eyes_open=timeline.eyes_open)
    for name in ("blendshapes", "lip_gap", "scores", "steady"):  # of a face that is not usable
        garbage = replace(garbage, **{name: getattr(timeline, name)})
    with_garbage = columns(measure, garbage)
    for name, values in columns(measure, without(timeline, lost)).items():
        assert np.allclose(values, with_garbage[name], atol=1e-6, equal_nan=True), name
    nothing = columns(measure, without(timeline, np.ones_like(lost)))
    assert all(np.isnan(values).all() for values in nothing.values())


@each
@FEW
@given(seed=SEEDS, usable=st.floats(0.3, 0.9))
def test_a_window_says_nothing_with_less_than_60_percent_of_it_usable(measure, seed, usable):
    """Whether rows say that the face was not usable, or are missing: before a hole the last row
    holds for at most five steps.
    """
    seconds, fps = 80, 15
    length_s = 0 if measure.window_s is None else int(measure.window_s)
    timeline = moving(seed, fps=fps, seconds=seconds)
    kept = np.random.default_rng(seed).random(seconds) < usable
    of_rows = np.repeat(kept, fps)
    for rows, held_s in ((without(timeline, ~of_rows), 0.0), (timeline.where(of_rows), 5 / fps)):
        values = columns(measure, rows)[measure.parts[0].name]
        whole = np.flatnonzero(np.isclose(rows.time_s % 1, 0))
        for row in whole[rows.time_s[whole] >= length_s]:
            at = round(float(rows.time_s[row]))
            window = kept[at - length_s : at]
            holes = length_s - window.sum()  # seconds: each may be one that the row before holds in
            if window.sum() + holes * held_s < 0.6 * length_s - 1e-6:
                assert np.isnan(values[row])


@each
@FEW
@given(seed=SEEDS, until_s=st.integers(20, 64))
def test_no_row_knows_what_comes_after_it(measure, seed, until_s):
    timeline = moving(seed, fps=15, seconds=66)
    begun = columns(measure, timeline.where(timeline.time_s < until_s))
    if measure.id == "blinks":  # a blink is one when it is over
        begun = {name: values[:-15] for name, values in begun.items()}
    for name, values in columns(measure, timeline).items():
        assert np.allclose(begun[name], values[: len(begun[name])], equal_nan=True), name


@FEW
@given(seed=SEEDS, calibrated=st.sets(st.sampled_from([1, 2, 3])))
def test_the_order_and_the_numbers_of_faces_do_not_matter(seed, calibrated):
    faces = [moving(seed + at, fps=15, seconds=64) for at in range(3)]
    numbers = np.random.default_rng(seed).permutation([4, 7, 9])
    one, two = together(faces, [1, 2, 3]), together(faces[::-1], numbers[::-1])
    of_one = measure_session(one, dict.fromkeys(sorted(calibrated), OWN))
    of_two = measure_session(two, {int(numbers[number - 1]): OWN for number in calibrated})
    for at, number in enumerate(numbers):
        for name, values in of_one.items():
            mine, again = values[one.face_id == at + 1], of_two[name][two.face_id == number]
            if mine.dtype == object or mine.dtype.kind == "U":
                assert mine.tolist() == again.tolist(), name
            else:
                assert np.allclose(mine, again, atol=1e-6, equal_nan=True), name


def together(faces: list[Timeline], numbers) -> Timeline:
    """Faces of one session, in this order within each moment."""
    parts = {
        name: np.stack([getattr(face, name) for face in faces], axis=1).reshape(
            -1, *getattr(faces[0], name).shape[1:]
        )
        for name in vars(faces[0])
        if name not in {"scheme", "events"}
    }
    parts["face_id"] = np.tile(np.asarray(numbers, dtype=np.int64), len(faces[0]))
    return replace(faces[0], **parts)


@examples(2)
@given(seed=SEEDS, calibration=st.sampled_from([None, OWN]))
def test_what_is_measured_live_is_what_stored_rows_give(seed, calibration):
    """Of the two minutes that a live session keeps, and of the rows as they are read back."""
    moments = list(stream(seed))
    recent, running = RecentRows(FER7), RunningExpressiveness()
    known = {} if calibration is None else {1: calibration}
    for moment in moments:
        seen = running.update(moment.time_s, moment.observations, known)
        recent.add(replace(moment, observations=seen))
    written = columns_of(FER7, moments)
    (blocks,) = packed_blocks(written, [len(written["time_s"])])
    stored = timeline_of(FER7, [(content, CURRENT_FORMAT) for _, content in blocks])
    live = recent.copy().rows()
    assert live.timeline.time_s[0] > 10
    for measure in OF_FACES:
        afterwards = columns(measure, with_absences(stored, 1), calibration)
        if measure.id == "expressiveness":
            own = live.timeline.face_id == 1
            assert np.isclose(live.activity[own][-1], afterwards["mean"][-1], equal_nan=True)
            continue
        now = columns(measure, with_absences(live.timeline, 1), calibration)
        for name, values in now.items():
            assert np.allclose(values[-1], afterwards[name][-1], atol=1e-5, equal_nan=True), (
                measure.id,
                name,
            )


def stream(seed: int):
    """Moments of one face that is away, or not usable, now and then; at the end it is there."""
    rows = moving(seed, fps=15, seconds=135)
    rng = np.random.default_rng(seed)
    second = rng.random(136)
    for at in range(len(rows)):
        time_s = float(rows.time_s[at])
        is_there = second[int(time_s + 1e-9)] > 0.05 or at == len(rows) - 1
        dark = RejectReason.TOO_DARK if second[int(time_s + 1e-9)] > 0.93 else None
        seen = (observation(rows, at, dark),) if is_there else ()
        yield AnalysedFrame(round(time_s, 6), at, seen)


def observation(rows: Timeline, at: int, reason: RejectReason | None) -> Observation:
    scores = EmotionScores(FER7, rows.scores[at].astype(np.float32)) if reason is None else None
    return replace(
        make_observation(round(float(rows.time_s[at]), 6)),
        frame_index=at,
        quality=make_quality(reason),
        pose=HeadPose(*rows.pose[at].tolist()),
        eyes_open=float(rows.eyes_open[at]),
        blendshapes=rounded_blendshapes(rows.blendshapes[at]),
        lip_gap=float(rows.lip_gap[at]),
        scores=scores,
        steady=scores,
    )


GROUPS = st.integers(5, 7)


def group(seed: int, people: int, *, fps: float) -> np.ndarray:
    """How each person of a group moves, every `SYNCHRONY_STEP_S`, from rows at this rate."""
    rng = np.random.default_rng(seed)
    times = np.arange(round(62 * fps)) / fps
    swings = np.sin(2 * np.pi * rng.uniform(0.05, 0.4, people) * times[:, None])
    at_s = np.arange(0, 60, SYNCHRONY_STEP_S)
    return np.stack([sampled_at(at_s, times, one, max_gap_s=1.0) for one in swings.T], axis=1)


def synchrony_of(series: np.ndarray) -> np.ndarray:
    return synchrony(series, np.random.default_rng(0), surrogates=0).correlation


@FEW
@given(seed=SEEDS, people=GROUPS)
def test_synchrony_does_not_depend_on_the_frame_rate(seed, people):
    slow, fast = (synchrony_of(group(seed, people, fps=fps)) for fps in (10, 30))
    assert not np.isnan(slow).any()
    assert np.allclose(slow, fast, atol=0.01)


@FEW
@given(seed=SEEDS, people=GROUPS, scale=st.floats(0.1, 10.0), shift=st.floats(-5, 5))
def test_synchrony_does_not_depend_on_who_is_who_or_moves_how_much(seed, people, scale, shift):
    series = group(seed, people, fps=10)
    order = np.random.default_rng(seed).permutation(people)
    assert np.allclose(synchrony_of(series), synchrony_of(series[:, order] * scale + shift))


@FEW
@given(seed=SEEDS, people=GROUPS)
def test_a_group_that_holds_still_or_is_missing_has_no_synchrony(seed, people):
    series = group(seed, people, fps=10)
    for nobody in (np.ones_like(series), np.full_like(series, np.nan)):
        assert np.isnan(synchrony_of(nobody)).all()
    missing = series.copy()
    missing[40:80, : people - 4] = np.nan  # four are left in the second window
    assert np.isnan(synchrony_of(missing)[1])


def test_every_measure_of_the_registry_is_under_these_laws():
    assert {one.id for one in OF_FACES} | {"synchrony"} == set(MEASURES)
