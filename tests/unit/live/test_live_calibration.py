"""A calibration that the screen steers and the camera feeds."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest

from core.domain import FER7, rounded_blendshapes
from core.live.calibration_result import PART_STEPS
from core.live.calibration_run import CORNERS, CalibrationStep
from core.live.live_calibration import CalibrationState, LiveCalibration
from core.live.session_recording import SessionRecording
from core.measures import CalibrationPart
from tests.calibrating import AT, OPEN, SHUT, make_measured, moment, obey, obeying
from tests.make import make_moment, make_observation, make_session


@pytest.fixture
def calibration() -> LiveCalibration:
    return LiveCalibration(FER7, lambda: AT)


def test_who_does_every_step_is_calibrated(calibration: LiveCalibration) -> None:
    assert calibration.state() == CalibrationState()
    calibration.begin()
    assert calibration.state().measured is None
    obey(calibration)
    state = calibration.state()
    assert state.problems == ()
    assert state.measured is not None
    assert state.measured.measured_at == AT
    numbers = state.measured.calibration
    assert numbers.cone is not None
    assert (numbers.cone.yaw, numbers.cone.pitch) == pytest.approx((0.0, -1.0), abs=0.2)
    assert numbers.eyes is not None
    assert (numbers.eyes.open, numbers.eyes.closed) == (OPEN, SHUT)
    assert numbers.has(CalibrationPart.REST)


@pytest.mark.parametrize("part", CalibrationPart)
def test_a_part_whose_steps_were_skipped_is_missing_and_the_others_are_not(
    calibration: LiveCalibration, part: CalibrationPart
) -> None:
    calibration.begin()
    for at in range(60 * 10):
        progress = calibration.state().progress
        if progress is None or progress.step is None:
            break
        if progress.step in PART_STEPS[part]:
            calibration.skip()
        else:
            calibration.add(moment(at / 10, progress.step))
    state = calibration.state()
    assert state.measured is not None
    assert state.problems == ()
    assert [one for one in CalibrationPart if not state.measured.calibration.has(one)] == [part]


def test_without_one_of_the_corners_facing_is_left_out(calibration: LiveCalibration) -> None:
    calibration.begin()
    calibration.skip()
    obey(calibration)
    state = calibration.state()
    assert state.measured is not None
    assert state.measured.calibration.cone is None
    assert state.problems == ()


def test_eyes_that_stayed_open_are_told_and_cost_no_other_part(
    calibration: LiveCalibration,
) -> None:
    calibration.begin()
    for at in range(25 * 10):
        progress = calibration.state().progress
        step = None if progress is None else progress.step
        asked = CalibrationStep.NEUTRAL if step is CalibrationStep.CLOSED else step
        calibration.add(moment(at / 10, asked))
    state = calibration.state()
    (problem,) = state.problems
    assert problem.part is CalibrationPart.EYES
    assert "did not close" in problem.message
    assert problem.advice
    assert state.measured is not None
    assert state.measured.calibration.has(CalibrationPart.FACING)
    calibration.redo(*PART_STEPS[problem.part])
    assert calibration.state().problems == ()
    obey(calibration, from_s=30.0)
    again = calibration.state().measured
    assert again is not None
    assert again.calibration == replace(state.measured.calibration, eyes=again.calibration.eyes)
    assert again.calibration.eyes is not None


def test_rows_that_give_nothing_leave_it_uncalibrated_and_say_why(
    calibration: LiveCalibration,
) -> None:
    calibration.begin()
    for at in range(25 * 10):  # a face without landmarks
        seen = replace(make_observation(at / 10), pose=None, eyes_open=None)
        calibration.add(make_moment(at / 10, seen))
    state = calibration.state()
    assert state.measured is None
    assert [one.part for one in state.problems] == list(CalibrationPart)
    assert calibration.take_unstored() == {}


def test_a_stopped_or_skipped_calibration_leaves_the_earlier_one(
    calibration: LiveCalibration,
) -> None:
    calibration.use(make_measured())
    calibration.add(moment(0.0, None))
    calibrated = calibration.state()
    assert calibrated.measured == make_measured()
    for _ in range(2):
        calibration.begin()
        calibration.add(moment(0.0, CORNERS[0]))
    calibration.stop()
    assert calibration.state() == calibrated
    calibration.begin()
    for _ in CalibrationStep:
        calibration.skip()
    assert calibration.state() == replace(calibrated, all_skipped=True)
    calibration.begin()
    calibration.stop()
    assert calibration.state() == calibrated


def test_a_calibration_with_a_step_of_every_part_skipped_says_so(
    calibration: LiveCalibration,
) -> None:
    calibration.begin()
    skipped = {CORNERS[0], CalibrationStep.NEUTRAL, CalibrationStep.CLOSED}
    for at in range(60 * 10):
        progress = calibration.state().progress
        if progress is None or progress.step is None:
            break
        if progress.step in skipped:
            calibration.skip()
        else:
            calibration.add(moment(at / 10, progress.step))
    state = calibration.state()
    assert (state.all_skipped, state.measured, state.problems) == (True, None, ())
    calibration.use(make_measured())
    assert not calibration.state().all_skipped


def test_a_face_that_moves_all_through_the_neutral_step_is_told_and_costs_no_other_part(
    calibration: LiveCalibration,
) -> None:
    calibration.begin()
    rng = np.random.default_rng(3)
    for at in range(25 * 10):
        progress = calibration.state().progress
        step = None if progress is None else progress.step
        frame = moment(at / 10, step)
        (seen,) = frame.observations
        lively = replace(seen, blendshapes=rounded_blendshapes(rng.random(52) ** 2))
        calibration.add(replace(frame, observations=(lively,)))
    state = calibration.state()
    (problem,) = state.problems
    assert problem.part is CalibrationPart.REST
    assert "The face moved" in problem.message
    assert "do this step again, or skip it" in problem.advice
    assert state.measured is not None
    assert state.measured.calibration.has(CalibrationPart.EYES)


def test_two_people_who_share_the_steps_give_no_calibration_of_both(
    calibration: LiveCalibration,
) -> None:
    calibration.begin()
    for at in range(8 * 10):
        progress = calibration.state().progress
        assert progress is not None
        calibration.add(moment(at / 10, progress.step))
    for at in range(80, 60 * 10):
        progress = calibration.state().progress
        if progress is None or progress.step is None:
            break
        seen = obeying(make_observation(at / 10, track_id=2), progress.step)
        calibration.add(make_moment(at / 10, seen))
    state = calibration.state()
    assert list(state.by_face) == [2]
    assert (at + 1) / 10 - 8.0 > 20.0


def test_each_calibration_is_handed_over_to_be_stored_once(calibration: LiveCalibration) -> None:
    assert calibration.take_unstored() == {}
    calibration.begin()
    obey(calibration)
    assert calibration.take_unstored() == {1: calibration.state().measured}
    assert calibration.take_unstored() == {}
    calibration.use(make_measured())
    calibration.add(moment(99.0, None))
    assert calibration.take_unstored() == {1: make_measured()}


def test_steering_before_the_steps_begin_does_nothing(calibration: LiveCalibration) -> None:
    calibration.skip()
    calibration.redo(CalibrationStep.NEUTRAL)
    calibration.stop()
    calibration.add(moment(0.0, None))
    assert calibration.state() == CalibrationState(face_id=1)


def test_a_calibration_belongs_to_one_face_and_another_is_not_calibrated_by_it(
    calibration: LiveCalibration,
) -> None:
    calibration.begin()
    end_s = obey(calibration)
    other = make_observation(end_s, track_id=2)
    calibration.add(make_moment(end_s, make_observation(end_s), other))
    assert calibration.state().measured is not None  # of the one that was last alone
    calibration.add(make_moment(end_s + 1, other))
    state = calibration.state()
    assert (state.face_id, state.measured) == (2, None)
    assert state.of_another_face == state.by_face[1]
    calibration.use(state.by_face[1])
    calibration.add(make_moment(end_s + 2, other))
    state = calibration.state()
    assert state.measured == state.by_face[1]
    assert state.of_another_face is None


def test_a_kept_calibration_waits_for_a_face_that_is_alone(calibration: LiveCalibration) -> None:
    calibration.use(make_measured())
    two = (make_observation(0.0), make_observation(0.0, track_id=2))
    for seen in ((), two):
        calibration.add(make_moment(0.0, *seen))
        assert calibration.state().by_face == {}
    calibration.add(make_moment(1.0, two[1]))
    assert calibration.state().by_face == {2: make_measured()}


def test_the_screen_may_steer_while_the_camera_adds(calibration: LiveCalibration) -> None:
    calibration.begin()
    steered = threading.Event()

    def steer() -> None:
        for _ in range(200):
            calibration.redo()
            calibration.state()
        steered.set()

    thread = threading.Thread(target=steer)
    thread.start()
    time_s = 0.0
    while not steered.is_set():
        calibration.add(moment(time_s, None))
        time_s += 0.01
    thread.join()
    obey(calibration, from_s=time_s)
    assert calibration.state().measured is not None


def test_movement_is_measured_against_the_calibrated_face_from_then_on() -> None:
    recording = SessionRecording(make_session(), FER7, now=lambda: AT)
    recording.calibration.use(make_measured())
    seen = []
    for at in range(80):
        shown = recording.shown(moment(at / 10, CalibrationStep.NEUTRAL))
        recording.calibration.add(shown)
        seen += [one.movement for one in shown.observations if one.movement is not None]
    assert seen
    assert all(one.is_own for one in seen)
    uncalibrated = SessionRecording(make_session(), FER7, now=lambda: AT)
    moved = [uncalibrated.shown(moment(at / 10, CalibrationStep.NEUTRAL)) for at in range(80)]
    last = moved[-1].observations[0].movement
    assert last is not None
    assert not last.is_own
