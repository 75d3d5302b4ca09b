"""Laws of the measures of one face: seconds count, not frames; nothing comes from missing rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain import BLENDSHAPES, Timeline
from core.measures import MEASURES
from tests.examples import examples
from tests.faces_in_time import OWN
from tests.poses import one_face

SEEDS = st.integers(0, 2**16)
FEW = examples(6)
IDS = (
    *("facing", "eyes", "blinks", "smile", "mouth_moving", "expressiveness", "tension"),
    "confident_stressed",
)
each = pytest.mark.parametrize("measure", [MEASURES[one] for one in IDS], ids=IDS)
STORED = ("pose", "eyes_open", "blendshapes", "lip_gap", "scores", "steady")


def moving(seed: int, *, fps: float, seconds: int) -> Timeline:
    """A face whose values change twice a second."""
    rng = np.random.default_rng(seed)
    times = np.arange(round(seconds * fps)) / fps
    half = np.floor(times * 2 + 1e-9).astype(int)
    count = 2 * seconds + 1
    timeline = one_face(times)
    scores = rng.dirichlet(np.ones(len(timeline.scheme)), count)
    return replace(
        timeline,
        pose=rng.normal(0, 20, (count // 6 + 2, 3))[half // 6],
        blendshapes=(rng.random((count, len(BLENDSHAPES))) ** 3).astype(np.float32)[half],
        eyes_open=rng.random(count)[half],
        lip_gap=rng.random(count)[half] / 20,
        scores=scores[half],
        steady=scores[half],
    )


def columns(measure, timeline):
    found = measure.compute(timeline, OWN)
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
    slow, fast = (columns(measure, moving(seed, fps=fps, seconds=64)) for fps in (20, 60))
    assert any(not np.isnan(values).all() for values in slow.values())
    for name, values in slow.items():
        assert np.allclose(values, fast[name][::3], atol=1e-6, equal_nan=True), name


@each
@FEW
@given(seed=SEEDS, scale=st.floats(0.3, 3.0), shift_px=st.floats(-300, 300))
def test_the_size_and_the_place_of_the_face_do_not_matter(measure, seed, scale, shift_px):
    near = moving(seed, fps=15, seconds=64)
    far = replace(near, box=near.box * scale + shift_px, face_px=near.face_px * scale)
    again = columns(measure, far)
    for name, values in columns(measure, near).items():
        assert np.array_equal(values, again[name], equal_nan=True)


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
    seconds, fps = 80, 4
    timeline = moving(seed, fps=fps, seconds=seconds)
    kept = np.random.default_rng(seed).random(seconds) < usable
    values = columns(measure, without(timeline, ~np.repeat(kept, fps)))[measure.parts[0].name]
    for second in range(seconds):
        window = kept[max(0, second - int(measure.window_s)) : second]
        if window.sum() < 0.6 * measure.window_s:
            assert np.isnan(values[second * fps])


@each
@FEW
@given(seed=SEEDS)
def test_no_row_knows_what_comes_after_it(measure, seed):
    timeline = moving(seed, fps=15, seconds=66)
    begun = columns(measure, timeline.since(0.0).where(timeline.time_s < 63))
    if measure.id == "blinks":  # a blink is one when it is over
        begun = {name: values[:-15] for name, values in begun.items()}
    for name, values in columns(measure, timeline).items():
        assert np.allclose(begun[name], values[: len(begun[name])], equal_nan=True), name
