"""What is wrong with labelled pictures: one shape for every kind of problem."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

NOBODYS_TWIN = -1
"""In `Problem.partners`: this picture has none."""


class ProblemKind(StrEnum):
    """What can be wrong with one picture."""

    BLURRED = "blurred"
    """Out of focus, moved, or enlarged from a few pixels."""
    TOO_DARK = "too_dark"
    """Mean brightness too low to see features."""
    LOW_CONTRAST = "low_contrast"
    """Nearly one shade of grey."""
    BURNT_OUT = "burnt_out"
    """Many pixels at the end of the scale: there the picture holds nothing."""
    NO_FACE = "no_face"
    """The detector finds no face."""
    OFF_CENTRE = "off_centre"
    """The face is not where the other faces are."""
    DRAWING = "drawing"
    """Text, a sign or a drawing rather than a photograph."""
    EXACT_DUPLICATE = "exact_duplicate"
    """The same pixels as an earlier picture."""
    NEAR_DUPLICATE = "near_duplicate"
    """The same photograph as another, cut, mirrored or compressed differently."""
    LABEL = "label"
    """The label is probably wrong."""
    DISPUTED = "disputed"
    """People who voted on it mostly chose another label."""


@dataclass(frozen=True, eq=False)
class Problem:
    """One kind of problem over all pictures of a dataset.

    Attributes:
        kind: which.
        scores: float32, shape `(n,)`, in [0, 1]: 0 none at all, 1 as bad as it gets. They order the
            gallery; between kinds they do not compare.
        flagged: bool, shape `(n,)`: bad enough to look at.
        sentence: what was looked for, and by which measure and threshold.
        partners: int64, shape `(n,)`: the picture that this one repeats, or `NOBODYS_TWIN`.
        suggested: int64, shape `(n,)`: the class that fits better, or `UNLABELLED`.
    """

    kind: ProblemKind
    scores: NDArray[np.float32]
    flagged: NDArray[np.bool_]
    sentence: str
    partners: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    suggested: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))

    def __post_init__(self) -> None:
        count = len(self.scores)
        if self.flagged.shape != (count,):
            raise ValueError(f"{self.kind}: {self.flagged.shape} flags for {count} scores")
        if count and not (
            np.isfinite(self.scores).all() and self.scores.min() >= 0 and self.scores.max() <= 1
        ):
            raise ValueError(f"{self.kind}: scores must lie in [0, 1]")
        for name in ("partners", "suggested"):
            column: NDArray[np.int64] = getattr(self, name)
            if len(column) == 0:
                object.__setattr__(self, name, np.full(count, -1, dtype=np.int64))
            elif column.shape != (count,):
                raise ValueError(f"{self.kind}: {name} has shape {column.shape} for {count}")

    @property
    def count(self) -> int:
        """How many pictures are flagged."""
        return int(self.flagged.sum())

    def worst_first(self) -> NDArray[np.int64]:
        """Positions of the flagged pictures, worst first; equals keep their order."""
        positions = np.flatnonzero(self.flagged)
        return positions[np.argsort(-self.scores[positions], kind="stable")]
