"""How far two judges of the same pictures agree."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.evaluation.metrics import confusion_counts


def cohen_kappa(first: NDArray[np.int64], second: NDArray[np.int64], classes: int) -> float:
    """Agreement beyond what chance would give, at most 1 (Cohen 1960).

    Args:
        first, second: int64, shape `(n,)`: what each said, class numbers.
        classes: how many there are.
    Returns:
        1.0 where both always say one and the same class: they could not agree more.
    """
    table = confusion_counts(first, second, classes) / len(first)
    agree, chance = float(np.trace(table)), float(table.sum(axis=0) @ table.sum(axis=1))
    return 1.0 if chance >= 1.0 else (agree - chance) / (1.0 - chance)
