"""Laws of nods, confusion candidates, the indices and synchrony: seconds count, not frames; nothing
comes from rows that are missing."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain import BLENDSHAPES, Timeline
from core.measures import Calibration, RestingShape
from core.measures.calibration import LIVE_BLENDSHAPES
from core.measures.signals.concentration import measure_concentration
from core.measures.signals.confusion import measure_confusion
from core.measures.signals.engagement import measure_engagement
from core.measures.signals.head_gestures import measure_head_gestures
from tests.examples import examples
from tests.poses import one_face

SIGNALS = [measure_head_gestures, measure_confusion, measure_engagement, measure_concentration]
SEEDS = st.integers(0, 2**16)
OWN = Calibration(rest=tuple(RestingShape(name, 0.1, 0.05) for name in LIVE_BLENDSHAPES))

signals = pytest.mark.parametrize("measure", SIGNALS, ids=lambda one: one.__name__)


def moving(seed: int, *, fps: float, seconds: int = 30) -> Timeline:
    """A face whose values change twice a second at most; its head swings faster."""
    rng = np.random.default_rng(seed)
    times = np.arange(round(seconds * fps)) / fps
    half = np.floor(times * 2 + 1e-9).astype(int)
    halves = 2 * seconds + 1
    shapes = (rng.random((halves, len(BLENDSHAPES))) ** 3).astype(np.float32)
    angles = rng.uniform(3, 8, 2)[:, None] * np.sin(2 * np.pi * rng.uniform(0.8, 1.5) * times)
    timeline = one_face(times)
    steady = rng.random((halves, len(timeline.scheme)))
    return replace(
        timeline,
        pose=np.stack([angles[0], angles[1], 0 * times], axis=1),
        blendshapes=shapes[half],
        eyes_open=rng.random(halves)[half],
        steady=(steady / steady.sum(axis=1, keepdims=True))[half],
    )


def columns(found) -> dict[str, np.ndarray]:
    return {field.name: getattr(found, field.name) for field in fields(found)}


@signals
@examples(8)
@given(seed=SEEDS)
def test_the_frame_rate_does_not_matter(measure, seed):
    slow, fast = (moving(seed, fps=fps) for fps in (20, 60))
    of_slow, of_fast = (columns(measure(one, OWN)) for one in (slow, fast))
    for name, values in of_slow.items():
        again = of_fast[name][::3]
        assert np.array_equal(np.isnan(values), np.isnan(again)), name
        close = np.isclose(values, again, rtol=0.02, atol=0.02, equal_nan=True)
        assert close.mean() > 0.97, name  # swings at the very threshold may differ


@signals
@examples(8)
@given(seed=SEEDS, scale=st.floats(0.3, 3.0))
def test_scaling_the_face_does_not_matter(measure, seed, scale):
    near = moving(seed, fps=15)
    far = replace(near, box=near.box * scale, face_px=near.face_px * scale)
    for one, two in zip(
        columns(measure(near, OWN)).values(), columns(measure(far, OWN)).values(), strict=True
    ):
        assert np.array_equal(one, two, equal_nan=True)


@signals
@examples(8)
@given(seed=SEEDS)
def test_missing_rows_never_become_values(measure, seed):
    timeline = moving(seed, fps=15)
    gone = np.ones(len(timeline), dtype=bool)
    empty = {
        name: np.full_like(getattr(timeline, name), np.nan)
        for name in ("pose", "blendshapes", "eyes_open", "steady", "scores")
    }
    nothing = replace(timeline, usable=~gone, **empty)
    for values in columns(measure(nothing, OWN)).values():
        assert np.isnan(values).all()


@signals
@examples(8)
@given(seed=SEEDS)
def test_a_face_that_holds_still_gives_constants(measure, seed):
    timeline = moving(seed, fps=15)
    still = {
        name: np.repeat(getattr(timeline, name)[:1], len(timeline), axis=0)
        for name in ("pose", "blendshapes", "eyes_open", "steady")
    }
    for name, values in columns(measure(replace(timeline, **still), OWN)).items():
        known = values[np.isfinite(values)]
        assert not len(known) or np.ptp(known) == pytest.approx(0, abs=1e-9), name


@signals
@examples(8)
@given(seed=SEEDS, at=st.integers(50, 400))
def test_no_row_knows_what_comes_after_it(measure, seed, at):
    timeline = moving(seed, fps=15)
    begun = timeline.where(np.arange(len(timeline)) < at)
    whole = columns(measure(timeline, OWN))
    for name, values in columns(measure(begun, OWN)).items():
        assert np.allclose(values, whole[name][:at], equal_nan=True), name
