"""Drift in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from core.drift.drift_report import Change, Quantity


@dataclass(frozen=True)
class Words:
    """How one quantity is spoken of.

    Attributes:
        name: as the head of a row.
        lower, higher: what a lower or higher value is called, before "than".
        decimals: to be shown.
        unit: after the number.
        remedy: what may bring it back without training.
    """

    name: str
    lower: str
    higher: str
    decimals: int
    unit: str
    remedy: str

    def value(self, number: float) -> str:
        """A value with its unit."""
        # Rounding first: there is no "-0".
        return f"{round(number, self.decimals) + 0.0:.{self.decimals}f}{self.unit}"


_TURN_BACK = "Put the camera where people look, at the height of their eyes."

QUANTITY_WORDS: Mapping[Quantity, Words] = MappingProxyType(
    {
        Quantity.BRIGHTNESS: Words(
            "Brightness", "Darker", "Brighter", 2, "", "Use even, frontal lighting."
        ),
        Quantity.CONTRAST: Words(
            "Contrast",
            "Lower contrast",
            "Higher contrast",
            2,
            "",
            "Soften the light, and clean the lens.",
        ),
        Quantity.BLUR: Words(
            "Sharpness", "Blurrier", "Sharper", 2, "", "Clean and focus the lens; add light."
        ),
        Quantity.FACE_PX: Words(
            "Face size",
            "Smaller faces",
            "Larger faces",
            0,
            " px",
            "Change the distance to the camera, or its resolution.",
        ),
        Quantity.YAW: Words(
            "Head turn",
            "Heads turned further to the picture's left",
            "Heads turned further to the picture's right",
            0,
            "°",
            _TURN_BACK,
        ),
        Quantity.PITCH: Words("Head up or down", "Heads lower", "Heads higher", 0, "°", _TURN_BACK),
        Quantity.ROLL: Words(
            "Head tilt",
            "Heads tilted further counter-clockwise",
            "Heads tilted further clockwise",
            0,
            "°",
            "Set the camera level.",
        ),
        Quantity.CONFIDENCE: Words(
            "Confidence",
            "Lower confidence",
            "Higher confidence",
            2,
            "",
            "Check the other rows first: poor picture quality lowers confidence.",
        ),
        Quantity.CLASS_MIX: Words(
            "Distribution of expressions",
            "",
            "",
            0,
            "",
            "Check whether the occasion was a different one: the situations may have differed.",
        ),
    }
)
"""Every quantity's words."""


@dataclass(frozen=True)
class Spread:
    """Where the middle half of a distribution lies.

    Attributes:
        low, middle, high: its quartiles.
    """

    low: float
    middle: float
    high: float


def number_sentence(
    quantity: Quantity, change: Change, now: Spread, was: Spread, *, before: str
) -> str:
    """What became of a number, with both values.

    Args:
        before: how the reference's time is called, such as "the training data".
    """
    words = QUANTITY_WORDS[quantity]
    if change in {Change.WIDER, Change.NARROWER}:
        degree = "More" if change is Change.WIDER else "Less"
        halves = [f"{words.value(one.low)} to {words.value(one.high)}" for one in (now, was)]
        return f"{degree} varied than {before}: interquartile range {halves[0]}, was {halves[1]}."
    medians = (
        f"median {words.name.lower()} {words.value(now.middle)}, was {words.value(was.middle)}"
    )
    if change is Change.NONE:
        return f"Similar to {before}: {medians}."
    return f"{words.lower if change is Change.LOWER else words.higher} than {before}: {medians}."


def mix_sentence(
    change: Change,
    labels: Sequence[str],
    now: Sequence[float],
    was: Sequence[float],
    *,
    before: str,
) -> str:
    """Which labels gained or lost most, at most two."""
    largest = sorted(range(len(labels)), key=lambda k: -abs(now[k] - was[k]))[:2]
    shares = ", ".join(f"{labels[k]} {percent(now[k])}, was {percent(was[k])}" for k in largest)
    if change is Change.NONE:
        return f"Similar to {before}: {shares}."
    return f"Different from {before}: {shares}."


def percent(share: float) -> str:
    """A share as people read it: "7 %"."""
    return f"{100 * share:.0f} %"


def listed(names: Sequence[str]) -> str:
    """Names in a row: "a", "a and b", "a, b and c"."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
