"""Sentences about drift."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from core.drift.quantity import Change, Quantity


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


@dataclass(frozen=True)
class Quartiles:
    """Quartiles of a distribution."""

    low: float
    middle: float
    high: float


def number_sentence(
    quantity: Quantity, change: Change, now: Quartiles, was: Quartiles, *, reference_name: str
) -> str:
    """A sentence about the change of a number, with both values.

    Args:
        reference_name: in sentences, such as "the training data".
    """
    words = QUANTITY_TEXT[quantity]
    if change in {Change.MORE_VARIED, Change.LESS_VARIED}:
        degree = "More" if change is Change.MORE_VARIED else "Less"
        ranges = [f"{words.value(one.low)} to {words.value(one.high)}" for one in (now, was)]
        interquartile = f"interquartile range {ranges[0]}, was {ranges[1]}"
        return f"{degree} varied than {reference_name}: {interquartile}."
    medians = (
        f"median {words.name.lower()} {words.value(now.middle)}, was {words.value(was.middle)}"
    )
    if change is Change.NONE:
        return f"Similar to {reference_name}: {medians}."
    direction = words.lower if change is Change.LOWER else words.higher
    return f"{direction} than {reference_name}: {medians}."


def mix_sentence(
    change: Change,
    labels: Sequence[str],
    now: Sequence[float],
    was: Sequence[float],
    *,
    reference_name: str,
) -> str:
    """A sentence about the two labels whose shares changed most."""
    largest = sorted(range(len(labels)), key=lambda k: -abs(now[k] - was[k]))[:2]
    shares = ", ".join(f"{labels[k]} {percent(now[k])}, was {percent(was[k])}" for k in largest)
    if change is Change.NONE:
        return f"Similar to {reference_name}: {shares}."
    return f"Different from {reference_name}: {shares}."


def percent(share: float) -> str:
    """A share as text: "7 %"."""
    return f"{100 * share:.0f} %"


def listed(names: Sequence[str]) -> str:
    """Names in a row: "a", "a and b", "a, b and c"."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
