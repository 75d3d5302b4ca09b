"""Crops faces as in FER2013, so that they match a model's training pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from core.domain import Box, ModelInput, RgbPicture
from core.domain.errors import DamagedModel
from core.models.runtimes import OPENCV_INTERPOLATION

# Positions of eyes and mouth in FER2013's 48x48 pictures, as fractions of the side: medians over
# those of 2,500 random training pictures in which the landmarker found a face, 2,303 in the first
# measurement. benchmarks/fer2013_crop.py measures them again: within 0.002. Centre of the eyes,
# centre of the mouth, and the distance between the eyes.
EYES_CENTRE = (0.500, 0.394)
MOUTH_CENTRE = (0.502, 0.779)
EYE_DISTANCE = 0.367
# The same for CenterFace's boxes: the picture is a square of the box's height times BOX_SCALE,
# around a point BOX_CENTRE times the height below the box's top.
BOX_SCALE, BOX_CENTRE = 1.08, 0.50

FER2013_CROP = "fer2013"
# Models trained elsewhere often used a detector's box, or the box enlarged by a quarter.
BOX_CROPS: Mapping[str, float] = {"box": 1.0, "wide-box": 1.25}
CROPS: Mapping[str, str] = {
    FER2013_CROP: "Upright, as in FER2013",
    "box": "The face's box, square",
    "wide-box": "That box and a quarter more",
}
"""Name -> description."""


def crop_by_landmarks(
    rgb: RgbPicture, eyes_and_mouth: NDArray[np.float32], *, size_px: int
) -> NDArray[np.float32]:
    """A grey, upright face picture, float32 `(size_px, size_px)` in [0, 1]."""
    return _grey(_warp(rgb, _upright(eyes_and_mouth, size_px), size_px))


def crop_by_box(rgb: RgbPicture, box: Box, *, size_px: int) -> NDArray[np.float32]:
    """The same from a detector's box alone, where no landmarks were found."""
    return _grey(_warp(rgb, _as_upright(box, size_px), size_px))


@dataclass(frozen=True, eq=False)
class _SimilarityTransform:
    """The transform from picture to crop: translation, rotation and one scale.

    Attributes:
        centre: a point of the picture, in pixels.
        target: its position in the crop.
        scale: pixels of the crop per pixel of the picture.
        rotation: about `centre`, in radians, clockwise.
    """

    centre: NDArray[np.float64]
    target: NDArray[np.float64]
    scale: float
    rotation: float = 0.0


@dataclass(frozen=True)
class FaceCrop:
    """Crops faces for a model, in grey or colour.

    Attributes:
        model_input: its `crop` is one of `CROPS`.
    """

    model_input: ModelInput

    def __post_init__(self) -> None:
        if self.model_input.crop not in CROPS:
            raise DamagedModel(
                f"There is no face crop {self.model_input.crop[:40]!r}.",
                advice=f"Known: {', '.join(CROPS)}.",
            )

    def apply(
        self, rgb: RgbPicture, box: Box, eyes_and_mouth: NDArray[np.float32] | None
    ) -> NDArray[np.float32]:
        """One face, float32 `(size_px, size_px, channels)` in [0, 1].

        Args:
            eyes_and_mouth: as `crop_by_landmarks` has them; None where no landmarks were found.
        """
        transform = self._transform(box, eyes_and_mouth)
        found = _warp(
            rgb,
            transform,
            self.model_input.size_px,
            OPENCV_INTERPOLATION[self.model_input.interpolation],
        )
        if self.model_input.channels == 1:
            return _grey(found)[..., None]
        return found.astype(np.float32) / np.float32(255.0)

    def enlarges(self, box: Box, eyes_and_mouth: NDArray[np.float32] | None) -> bool:
        """Whether a face has fewer pixels than the model reads."""
        return self._transform(box, eyes_and_mouth).scale > 1

    def _transform(
        self, box: Box, eyes_and_mouth: NDArray[np.float32] | None
    ) -> _SimilarityTransform:
        size_px = self.model_input.size_px
        if self.model_input.crop != FER2013_CROP:
            return _square(box, size_px, share=BOX_CROPS[self.model_input.crop])
        if eyes_and_mouth is None:
            return _as_upright(box, size_px)
        return _upright(eyes_and_mouth, size_px)


def _upright(eyes_and_mouth: NDArray[np.float32], size_px: int) -> _SimilarityTransform:
    """FER2013's framing, from landmarks.

    The scale combines the distance between the eyes and the distance from the eyes to the mouth, as
    turning the head shortens the one and nodding the other.

    Args:
        eyes_and_mouth: `(3, 2)`, centres of left eye, right eye and mouth in pixels.
    """
    left_eye, right_eye, mouth = eyes_and_mouth.astype(np.float64)
    eyes = (left_eye + right_eye) / 2
    across, down = right_eye - left_eye, mouth - eyes
    target_across = EYE_DISTANCE * size_px
    target_down = (MOUTH_CENTRE[1] - EYES_CENTRE[1]) * size_px
    found = np.hypot(np.hypot(*across) / target_across, np.hypot(*down) / target_down) / np.sqrt(2)
    scale = 1.0 / max(float(found), 1e-6)
    rotation = -np.arctan2(across[1], across[0])
    centre = (eyes + mouth) / 2
    target_centre = (np.array(EYES_CENTRE) + np.array(MOUTH_CENTRE)) / 2 * size_px
    return _SimilarityTransform(centre, target_centre, scale, float(rotation))


def _as_upright(box: Box, size_px: int) -> _SimilarityTransform:
    """The same from a box alone, without rotation."""
    side = box.height_px * BOX_SCALE
    centre = np.array([box.center[0], box.top + box.height_px * BOX_CENTRE])
    return _SimilarityTransform(centre, np.array([size_px / 2, size_px / 2]), size_px / side)


def _square(box: Box, size_px: int, *, share: float) -> _SimilarityTransform:
    """A square around a box's centre, `share` times its longer side, without rotation."""
    side = max(box.width_px, box.height_px) * share
    return _SimilarityTransform(
        np.array(box.center), np.array([size_px / 2, size_px / 2]), size_px / side
    )


def _grey(crop: NDArray[np.uint8]) -> NDArray[np.float32]:
    grey = np.asarray(cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY), dtype=np.float32)
    return grey / np.float32(255.0)


def _warp(
    rgb: RgbPicture,
    transform: _SimilarityTransform,
    size_px: int,
    interpolation: int = cv2.INTER_LINEAR,
) -> NDArray[np.uint8]:
    """The cropped face: uint8 `(size_px, size_px, 3)`.

    A face that shrinks a lot is first averaged over whole blocks: bilinear sampling alone would
    skip pixels, and the crop would be sharper than FER2013's pictures.

    Args:
        interpolation: OpenCV's flag for enlarging; larger faces are sampled bilinearly.
    """
    rgb, centre, scale = _averaged(rgb, transform.centre, transform.scale, size_px)
    cosine, sine = scale * np.cos(transform.rotation), scale * np.sin(transform.rotation)
    linear = np.array([[cosine, -sine], [sine, cosine]])
    # Pixel centres are at half-integers here, and at integers in OpenCV.
    shift = (transform.target - 0.5) - linear @ (centre - 0.5)
    return np.asarray(
        cv2.warpAffine(
            rgb,
            np.column_stack([linear, shift]),
            (size_px, size_px),
            flags=interpolation if transform.scale > 1 else cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        ),
        dtype=np.uint8,
    )


def _averaged(
    rgb: RgbPicture, centre: NDArray[np.float64], scale: float, size_px: int
) -> tuple[RgbPicture, NDArray[np.float64], float]:
    """The surroundings of the face, averaged in blocks of `1 / scale` pixels."""
    block = int(1.0 / scale)
    if block < 2:
        return rgb, centre, scale
    reach = size_px / scale  # the crop, rotated by up to 45 degrees, stays inside
    left, top = (max(0, int(part - reach)) for part in centre)
    right, bottom = (int(part + reach) for part in centre)
    near = rgb[top:bottom, left:right]
    high, wide = near.shape[0] // block, near.shape[1] // block
    if min(high, wide) < 1:
        return rgb, centre, scale
    small = cv2.resize(
        near[: high * block, : wide * block], (wide, high), interpolation=cv2.INTER_AREA
    )
    return (
        np.asarray(small, dtype=np.uint8),
        (centre - np.array([left, top])) / block,
        scale * block,
    )
