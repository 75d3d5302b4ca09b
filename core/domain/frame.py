"""Frames, boxes and faces."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

RgbPicture = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Frame:
    """One picture of a stream.

    Attributes:
        rgb: uint8, shape `(height, width, 3)`, red first.
        time_s: seconds since the source began; 0.0 is the first frame.
        index: number of the frame in its source, from 0; skipped frames are counted.
    """

    rgb: RgbPicture
    time_s: float
    index: int

    def __post_init__(self) -> None:
        if self.rgb.ndim != 3 or self.rgb.shape[2] != 3 or self.rgb.dtype != np.uint8:
            raise ValueError(
                f"a frame is uint8 (height, width, 3), got {self.rgb.dtype} {self.rgb.shape}"
            )
        if min(self.rgb.shape[:2]) < 1:
            raise ValueError(f"a frame has at least one pixel, got {self.rgb.shape}")
        if not math.isfinite(self.time_s) or self.time_s < 0:
            raise ValueError(f"time_s must be finite and not negative, got {self.time_s}")
        if self.index < 0:
            raise ValueError(f"index must not be negative, got {self.index}")

    @property
    def height_px(self) -> int:
        """Rows."""
        return int(self.rgb.shape[0])

    @property
    def width_px(self) -> int:
        """Columns."""
        return int(self.rgb.shape[1])


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels of its frame; it may reach beyond the frame's edge.

    Attributes:
        left, top: the corner nearest the origin (top left of the picture).
        right, bottom: the opposite corner; always larger.
    """

    left: float
    top: float
    right: float
    bottom: float

    def __post_init__(self) -> None:
        sides = self.sides
        if not all(map(math.isfinite, sides)):
            raise ValueError(f"a box has finite sides, got {sides}")
        if self.right <= self.left or self.bottom <= self.top:
            raise ValueError(f"a box has an area, got {sides}")

    @property
    def sides(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom."""
        return self.left, self.top, self.right, self.bottom

    @property
    def width_px(self) -> float:
        """Right minus left."""
        return self.right - self.left

    @property
    def height_px(self) -> float:
        """Bottom minus top."""
        return self.bottom - self.top

    @property
    def size_px(self) -> float:
        """The shorter side: what "a face of 40 px" means here."""
        return min(self.width_px, self.height_px)

    @property
    def center(self) -> tuple[float, float]:
        """Middle of the box: x, y."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    @property
    def area_px(self) -> float:
        """Square pixels."""
        return self.width_px * self.height_px

    def overlap(self, other: Box) -> float:
        """Intersection over union, in [0, 1]."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        if width <= 0 or height <= 0:
            return 0.0
        shared = width * height
        return shared / (self.area_px + other.area_px - shared)


@dataclass(frozen=True)
class Face:
    """A detected face.

    Attributes:
        box: tight around the face: brow or hairline to chin, ear to ear.
        confidence: the detector's, in [0, 1].
        track_id: stable number of this face in its session, from 1; below 0 while the track is
            tentative (too few detections so far); None before tracking.
        was_id: the tentative `track_id`; set once, when the track is confirmed.
        points: `(5, 2)`, pixels: the picture's left eye, right eye, nose, left and right corner of
            the mouth, as an upright face has them; None where the detector gives none.
        appearance: colour features by which a tracker distinguishes people; None where not
            computed.
    """

    box: Box
    confidence: float
    track_id: int | None = None
    points: NDArray[np.float32] | None = field(default=None, repr=False, compare=False)
    appearance: NDArray[np.float32] | None = field(default=None, repr=False, compare=False)
    was_id: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.confidence <= 1:
            raise ValueError(f"confidence must lie in [0, 1], got {self.confidence}")
