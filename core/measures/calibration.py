"""A person's own values that measures are compared with: facing, face at rest, eyes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from core.domain import BLENDSHAPES, DEAD_BLENDSHAPES

LIVE_BLENDSHAPES = tuple(name for name in BLENDSHAPES if name not in DEAD_BLENDSHAPES)
"""The 42 blendshapes that this landmarker measures: all that a calibration holds."""

LEAST_EYE_RANGE = 0.1
"""Smallest difference between open and closed eyes that lids can be measured with."""

LEAST_SPREAD = 0.02
"""Smallest spread that own z-scores divide by: in a still picture with camera noise, seconds of one
shape vary by up to this much."""


class CalibrationPart(StrEnum):
    """What a calibration may hold; each part can be missing."""

    FACING = "facing"
    """The person's own direction to the screen, and how far its corners are."""
    REST = "rest"
    """The person's own face at rest."""
    EYES = "eyes"
    """The person's own eyes, open and closed."""


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

    def __post_init__(self) -> None:
        if not all(map(math.isfinite, (self.yaw, self.pitch))) or not 0 < self.half_angle_deg <= 90:
            raise ValueError(f"a cone has finite angles, and opens by up to 90 degrees, got {self}")


DEFAULT_CONE = FacingCone()


@dataclass(frozen=True)
class RestingShape:
    """One blendshape of a face at rest.

    Attributes:
        name: one of `LIVE_BLENDSHAPES`.
        median: in [0, 1].
        spread: robust standard deviation, 0 or more.
    """

    name: str
    median: float
    spread: float

    def __post_init__(self) -> None:
        if self.name not in LIVE_BLENDSHAPES:
            raise ValueError(f"{self.name[:60]!r} is not a blendshape that is measured")
        if not 0 <= self.median <= 1 or not 0 <= self.spread <= 1:
            raise ValueError(f"median and spread lie in [0, 1], got {self}")


@dataclass(frozen=True)
class EyeRange:
    """`Observation.eyes_open` of one person's eyes.

    Attributes:
        open: looking ahead.
        closed: deliberately closed; at least `LEAST_EYE_RANGE` below `open`.
    """

    open: float
    closed: float

    def __post_init__(self) -> None:
        if not 0 <= self.closed <= self.open - LEAST_EYE_RANGE or self.open > 1:
            raise ValueError(f"closed eyes are less open than open ones, got {self}")


@dataclass(frozen=True)
class Calibration:
    """One person's own values on one seat. Each part may be missing: the step was skipped.

    Attributes:
        cone: own centre, and how far the corners of the screen are from it.
        rest: own median and spread of each of `LIVE_BLENDSHAPES`, or empty.
        eyes: own eyes.
        lip_gap_sd: standard deviation of the own lip gap at rest; part of `rest`.
    """

    cone: FacingCone | None = None
    rest: tuple[RestingShape, ...] = ()
    eyes: EyeRange | None = None
    lip_gap_sd: float | None = None

    def __post_init__(self) -> None:
        names = [shape.name for shape in self.rest]
        if names and sorted(names) != sorted(LIVE_BLENDSHAPES):
            raise ValueError(f"rest names each blendshape that is measured once, got {len(names)}")
        if self.lip_gap_sd is not None and not 0 <= self.lip_gap_sd < math.inf:
            raise ValueError(f"a standard deviation is 0 or more, got {self.lip_gap_sd}")

    def has(self, part: CalibrationPart) -> bool:
        """Whether this part was measured."""
        known = {
            CalibrationPart.FACING: self.cone is not None,
            CalibrationPart.REST: bool(self.rest),
            CalibrationPart.EYES: self.eyes is not None,
        }
        return known[part]


def own_z(
    blendshapes: NDArray[np.float32], names: tuple[str, ...], resting: Mapping[str, RestingShape]
) -> NDArray[np.float64]:
    """How many own spreads each shape is above its own median: float64 `(n, len(names))`.

    Args:
        blendshapes: float32 `(n, 52)`; NaN stays NaN.
        names: of the shapes.
        resting: own values, or those of `population`.
    """
    columns = [BLENDSHAPES.index(name) for name in names]
    medians = np.array([resting[name].median for name in names])
    spreads = np.array([max(resting[name].spread, LEAST_SPREAD) for name in names])
    return np.asarray((blendshapes[:, columns].astype(np.float64) - medians) / spreads)
