"""The pictures that only one of two models classifies correctly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain import softmax
from core.evaluation.predictions.picture_matching import common_positions
from core.evaluation.predictions.predictions import SplitPredictions

Positions = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Disagreements:
    """Pictures that only one model classifies correctly, as positions in the first's predictions.

    Attributes:
        only_first: int64: only the first is correct; its most confident first.
        only_second: int64: only the second is correct; the first's most confident errors first.
    """

    only_first: Positions
    only_second: Positions


def disagreements(first: SplitPredictions, second: SplitPredictions) -> Disagreements:
    """Compare two models on the pictures that both were evaluated on under the same label.

    Raises:
        LabelSchemeMismatch: their classes differ.
    """
    in_first, in_second = common_positions([first, second])
    first_right, second_right = first.right[in_first], second.right[in_second]
    confidence = softmax(first.logits.astype(np.float64)).max(axis=1)
    return Disagreements(
        _by_confidence(in_first[first_right & ~second_right], confidence),
        _by_confidence(in_first[~first_right & second_right], confidence),
    )


def _by_confidence(positions: Positions, confidence: NDArray[np.float64]) -> Positions:
    return positions[np.argsort(-confidence[positions], kind="stable")]
