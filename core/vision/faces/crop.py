"""Cutting faces out the way FER2013 did, so that a model sees what it learned from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from core.domain import Box, ModelInput, RgbPicture
from core.domain.errors import DamagedModel
from core.models.runtimes import ENLARGED_BY

# Where eyes and mouth lie in FER2013's 48x48 pictures, as shares of the side: medians over those of
# 2,500 random training pictures in which the landmarker found a face, 2,303 when they were first
# taken. benchmarks/fer2013_crop.py measures them again: within 0.002. Middle of the eyes, middle of
# the mouth, and the distance between the eyes.
EYES_MIDDLE = (0.500, 0.394)
MOUTH_MIDDLE = (0.502, 0.779)
EYES_APART = 0.367
# The same for CenterFace's boxes: the picture is a square of the box's height times this, about a
# point this share of the height below the box's top.
BOX_SCALE, BOX_MIDDLE = 1.08, 0.50

FER2013_CROP = "fer2013"
# Models trained elsewhere often saw a detector's box as it is, or with a quarter more around it.
BOX_CROPS: Mapping[str, float] = {"box": 1.0, "wide-box": 1.25}
CROPS: Mapping[str, str] = {
    FER2013_CROP: "Upright, as in FER2013",
    "box": "The face's box, square",
    "wide-box": "That box and a quarter more",
}
"""Name -> what it gives, in words."""


def crop_by_landmarks(
    rgb: RgbPicture, eyes_and_mouth: NDArray[np.float32], *, size_px: int
) -> NDArray[np.float32]:
    """A grey, upright face picture, float32 `(size_px, size_px)` in [0, 1]."""
    return _grey(_cut(rgb, _upright(eyes_and_mouth, size_px), size_px))


def crop_by_box(rgb: RgbPicture, box: Box, *, size_px: int) -> NDArray[np.float32]:
    """The same from a detector's box alone, where no landmarks were found."""
    return _grey(_cut(rgb, _as_upright(box, size_px), size_px))


@dataclass(frozen=True, eq=False)
class _Place:
    """Where a face comes to lie: shift, turn and one scale.

    Attributes:
        middle: a point of the picture, in pixels.
        lands_at: where it comes to lie in the cut.
        scale: pixels of the cut for one of the picture.
        turn: about `middle`, in radians, clockwise.
    """

    middle: NDArray[np.float64]
    lands_at: NDArray[np.float64]
    scale: float
    turn: float = 0.0


@dataclass(frozen=True)
class FaceCrop:
    """How faces are cut out for a model; grey or in colour, as it reads them.

    Attributes:
        wanted: the model's input; `crop` is one of `CROPS`.
    """

    wanted: ModelInput

    def __post_init__(self) -> None:
        if self.wanted.crop not in CROPS:
            raise DamagedModel(
                f"Nobody here knows how to cut faces out as {self.wanted.crop[:40]!r}.",
                advice=f"Known: {', '.join(CROPS)}.",
            )

    def cut(
        self, rgb: RgbPicture, box: Box, eyes_and_mouth: NDArray[np.float32] | None
    ) -> NDArray[np.float32]:
        """One face, float32 `(size_px, size_px, channels)` in [0, 1].

        Args:
            eyes_and_mouth: as `crop_by_landmarks` has them; None where no landmarks were found.
        """
        place = self._place(box, eyes_and_mouth)
        found = _cut(rgb, place, self.wanted.size_px, ENLARGED_BY[self.wanted.interpolation])
        if self.wanted.channels == 1:
            return _grey(found)[..., None]
        return found.astype(np.float32) / np.float32(255.0)

    def enlarges(self, box: Box, eyes_and_mouth: NDArray[np.float32] | None) -> bool:
        """Whether a face has fewer pixels than the model reads."""
        return self._place(box, eyes_and_mouth).scale > 1

    def _place(self, box: Box, eyes_and_mouth: NDArray[np.float32] | None) -> _Place:
        size_px = self.wanted.size_px
        if self.wanted.crop != FER2013_CROP:
            return _square(box, size_px, share=BOX_CROPS[self.wanted.crop])
        if eyes_and_mouth is None:
            return _as_upright(box, size_px)
        return _upright(eyes_and_mouth, size_px)


def _upright(eyes_and_mouth: NDArray[np.float32], size_px: int) -> _Place:
    """FER2013's framing, from landmarks.

    Shift, turn and one scale bring the face to FER2013's usual place. The scale is taken from the
    distance between the eyes and from the eyes to the mouth together, as turning the head shortens
    the one and nodding the other.

    Args:
        eyes_and_mouth: `(3, 2)`, centres of left eye, right eye and mouth in pixels.
    """
    left_eye, right_eye, mouth = eyes_and_mouth.astype(np.float64)
    eyes = (left_eye + right_eye) / 2
    apart, down = right_eye - left_eye, mouth - eyes
    wanted_apart = EYES_APART * size_px
    wanted_down = (MOUTH_MIDDLE[1] - EYES_MIDDLE[1]) * size_px
    found = np.hypot(np.hypot(*apart) / wanted_apart, np.hypot(*down) / wanted_down) / np.sqrt(2)
    scale = 1.0 / max(float(found), 1e-6)
    turn = -np.arctan2(apart[1], apart[0])
    middle = (eyes + mouth) / 2
    wanted_middle = (np.array(EYES_MIDDLE) + np.array(MOUTH_MIDDLE)) / 2 * size_px
    return _Place(middle, wanted_middle, scale, float(turn))


def _as_upright(box: Box, size_px: int) -> _Place:
    """The same from a box alone, not turned."""
    side = box.height_px * BOX_SCALE
    middle = np.array([box.center[0], box.top + box.height_px * BOX_MIDDLE])
    return _Place(middle, np.array([size_px / 2, size_px / 2]), size_px / side)


def _square(box: Box, size_px: int, *, share: float) -> _Place:
    """A square about a box's middle, `share` times its longer side, not turned."""
    side = max(box.width_px, box.height_px) * share
    return _Place(np.array(box.center), np.array([size_px / 2, size_px / 2]), size_px / side)


def _grey(cut: NDArray[np.uint8]) -> NDArray[np.float32]:
    grey = np.asarray(cv2.cvtColor(cut, cv2.COLOR_RGB2GRAY), dtype=np.float32)
    return grey / np.float32(255.0)


def _cut(
    rgb: RgbPicture, place: _Place, size_px: int, enlarged_by: int = cv2.INTER_LINEAR
) -> NDArray[np.uint8]:
    """The face as it comes to lie: uint8 `(size_px, size_px, 3)`.

    When the face shrinks a lot, the picture is first averaged over whole blocks: bilinear sampling
    alone would skip pixels and give a sharpness that FER2013's pictures do not have.

    Args:
        enlarged_by: OpenCV's flag for a face of fewer pixels; larger ones are sampled bilinearly.
    """
    rgb, middle, scale = _shrunk(rgb, place.middle, place.scale, size_px)
    cosine, sine = scale * np.cos(place.turn), scale * np.sin(place.turn)
    linear = np.array([[cosine, -sine], [sine, cosine]])
    # Pixel centres lie at half numbers; OpenCV counts them from whole ones.
    shift = (place.lands_at - 0.5) - linear @ (middle - 0.5)
    return np.asarray(
        cv2.warpAffine(
            rgb,
            np.column_stack([linear, shift]),
            (size_px, size_px),
            flags=enlarged_by if place.scale > 1 else cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        ),
        dtype=np.uint8,
    )


def _shrunk(
    rgb: RgbPicture, middle: NDArray[np.float64], scale: float, size_px: int
) -> tuple[RgbPicture, NDArray[np.float64], float]:
    """The surroundings of the face only, averaged in blocks of `1 / scale` pixels."""
    block = int(1.0 / scale)
    if block < 2:
        return rgb, middle, scale
    reach = size_px / scale  # the cut, turned by up to 45 degrees, stays inside
    left, top = (max(0, int(part - reach)) for part in middle)
    right, bottom = (int(part + reach) for part in middle)
    near = rgb[top:bottom, left:right]
    high, wide = near.shape[0] // block, near.shape[1] // block
    if min(high, wide) < 1:
        return rgb, middle, scale
    small = cv2.resize(
        near[: high * block, : wide * block], (wide, high), interpolation=cv2.INTER_AREA
    )
    return (
        np.asarray(small, dtype=np.uint8),
        (middle - np.array([left, top])) / block,
        scale * block,
    )
