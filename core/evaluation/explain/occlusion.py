"""Where a model looks, asked by covering parts of the picture (Zeiler & Fergus 2014, section 4.2).

A grey patch is moved over the picture; how much a class's score falls while a place is covered is
how much that place spoke for the class. Only answers are needed, so it works for every format.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.evaluation.explain.saliency import FACE_REGIONS
from core.models import Predictor


@dataclass(frozen=True)
class Patch:
    """What covers a part of the picture; lengths are shares of its side.

    Attributes:
        side: of the square; about a mouth's height, so that one feature at a time is covered.
        stride: from one place to the next; a third of the side makes maps smooth.
    """

    side: float = 0.2
    stride: float = 0.0667

    def __post_init__(self) -> None:
        if not (0 < self.stride <= self.side <= 1):
            raise ValueError(f"0 < stride <= side <= 1 is needed, got {self}")


USUAL_PATCH = Patch()
FAINT = 0.1
"""A fall of the score by less is little more than what any patch does."""


@dataclass(frozen=True, eq=False)
class Occlusion:
    """What covering each part of one picture does to every class's score.

    Attributes:
        scores: float64 `(k,)`: calibrated, of the uncovered picture.
        drops: float64 `(k, size, size)`: mean fall of the score over all patches that cover a
            pixel, in [-1, 1]; negative where covering it helps the class.
        without: region of the face -> float64 `(k,)`: scores with that region covered, where it
            lies in most pictures.
    """

    scores: NDArray[np.float64]
    drops: NDArray[np.float64]
    without: Mapping[str, NDArray[np.float64]]

    def map_of(self, number: int) -> NDArray[np.float32]:
        """Where covering costs a class its score, in [0, 1]: float32 `(size, size)`.

        The largest fall is 1, unless it is too small to matter: then the map stays pale.
        """
        falls = np.maximum(self.drops[number], 0.0)
        return np.asarray(falls / max(FAINT, float(falls.max())), dtype=np.float32)

    def most(self, number: int) -> float:
        """The largest fall of a class's score, in [0, 1]."""
        return max(0.0, float(self.drops[number].max()))


def occlusion(
    model: Predictor, face: NDArray[np.float32], *, patch: Patch = USUAL_PATCH
) -> Occlusion:
    """Cover one picture place by place.

    The patch has the picture's mean grey: a black or white one would itself be a feature.

    Args:
        face: float32 `(size, size)`, grey in [0, 1], in the model's size.
    """
    size_px, grey = face.shape[0], face.mean()
    corners, side_px = corners_of(size_px, patch)
    places = np.zeros((len(corners) + len(FACE_REGIONS) + 1, size_px, size_px), dtype=np.bool_)
    for place, (top, left) in zip(places, corners, strict=False):
        place[top : top + side_px, left : left + side_px] = True
    for place, region in zip(places[len(corners) :], FACE_REGIONS, strict=False):
        place[region.mask(size_px)] = True
    # The last one stays as it is.
    scores = model.scores(np.where(places, grey, face).astype(np.float32)[..., None])
    regions = scores[len(corners) : -1]
    return Occlusion(
        scores[-1],
        _spread(scores[-1] - scores[: len(corners)], places[: len(corners)]),
        {region.name: row for region, row in zip(FACE_REGIONS, regions, strict=True)},
    )


def corners_of(size_px: int, patch: Patch) -> tuple[list[tuple[int, int]], int]:
    """Top left corners (top, left) of the places that a patch takes, and its side, in pixels.

    Every pixel is covered at least once: the last places end at the picture's edges.
    """
    side_px = max(1, round(patch.side * size_px))
    step_px = max(1, round(patch.stride * size_px))
    starts = [*range(0, size_px - side_px, step_px), size_px - side_px]
    return [(top, left) for top in starts for left in starts], side_px


def _spread(fell: NDArray[np.float64], places: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Mean over the patches that cover each pixel: `(k, size, size)` from `(places, k)`."""
    flat = places.reshape(len(places), -1).astype(np.float64)
    means = (fell.T @ flat) / flat.sum(axis=0)
    return np.asarray(means.reshape(-1, *places.shape[1:]))
