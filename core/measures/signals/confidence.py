"""Confident or stressed: the model's scores as two classes. What is shown, not felt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain import CONFIDENT2, TO_CONFIDENT2, Timeline
from core.domain.merging import complete_class_indices, merge_scores
from core.measures.calibration import Calibration
from core.measures.windows import Windows, where_usable

WINDOW_S = 1.0


@dataclass(frozen=True, eq=False)
class ConfidenceColumns:
    """See `core.measures.face_measures.CONFIDENCE`; each float64 `(n,)`."""

    confident: NDArray[np.float64]
    stressed: NDArray[np.float64]


def measure_confidence(timeline: Timeline, _calibration: Calibration | None) -> ConfidenceColumns:
    """The two-class scores of one face; NaN for a model whose classes do not map to the two."""
    confident = Windows.before_rows(timeline, WINDOW_S).mean(
        where_usable(timeline, _confident_scores(timeline))
    )
    return ConfidenceColumns(confident, 1.0 - confident)


def has_two_classes(labels: tuple[str, ...]) -> bool:
    """Whether a model's classes are the two, or map to them."""
    return _indices(labels) is not None


def _confident_scores(timeline: Timeline) -> NDArray[np.float64]:
    """The score of "confident" in each row; the other of the two is the rest."""
    indices = _indices(timeline.scheme.labels)
    if indices is None:
        return np.full(len(timeline), np.nan)
    merged = merge_scores(timeline.scores, indices, len(CONFIDENT2))
    return np.asarray(merged[:, CONFIDENT2.index("confident")])


def _indices(labels: tuple[str, ...]) -> NDArray[np.int64] | None:
    """The index of the two for each of a model's classes; None where they do not map to them."""
    if set(labels) == set(CONFIDENT2.labels):
        return np.array([CONFIDENT2.index(label) for label in labels], dtype=np.int64)
    return complete_class_indices(labels, TO_CONFIDENT2)
