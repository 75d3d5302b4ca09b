"""Saliency by occlusion (Zeiler & Fergus 2014, section 4.2).

A grey patch is moved over the picture; the drop of a class's score is the evidence of the covered
part. Only scores are needed, so it works for every model format.
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
        stride: between positions; a third of the side makes maps smooth.
    """

    side: float = 0.2
    stride: float = 0.0667

    def __post_init__(self) -> None:
        if not (0 < self.stride <= self.side <= 1):
            raise ValueError(f"0 < stride <= side <= 1 is needed, got {self}")


DEFAULT_PATCH = Patch()
SMALL_DROP = 0.1
"""A smaller drop of the score is little more than the effect of any patch."""


@dataclass(frozen=True, eq=False)
class Occlusion:
    """What covering each part of one picture does to every class's score.

    Attributes:
        scores: float64 `(k,)`: calibrated, of the uncovered picture.
        drops: float64 `(k, size, size)`: mean drop of the score over all patches that cover a
            pixel, in [-1, 1]; negative where covering it increases the score.
        scores_without: region of the face -> float64 `(k,)`: scores with that region covered, at
            its usual position.
    """

    scores: NDArray[np.float64]
    drops: NDArray[np.float64]
    scores_without: Mapping[str, NDArray[np.float64]]

    def map_of(self, number: int) -> NDArray[np.float32]:
        """Map of the score's positive drops, in [0, 1]: float32 `(size, size)`.

        The largest drop is 1, unless it is smaller than `SMALL_DROP`: then the map stays pale.
        """
        positive = np.maximum(self.drops[number], 0.0)
        return np.asarray(positive / max(SMALL_DROP, float(positive.max())), dtype=np.float32)

    def largest_drop(self, number: int) -> float:
        """The largest drop of a class's score, in [0, 1]."""
        return max(0.0, float(self.drops[number].max()))


def occlusion(
    model: Predictor, face: NDArray[np.float32], *, patch: Patch = DEFAULT_PATCH
) -> Occlusion:
    """Occlude one picture at every position.

    The patch has the picture's mean grey: a black or white one would itself be a feature.

    Args:
        face: float32 `(size, size)`, grey in [0, 1], in the model's size.
    """
    size_px, grey = face.shape[0], face.mean()
    corners, side_px = corners_of(size_px, patch)
    masks = np.zeros((len(corners) + len(FACE_REGIONS) + 1, size_px, size_px), dtype=np.bool_)
    for mask, (top, left) in zip(masks, corners, strict=False):
        mask[top : top + side_px, left : left + side_px] = True
    for mask, region in zip(masks[len(corners) :], FACE_REGIONS, strict=False):
        mask[region.mask(size_px)] = True
    # The last one stays as it is.
    scores = model.scores(np.where(masks, grey, face).astype(np.float32)[..., None])
    regions = scores[len(corners) : -1]
    return Occlusion(
        scores[-1],
        _spread(scores[-1] - scores[: len(corners)], masks[: len(corners)]),
        {region.name: row for region, row in zip(FACE_REGIONS, regions, strict=True)},
    )


def corners_of(size_px: int, patch: Patch) -> tuple[list[tuple[int, int]], int]:
    """Top left corners (top, left) of the patch's positions, and its side, in pixels.

    Every pixel is covered at least once: the last positions end at the picture's edges.
    """
    side_px = max(1, round(patch.side * size_px))
    step_px = max(1, round(patch.stride * size_px))
    starts = [*range(0, size_px - side_px, step_px), size_px - side_px]
    return [(top, left) for top in starts for left in starts], side_px


def _spread(drops: NDArray[np.float64], masks: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Mean over the patches that cover each pixel: `(k, size, size)` from `(masks, k)`."""
    flat = masks.reshape(len(masks), -1).astype(np.float64)
    means = (drops.T @ flat) / flat.sum(axis=0)
    return np.asarray(means.reshape(-1, *masks.shape[1:]))
