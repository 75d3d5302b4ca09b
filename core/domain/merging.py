"""Merging the scores of classes by a label map: one rule for metrics, screens and files."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.domain.labels import LabelMap

EXCLUDED = -1
"""The class index of an output that belongs to no class of the map."""

_LEAST = 1e-9


def class_indices(labels: tuple[str, ...], label_map: LabelMap) -> NDArray[np.int64] | None:
    """The class of the map for each label, or `EXCLUDED`: int64 `(m,)`.

    None where the map lacks a label.
    """
    known = dict(label_map.pairs)
    if not set(labels) <= set(known):
        return None
    to = [known[label] for label in labels]
    return np.array([EXCLUDED if one is None else label_map.target.index(one) for one in to])


def complete_class_indices(
    labels: tuple[str, ...], label_map: LabelMap
) -> NDArray[np.int64] | None:
    """The same, where each class of the map has a label; None otherwise: a model with these labels
    could never predict some of the map's classes.
    """
    indices = class_indices(labels, label_map)
    if indices is None or not set(range(len(label_map.target))) <= set(indices.tolist()):
        return None
    return indices


def merge_scores(
    scores: NDArray[np.float64], indices: NDArray[np.int64], classes: int
) -> NDArray[np.float64]:
    """Scores of the map's classes: the sum over the outputs of each.

    Args:
        scores: `(n, m)`, rows sum to 1; a row of NaN stays one.
        indices: `(m,)`, see `class_indices`.
        classes: number of the map's classes.
    Returns:
        `(n, classes)`, normalised: the scores of excluded outputs are redistributed in proportion.
    """
    return merge_by(assignment_matrix(indices, classes), scores)


def assignment_matrix(indices: NDArray[np.int64], classes: int) -> NDArray[np.float64]:
    """`(m, classes)`: 1 where an output belongs to a class; see `merge_scores`."""
    assignment = np.zeros((len(indices), classes))
    included = indices != EXCLUDED
    assignment[np.flatnonzero(included), indices[included]] = 1.0
    return assignment


def merge_by(assignment: NDArray[np.float64], scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """`merge_scores` with a matrix that was made once, for single rows of a stream."""
    sums = np.maximum(scores @ assignment, _LEAST)
    return np.asarray(sums / sums.sum(axis=1, keepdims=True))
