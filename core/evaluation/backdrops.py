"""What a class's mean map is laid over: the class's mean face, or a drawn one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.datasets.readers.demo import draw_face
from core.evaluation.errors import JudgedPictures
from core.evaluation.judged_dataset import FoundPictures

FEWEST = 20
"""Pictures for a mean face; the mean of fewer still shows persons."""

_SEED = 7
_DARKEST, _BRIGHTEST = 25.0, 230.0


def drawn_face() -> NDArray[np.uint8]:
    """A neutral face drawn by code, always the same: uint8 `(48, 48)`; nobody is shown."""
    return draw_face("neutral", np.random.default_rng(_SEED))


def mean_faces(
    judged: JudgedPictures, found: FoundPictures | None
) -> tuple[NDArray[np.uint8], ...]:
    """For each class the mean of its judged pictures; the drawn face where there are too few.

    Args:
        found: None where the pictures are not on this machine.
    """
    if found is None:
        return (drawn_face(),) * len(judged.classes)
    faces = []
    for label in range(len(judged.classes)):
        positions = np.flatnonzero((judged.labels == label) & found.here)
        if len(positions) < FEWEST:
            faces.append(drawn_face())
        else:
            mean = found.pixels(positions).mean(axis=0, dtype=np.float64)
            faces.append(_stretched(mean))
    return tuple(faces)


def _stretched(mean: NDArray[np.float64]) -> NDArray[np.uint8]:
    """From nearly black to nearly white: a mean has little contrast of its own."""
    low, high = np.percentile(mean, (1, 99))
    shares = np.clip((mean - low) / max(float(high - low), 1.0), 0.0, 1.0)
    return np.asarray(np.round(_DARKEST + shares * (_BRIGHTEST - _DARKEST)), dtype=np.uint8)
