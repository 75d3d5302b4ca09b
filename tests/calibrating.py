"""A person who does what a calibration asks for, and the calibration that follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from core.domain import FER7, AnalysedFrame, HeadPose, Observation, rounded_blendshapes
from core.live.calibration_run import CORNERS, CalibrationStep
from core.live.live_calibration import LiveCalibration
from core.sessions import MeasuredCalibration
from tests.make import make_moment, make_observation

AT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
OPEN, SHUT = 0.85, 0.25
_CORNER_POSES = dict(zip(CORNERS, ((-15, 8), (15, 8), (15, -10), (-15, -10)), strict=True))


def obeying(seen: Observation, step: CalibrationStep | None) -> Observation:
    """The face while it does this step."""
    yaw, pitch = _CORNER_POSES.get(step, (0, -1)) if step else (0, -1)
    return replace(
        seen,
        pose=HeadPose(float(yaw), float(pitch), 0.0),
        eyes_open=SHUT if step is CalibrationStep.CLOSED else OPEN,
        blendshapes=rounded_blendshapes(np.full(52, 0.1)),
        lip_gap=0.01,
    )


def obey(calibration: LiveCalibration, *, from_s: float = 0.0, fps: int = 10) -> float:
    """Do every step until it is over; returns the time."""
    for at in range(60 * fps):
        time_s = from_s + at / fps
        progress = calibration.state().progress
        if progress is None or progress.step is None:
            return time_s
        calibration.add(moment(time_s, progress.step))
    raise AssertionError("the calibration never ended")


def moment(time_s: float, step: CalibrationStep | None) -> AnalysedFrame:
    """An analysed frame with that face."""
    return make_moment(time_s, obeying(make_observation(time_s), step))


def make_measured(at: datetime = AT) -> MeasuredCalibration:
    """A calibration with every part."""
    calibration = LiveCalibration(FER7, lambda: at)
    calibration.begin()
    obey(calibration)
    measured = calibration.state().measured
    assert measured is not None
    return measured
