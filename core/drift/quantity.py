"""What drift is measured in, its texts, and how it may have changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Quantity(StrEnum):
    """Quantities that are compared."""

    BRIGHTNESS = "brightness"
    """Mean luma of the cropped face, in [0, 1]."""
    CONTRAST = "contrast"
    """Standard deviation of its luma, in [0, 0.5]."""
    BLUR = "blur"
    """Sharpness of the cropped face; higher is sharper."""
    FACE_PX = "face_px"
    """Shorter side of the face's box, in pixels of its frame."""
    YAW = "yaw"
    """Degrees; positive turns to the picture's right."""
    PITCH = "pitch"
    """Degrees; positive looks up."""
    ROLL = "roll"
    """Degrees; positive tilts clockwise."""
    CONFIDENCE = "confidence"
    """The model's top score, in [0, 1]."""
    CLASS_MIX = "class_mix"
    """Distribution of the predicted classes: shares, not a number."""


NUMBERS = tuple(one for one in Quantity if one is not Quantity.CLASS_MIX)
"""The numeric quantities."""

FROM_PREDICTIONS = frozenset({Quantity.CONFIDENCE, Quantity.CLASS_MIX})
"""Quantities of a model's predictions; the others are of pictures and poses."""


@dataclass(frozen=True)
class QuantityText:
    """Texts about one quantity.

    Attributes:
        name: on screen.
        lower, higher: text for a lower or higher value, before "than".
        decimals: shown.
        unit: after the number.
        remedy: what may help without training.
    """

    name: str
    lower: str
    higher: str
    decimals: int
    unit: str
    remedy: str

    def value(self, number: float) -> str:
        """A value with its unit."""
        # Adding 0.0 after rounding avoids "-0".
        return f"{round(number, self.decimals) + 0.0:.{self.decimals}f}{self.unit}"


_MOVE_CAMERA = "Put the camera where people look, at the height of their eyes."

QUANTITY_TEXT: Mapping[Quantity, QuantityText] = MappingProxyType(
    {
        Quantity.BRIGHTNESS: QuantityText(
            "Brightness", "Darker", "Brighter", 2, "", "Use even, frontal lighting."
        ),
        Quantity.CONTRAST: QuantityText(
            "Contrast",
            "Lower contrast",
            "Higher contrast",
            2,
            "",
            "Soften the light, and clean the lens.",
        ),
        Quantity.BLUR: QuantityText(
            "Sharpness", "Blurrier", "Sharper", 2, "", "Clean and focus the lens; add light."
        ),
        Quantity.FACE_PX: QuantityText(
            "Face size",
            "Smaller faces",
            "Larger faces",
            0,
            " px",
            "Change the distance to the camera, or its resolution.",
        ),
        Quantity.YAW: QuantityText(
            "Head turn",
            "Heads turned further to the picture's left",
            "Heads turned further to the picture's right",
            0,
            "°",
            _MOVE_CAMERA,
        ),
        Quantity.PITCH: QuantityText(
            "Head up or down", "Heads lower", "Heads higher", 0, "°", _MOVE_CAMERA
        ),
        Quantity.ROLL: QuantityText(
            "Head tilt",
            "Heads tilted further counter-clockwise",
            "Heads tilted further clockwise",
            0,
            "°",
            "Set the camera level.",
        ),
        Quantity.CONFIDENCE: QuantityText(
            "Confidence",
            "Lower confidence",
            "Higher confidence",
            2,
            "",
            "Check the other rows first: poor picture quality lowers confidence.",
        ),
        Quantity.CLASS_MIX: QuantityText(
            "Distribution of expressions",
            "",
            "",
            0,
            "",
            "Check whether the occasion was a different one: the situations may have differed.",
        ),
    }
)
"""Texts about every quantity."""


class Change(StrEnum):
    """How a quantity differs from its reference."""

    NONE = "none"
    """Not significantly."""
    LOWER = "lower"
    """Its median is lower."""
    HIGHER = "higher"
    """Its median is higher."""
    MORE_VARIED = "wider"
    """It varies more, in both directions."""
    LESS_VARIED = "narrower"
    """It stays within the reference, but varies less."""
    MIX = "mix"
    """The shares of the classes differ."""
