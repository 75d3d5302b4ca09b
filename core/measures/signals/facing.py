"""Whether the head faces the screen. Not gaze: the eyes may look elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain import HeadPose, Timeline
from core.measures.calibration import DEFAULT_CONE, Calibration, FacingCone
from core.measures.windows import Windows, held_state

WINDOW_S = 10.0
ON_AFTER_S, OFF_AFTER_S = 1.0, 2.0
"""Facing begins and ends once it has lasted: a glance at a note is no turning away."""


@dataclass(frozen=True, eq=False)
class FacingColumns:
    """See `core.measures.face_measures.FACING`; each float64 `(n,)`."""

    share: NDArray[np.float64]
    held: NDArray[np.float64]
    now: NDArray[np.float64]


def measure_facing(timeline: Timeline, calibration: Calibration | None) -> FacingColumns:
    """Facing of one face.

    Rows with a known head pose count, usable or not: a head that is turned away is no lost row.
    """
    cone = DEFAULT_CONE if calibration is None or calibration.cone is None else calibration.cone
    now = facing(timeline.pose, cone)
    held = held_state(timeline, now, on_after_s=ON_AFTER_S, off_after_s=OFF_AFTER_S)
    return FacingColumns(Windows.before_rows(timeline, WINDOW_S).mean(held), held, now)


def facing(pose: NDArray[np.float64], cone: FacingCone = DEFAULT_CONE) -> NDArray[np.float64]:
    """1 where the head points into the cone, 0 where not, NaN where no pose was measured.

    Args:
        pose: float64 `(n, 3)`, yaw, pitch, roll in degrees. Roll does not move the direction. Where
            only pitch is unknown, as of small faces, yaw alone decides.
    """
    pitch = np.where(np.isnan(pose[:, 1]), cone.pitch, pose[:, 1])
    directions = direction(pose[:, 0], pitch)
    axis = direction(np.array([cone.yaw]), np.array([cone.pitch]))[0]
    inside = directions @ axis >= np.cos(np.radians(cone.half_angle_deg))
    return np.where(np.isnan(pose[:, 0]), np.nan, inside.astype(np.float64))


def is_facing(pose: HeadPose, cone: FacingCone = DEFAULT_CONE) -> bool:
    """Whether one head points into the cone; by yaw alone where pitch is unknown."""
    return bool(facing(np.array([pose.angles]), cone)[0])


def direction(yaw: NDArray[np.float64], pitch: NDArray[np.float64]) -> NDArray[np.float64]:
    """Unit vectors `(n, 3)`: right, up, forward."""
    yaw, pitch = np.radians(yaw), np.radians(pitch)
    level = np.cos(pitch)
    return np.stack([level * np.sin(yaw), np.sin(pitch), level * np.cos(yaw)], axis=1)
