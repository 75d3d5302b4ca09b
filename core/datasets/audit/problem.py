"""Problems of labelled pictures: one data structure for all kinds."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

NO_PARTNER = -1
"""In `Problem.partners`: the picture duplicates no other."""


class ProblemKind(StrEnum):
    """Kinds of problems of a picture."""

    BLURRED = "blurred"
    """Out of focus, motion blur, or enlarged from a few pixels."""
    TOO_DARK = "too_dark"
    """Mean brightness too low to see features."""
    LOW_CONTRAST = "low_contrast"
    """Nearly one shade of grey."""
    BURNT_OUT = "burnt_out"
    """Many clipped pixels, at either end of the scale."""
    NO_FACE = "no_face"
    """The detector finds no face."""
    OFF_CENTRE = "off_centre"
    """The face is away from the usual position."""
    DRAWING = "drawing"
    """Text, a sign or a drawing rather than a photograph."""
    EXACT_DUPLICATE = "exact_duplicate"
    """The same pixels as an earlier picture."""
    NEAR_DUPLICATE = "near_duplicate"
    """The same photograph as another, cropped, mirrored or recompressed."""
    LABEL = "label"
    """The label is probably wrong."""
    DISPUTED = "disputed"
    """Most annotators chose another label."""


@dataclass(frozen=True, eq=False)
class Problem:
    """One kind of problem over all pictures of a dataset.

    Attributes:
        kind: of the problem.
        scores: float32, shape `(n,)`, in [0, 1]: severity, from 0 (none) to 1; not comparable
            between kinds.
        flagged: bool, shape `(n,)`: severe enough to be reviewed.
        sentence: the measure and its threshold, for the user.
        partners: int64, shape `(n,)`: the picture that this one duplicates, or `NO_PARTNER`.
        suggested: int64, shape `(n,)`: the more likely class, or `UNLABELLED`.
        note: what limits this check here, as whether the model knows the pictures; may be empty.
    """

    kind: ProblemKind
    scores: NDArray[np.float32]
    flagged: NDArray[np.bool_]
    sentence: str
    partners: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    suggested: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    note: str = ""

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
        """Positions of the flagged pictures, worst first; ties keep their order."""
        positions = np.flatnonzero(self.flagged)
        return positions[np.argsort(-self.scores[positions], kind="stable")]
