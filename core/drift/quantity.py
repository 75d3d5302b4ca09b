"""What drift is measured in, and how it may have changed."""

from __future__ import annotations

from enum import StrEnum


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
