"""Sentences about drift."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.domain.counted import percent
from core.drift.quantity import QUANTITY_TEXT, Change, Quantity


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
