"""Where a head points, from five points of a face: what is left to read where a face is small."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from core.domain import HeadPose

# Degrees for each (nose's way to the side / size of the face) and for its cube, fitted to the
# landmarker's yaw on 750 of FER2013's training pictures with faces of 16 to 86 px; on 500 others it
# is 3.8 degrees off on average, whatever the size. Pitch cannot be had: a fit left 9.2 of its 9.9
# degrees of spread.
_YAW, _YAW_CUBED = 150.6, -303.6
CONTRADICTION_DEG = 30.0
"""Points and landmarks of one face usually differ by 3 degrees of roll, seldom by 8."""


def roll_of(points: NDArray[np.float32]) -> float:
    """Clockwise tilt in degrees, in (-180, 180]; 180 is upside down.

    Args:
        points: `(5, 2)`: the picture's left eye, right eye, nose, left and right corner of the
            mouth, as an upright face has them.
    """
    across = (points[1] - points[0]) + (points[4] - points[3])
    return math.degrees(math.atan2(float(across[1]), float(across[0])))


def pose_from_points(points: NDArray[np.float32]) -> HeadPose:
    """Yaw and roll; pitch stays unknown.

    Args:
        points: as `roll_of` has them.
    """
    roll = roll_of(points)
    turn = math.radians(-roll)
    back = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    left_eye, right_eye, nose, left_mouth, right_mouth = points.astype(np.float64) @ back.T
    eyes, mouth = (left_eye + right_eye) / 2, (left_mouth + right_mouth) / 2
    size = math.hypot(right_eye[0] - left_eye[0], mouth[1] - eyes[1])
    aside = float((nose - (eyes + mouth) / 2)[0]) / max(size, 1e-6)
    aside = float(np.clip(aside, -0.35, 0.35))  # the cubic turns back beyond
    return HeadPose(yaw=_YAW * aside + _YAW_CUBED * aside**3, pitch=None, roll=roll)


def contradict(points: NDArray[np.float32], roll: float) -> bool:
    """Whether a reading of the face with this roll (degrees) cannot be of these points: such as an
    upright reading of an inverted face.
    """
    apart = abs(roll_of(points) - roll) % 360.0
    return min(apart, 360.0 - apart) > CONTRADICTION_DEG
