"""The pictures that one of two models names right and the other does not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain import softmax
from core.evaluation.predictions.picture_matching import places_in_common
from core.evaluation.predictions.predictions import SplitPredictions

Positions = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Disagreements:
    """Where two models part, as positions among the first one's answers.

    Attributes:
        only_first: int64: the first alone is right; where it is surest first.
        only_second: int64: the second alone is right; where the first is surest, and wrong, first.
    """

    only_first: Positions
    only_second: Positions


def disagreements(first: SplitPredictions, second: SplitPredictions) -> Disagreements:
    """Pictures that both judged under the same label and only one named right.

    Raises:
        LabelSchemeMismatch: their classes differ.
    """
    ours, theirs = places_in_common([first, second])
    right, other = first.right[ours], second.right[theirs]
    confidence = softmax(first.logits.astype(np.float64)).max(axis=1)
    return Disagreements(
        _surest_first(ours[right & ~other], confidence),
        _surest_first(ours[~right & other], confidence),
    )


def _surest_first(positions: Positions, confidence: NDArray[np.float64]) -> Positions:
    return positions[np.argsort(-confidence[positions], kind="stable")]
