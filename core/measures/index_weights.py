"""The weights of the engagement index, and what makes one number of its parts."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

INDEX_VERSION = "1"

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class IndexWeights:
    """How much each part of the engagement index counts. Only their ratios matter.

    The defaults are ours, and no study validated them: so the index is always shown with its parts.

    Attributes:
        present: share of the time in view.
        facing: share of the usable time facing the screen.
        eyes_open: share of the usable time with open eyes.
        expression: change above the own neutral face.
    """

    present: float = 0.30
    facing: float = 0.35
    eyes_open: float = 0.20
    expression: float = 0.15

    def __post_init__(self) -> None:
        weights = astuple(self)
        if not all(math.isfinite(one) and one >= 0 for one in weights) or not sum(weights) > 0:
            raise ValueError(f"weights are 0 or more, and not all 0, got {self}")

    @property
    def version(self) -> str:
        """Of the index with these weights: `INDEX_VERSION`, and the weights where they differ."""
        if self == IndexWeights():
            return INDEX_VERSION
        return f"{INDEX_VERSION} ({'/'.join(f'{one:.2f}' for one in astuple(self))})"

    @property
    def by_part(self) -> Mapping[str, float]:
        """Name of each part -> its weight."""
        return {part: getattr(self, part) for part in PARTS}

    @property
    def shares(self) -> Mapping[str, float]:
        """Name of each part -> its share of all weights; they sum to 1."""
        total = math.fsum(astuple(self))
        return {part: weight / total for part, weight in self.by_part.items()}

    def moved(self, by: float) -> Iterator[tuple[str, IndexWeights]]:
        """Each part's name, and the weights where its own alone is so much higher, or lower.

        Args:
            by: fraction of the weight, in [0, 1].
        """
        for part in PARTS:
            for factor in (1 + by, 1 - by):
                changed = {part: getattr(self, part) * factor}
                if astuple(replace(self, **changed)) != astuple(self):
                    yield part, replace(self, **changed)


PARTS = tuple(field.name for field in fields(IndexWeights))
"""Names of the parts, in order."""

PART_TITLES: Mapping[str, str] = {
    "present": "Present",
    "facing": "Facing the screen",
    "eyes_open": "Eyes open",
    "expression": "Expression change",
}
"""Name of a part -> its title on screen."""

DEFAULT_WEIGHTS = IndexWeights()


def weights_from(by_part: Mapping[str, float]) -> IndexWeights | None:
    """These weights; None where all of them are 0.

    Args:
        by_part: name of each part -> its weight, 0 or more.
    """
    return IndexWeights(**by_part) if any(weight > 0 for weight in by_part.values()) else None


def contributions(parts: Mapping[str, Floats], weights: IndexWeights) -> Mapping[str, Floats]:
    """What each part adds to the index: float64 `(n,)`, 0 to 100 times its share of the weights.

    Args:
        parts: name -> float64 `(n,)`, in [0, 1], or NaN.
    """
    return {name: 100.0 * share * parts[name] for name, share in weights.shares.items()}


def index_of(parts: Mapping[str, Floats], weights: IndexWeights) -> Floats:
    """The index, float64 `(n,)`, 0 to 100; NaN where any part was not measured."""
    return np.asarray(sum(contributions(parts, weights).values()))
