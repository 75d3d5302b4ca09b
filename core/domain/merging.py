"""Scores of many classes as scores of fewer: one rule for figures, screens and files."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.domain.labels import LabelMap

LEFT_OUT = -1
"""The place of an output that is none of the classes asked for."""

_LEAST = 1e-9


def places_under(labels: tuple[str, ...], label_map: LabelMap) -> NDArray[np.int64] | None:
    """Which class of the map each label counts for, or `LEFT_OUT`: int64 `(m,)`.

    None where the map does not know some label.
    """
    known = dict(label_map.pairs)
    if not set(labels) <= set(known):
        return None
    to = [known[label] for label in labels]
    return np.array([LEFT_OUT if one is None else label_map.target.index(one) for one in to])


def places_telling_all(labels: tuple[str, ...], label_map: LabelMap) -> NDArray[np.int64] | None:
    """The same, where each class of the map has a label: else a model with these labels could
    only ever say some of them, and tells nothing apart. None otherwise.
    """
    places = places_under(labels, label_map)
    if places is None or not set(range(len(label_map.target))) <= set(places.tolist()):
        return None
    return places


def merged(
    scores: NDArray[np.float64], places: NDArray[np.int64], classes: int
) -> NDArray[np.float64]:
    """Scores of the classes asked for: those of the outputs that count for each, summed.

    Args:
        scores: `(n, m)`, rows sum to 1; a row of NaN stays one.
        places: `(m,)`, see `places_under`.
        classes: how many are asked for.
    Returns:
        `(n, classes)`; what was given to outputs left out is shared by the others in proportion.
    """
    table = np.zeros((len(places), classes))
    kept = places != LEFT_OUT
    table[np.flatnonzero(kept), places[kept]] = 1.0
    sums = np.maximum(scores @ table, _LEAST)
    return np.asarray(sums / sums.sum(axis=1, keepdims=True))
