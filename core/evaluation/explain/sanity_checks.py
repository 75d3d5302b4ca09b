"""Sanity checks of saliency maps.

The most salient fifth of each picture is covered, and for comparison a random fifth (Petsiuk et al.
2018, "deletion"): the first must lower the score more. And the network's weights are replaced by
random ones (Adebayo et al. 2018): its maps must change.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.domain.intervals import share_interval
from core.evaluation.explain.saliency import MapChecks, enlarged
from core.models import Predictor

COVERED_SHARE = 0.2
_BLOCKS = 8
"""Rows of blocks of a random fifth: single random pixels would blur, not cover."""


def check_maps(
    model: Predictor,
    faces: NDArray[np.float32],
    maps: NDArray[np.float32],
    *,
    rng: np.random.Generator,
) -> MapChecks | None:
    """Cover the most salient and a random fifth; None where all maps are empty.

    Args:
        faces: float32 `(n, size, size)`, grey in [0, 1], in the model's size.
        maps: float32 `(n, s, s)`, for the predicted class of each.
    """
    not_empty = maps.max(axis=(1, 2), initial=0.0) > 0
    faces, maps = faces[not_empty], maps[not_empty]
    if len(faces) == 0:
        return None
    size_px = faces.shape[1]
    scores = model.scores(faces[..., None])
    predicted, rows = scores.argmax(axis=1), np.arange(len(faces))
    salient = np.stack([_highest(enlarged(one, size_px)) for one in maps])
    random = np.stack([_highest(_random_map(size_px, rng)) for _ in maps])
    drop, drop_elsewhere = (
        scores[rows, predicted] - model.scores(_covered(faces, where)[..., None])[rows, predicted]
        for where in (salient, random)
    )
    better = share_interval(int((drop > drop_elsewhere).sum()), len(faces))
    return MapChecks(len(faces), float(drop.mean()), float(drop_elsewhere.mean()), better)


def map_similarity(maps: NDArray[np.float32], others: NDArray[np.float32]) -> float | None:
    """Mean rank correlation of pairs of maps `(n, s, s)`; None where all are constant."""
    from scipy.stats import spearmanr

    found = [
        float(spearmanr(one.ravel(), other.ravel()).statistic)
        for one, other in zip(maps, others, strict=True)
        if np.ptp(one) > 0 and np.ptp(other) > 0
    ]
    return float(np.mean(found)) if found else None


def _highest(large: NDArray[np.float32]) -> NDArray[np.bool_]:
    """The fifth of the pixels with the highest values; of equals, the first."""
    count = max(1, round(COVERED_SHARE * large.size))
    salient = np.zeros(large.size, dtype=np.bool_)
    salient[np.argsort(-large.ravel(), kind="stable")[:count]] = True
    return salient.reshape(large.shape)


def _random_map(size_px: int, rng: np.random.Generator) -> NDArray[np.float32]:
    return enlarged(rng.random((_BLOCKS, _BLOCKS)), size_px)


def _covered(faces: NDArray[np.float32], where: NDArray[np.bool_]) -> NDArray[np.float32]:
    means = faces.mean(axis=(1, 2), keepdims=True)
    return np.where(where, means, faces).astype(np.float32)
