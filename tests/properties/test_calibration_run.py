"""However a calibration is steered, it ends, and holds what was done and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain import FER7, RejectReason
from core.live.calibration_run import SETTLE_S, STEP_S, CalibrationRun, CalibrationStep
from tests.examples import examples
from tests.make import make_moment, make_observation

STEERED = st.lists(
    st.one_of(
        st.just("skip"),
        st.lists(st.sampled_from(CalibrationStep), max_size=3),  # done again
        st.tuples(st.sampled_from([None, *RejectReason]), st.sampled_from([0.5, 2.0, 5.0, 30.0])),
    ),
    max_size=12,
)
FPS = 5


def watch(run: CalibrationRun, from_s: float, seconds: float, fps: float, reason=None) -> float:
    for at in range(round(seconds * fps)):
        time_s = from_s + at / fps
        run.add(make_moment(time_s, make_observation(time_s, reason=reason)))
    return from_s + seconds


def expect_sound(run: CalibrationRun) -> None:
    progress, rows = run.progress(), run.rows(FER7)
    assert run.is_over == (progress.step is None)
    assert progress.measured == tuple(step for step in STEP_S if step in rows)
    assert not set(progress.measured) & set(progress.skipped)
    assert progress.step not in {*progress.measured, *progress.skipped}
    assert run.is_over == (len(progress.measured) + len(progress.skipped) == len(STEP_S))
    assert 0 <= progress.counted_s <= progress.wanted_s
    assert all(one.usable.all() for one in rows.values())


@given(STEERED)
@examples(30)
def test_any_order_of_steps_and_time_ends_well(steered) -> None:
    run, time_s = CalibrationRun(), 0.0
    for one in steered:
        if one == "skip":
            run.skip()
        elif isinstance(one, list):
            run.redo(*one)
        else:
            time_s = watch(run, time_s, one[1], FPS, one[0])
        expect_sound(run)
    watch(run, time_s, 30.0, FPS)
    assert run.is_over
    expect_sound(run)


@given(st.floats(2.0, 60.0), st.sampled_from([0.0, 7.3]))
@examples(20)
def test_the_frame_rate_does_not_matter(fps: float, from_s: float) -> None:
    run, frames = CalibrationRun(), 0
    while not run.is_over:
        time_s = from_s + frames / fps
        run.add(make_moment(time_s, make_observation(time_s)))
        frames += 1
    wanted_s = sum(STEP_S.values()) + SETTLE_S * len(STEP_S)
    assert frames / fps == pytest.approx(wanted_s, abs=(len(STEP_S) + 1) / fps)
    for step, rows in run.rows(FER7).items():
        assert len(rows) / fps == pytest.approx(STEP_S[step], abs=2 / fps)
