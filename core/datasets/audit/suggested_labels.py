"""The suggestions of an audit as corrections."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.datasets.audit.problem import Problem
from core.datasets.labels import Relabel
from core.domain import UNLABELLED, Dataset


def suggested_relabels(
    problem: Problem, dataset: Dataset, positions: NDArray[np.int64], *, reason: str
) -> tuple[Relabel, ...]:
    """Corrections that give pictures the label that an audit suggests, one per label.

    Args:
        dataset: the one that was audited, without corrections.
        positions: int64 `(n,)`: which pictures; those without a suggestion are left out.
        reason: why, in words.
    """
    suggested = problem.suggested[positions]
    names = dataset.pictures.names[positions]
    return tuple(
        Relabel(
            tuple(names[suggested == label].tolist()), dataset.scheme.labels[int(label)], reason
        )
        for label in np.unique(suggested[suggested != UNLABELLED])
    )
