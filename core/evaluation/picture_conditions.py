"""Under which light, contrast and focus pictures were judged: fifths of a split."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from core.datasets.audit.picture_quality import measure_pictures

FIFTH = 0.2


class Condition(StrEnum):
    """A fifth of a split by one measure of its pixels."""

    DARKEST = "darkest fifth"
    BRIGHTEST = "brightest fifth"
    LEAST_CONTRAST = "fifth of least contrast"
    MOST_CONTRAST = "fifth of most contrast"
    BLURRIEST = "blurriest fifth"
    SHARPEST = "sharpest fifth"


# Measure, and whether its lowest fifth is meant.
_MEANT = {
    Condition.DARKEST: ("brightness", True),
    Condition.BRIGHTEST: ("brightness", False),
    Condition.LEAST_CONTRAST: ("contrast", True),
    Condition.MOST_CONTRAST: ("contrast", False),
    Condition.BLURRIEST: ("fineness", True),
    Condition.SHARPEST: ("fineness", False),
}


@dataclass(frozen=True, eq=False)
class PictureConditions:
    """Measures of a split's pictures, one row a picture (`core.datasets.audit.picture_quality`).

    Attributes:
        brightness: float32 `(n,)`, mean, in [0, 1].
        contrast: float32 `(n,)`, from the darkest twentieth to the brightest, in [0, 1].
        fineness: float32 `(n,)`: the squared rate at which edges turn, in 1/px²; low is blurred.
    """

    brightness: NDArray[np.float32]
    contrast: NDArray[np.float32]
    fineness: NDArray[np.float32]

    def of(self, condition: Condition) -> NDArray[np.bool_]:
        """Which pictures are in this fifth, ties included: bool, shape `(n,)`."""
        name, lowest = _MEANT[condition]
        values: NDArray[np.float32] = getattr(self, name)
        if len(values) == 0:
            return np.zeros(0, dtype=np.bool_)
        if lowest:
            return np.asarray(values <= np.quantile(values, FIFTH, method="lower"))
        return np.asarray(values >= np.quantile(values, 1 - FIFTH, method="higher"))


def measure_conditions(pixels: NDArray[np.uint8]) -> PictureConditions:
    """Measure every picture.

    Args:
        pixels: uint8, shape `(n, size, size)`.
    """
    found = measure_pictures(pixels)
    return PictureConditions(found.brightness, found.contrast, found.fineness)
