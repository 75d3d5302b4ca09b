"""Where a model looks, asked by covering parts of the picture (Zeiler & Fergus 2014, section 4.2).

A grey patch is moved over the picture; how much a class's score falls while a place is covered is
how much that place spoke for the class. Only answers are needed, so it works for every format.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.evaluation.answers import PICTURES_AT_ONCE, AskedModel
from core.evaluation.metrics import softmax


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


@dataclass(frozen=True, eq=False)
class Occlusion:
    """What covering each part of one picture does to every class's score.

    Attributes:
        scores: float64 `(k,)`: calibrated, of the uncovered picture.
        drops: float64 `(k, size, size)`: mean fall of the score over all patches that cover a
            pixel, in [-1, 1]; negative where covering it helps the class.
    """

    scores: NDArray[np.float64]
    drops: NDArray[np.float64]


def occlusion(
    model: AskedModel, face: NDArray[np.float32], *, temperature: float, patch: Patch = USUAL_PATCH
) -> Occlusion:
    """Cover one picture place by place.

    The patch has the picture's mean grey: a black or white one would itself be a feature.

    Args:
        face: float32 `(size, size)`, grey in [0, 1], in the model's size.
        temperature: divides the logits.
    """
    size_px = face.shape[0]
    corners, side_px = corners_of(size_px, patch)
    looked_at = np.repeat(face[None], len(corners) + 1, axis=0)  # the last one stays as it is
    for picture, (top, left) in zip(looked_at, corners, strict=False):
        picture[top : top + side_px, left : left + side_px] = face.mean()
    scores = softmax(_logits(model, looked_at) / temperature)
    fell = scores[-1] - scores[:-1]
    sums = np.zeros((scores.shape[1], size_px, size_px))
    covered = np.zeros((size_px, size_px))
    for drop, (top, left) in zip(fell, corners, strict=True):
        sums[:, top : top + side_px, left : left + side_px] += drop[:, None, None]
        covered[top : top + side_px, left : left + side_px] += 1
    return Occlusion(scores[-1], sums / covered)


def corners_of(size_px: int, patch: Patch) -> tuple[list[tuple[int, int]], int]:
    """Top left corners (top, left) of the places that a patch takes, and its side, in pixels.

    Every pixel is covered at least once: the last places end at the picture's edges.
    """
    side_px = max(1, round(patch.side * size_px))
    step_px = max(1, round(patch.stride * size_px))
    starts = [*range(0, size_px - side_px, step_px), size_px - side_px]
    return [(top, left) for top in starts for left in starts], side_px


def _logits(model: AskedModel, pictures: NDArray[np.float32]) -> NDArray[np.float64]:
    parts = [
        model.logits(pictures[start : start + PICTURES_AT_ONCE, ..., None])
        for start in range(0, len(pictures), PICTURES_AT_ONCE)
    ]
    return np.concatenate(parts).astype(np.float64)
