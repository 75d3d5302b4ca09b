"""Whether the head faces the screen. Not gaze: the eyes may look elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain import HeadPose


@dataclass(frozen=True)
class FacingCone:
    """Head directions that count as facing the screen.

    Attributes:
        yaw, pitch: the cone's axis in degrees; 0, 0 is the camera. May be set to a person's own
            direction to the screen.
        half_angle_deg: half its opening angle. A 24-inch screen at 60 cm spans 24 degrees to each
            side of its centre, and people turn the head about that far before only the eyes move.
    """

    yaw: float = 0.0
    pitch: float = 0.0
    half_angle_deg: float = 25.0


DEFAULT_CONE = FacingCone()


def facing(pose: NDArray[np.float64], cone: FacingCone = DEFAULT_CONE) -> NDArray[np.float64]:
    """1 where the head points into the cone, 0 where not, NaN where no pose was measured.

    Args:
        pose: float64 `(n, 3)`, yaw, pitch, roll in degrees. Roll does not move the direction. Where
            only pitch is unknown, as of small faces, yaw alone decides.
    """
    pitch = np.where(np.isnan(pose[:, 1]), cone.pitch, pose[:, 1])
    directions = _direction(pose[:, 0], pitch)
    axis = _direction(np.array([cone.yaw]), np.array([cone.pitch]))[0]
    inside = directions @ axis >= np.cos(np.radians(cone.half_angle_deg))
    return np.where(np.isnan(pose[:, 0]), np.nan, inside.astype(np.float64))


def is_facing(pose: HeadPose, cone: FacingCone = DEFAULT_CONE) -> bool:
    """Whether one head points into the cone; by yaw alone where pitch is unknown."""
    return bool(facing(np.array([pose.angles]), cone)[0])


def _direction(yaw: NDArray[np.float64], pitch: NDArray[np.float64]) -> NDArray[np.float64]:
    """Unit vectors `(n, 3)`: right, up, forward."""
    yaw, pitch = np.radians(yaw), np.radians(pitch)
    level = np.cos(pitch)
    return np.stack([level * np.sin(yaw), np.sin(pitch), level * np.cos(yaw)], axis=1)
