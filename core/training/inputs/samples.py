"""Sample pictures whose predictions are shown after every epoch."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.domain import UNLABELLED, PictureSet, SamplesSeen, softmax
from core.domain.errors import RunDiverged

SHOWN = 12
"""One or two of each of seven classes."""

_DIGITS = 4  # more would only make the journal larger


class SamplePictures:
    """Pictures of the validation split, about equally many of each class.

    Args:
        validation: the validation split.
        seed: same seed, same pictures.
    """

    def __init__(self, validation: PictureSet, *, seed: int) -> None:
        self._positions = balanced_sample(validation.labels, count=SHOWN, seed=seed)

    def predictions(self, epoch: int, logits: NDArray[np.float64]) -> SamplesSeen:
        """Their scores, taken from those of the whole validation split.

        Args:
            epoch: the last that ended.
            logits: float64 `(n, k)`, one row for each picture of the validation split.
        Raises:
            RunDiverged: an output is not finite.
        """
        chosen = logits[self._positions]
        if not np.isfinite(chosen).all():
            raise RunDiverged(
                f"After epoch {epoch} the network's outputs are not finite.",
                advice="Start a new run with a lower learning rate.",
            )
        return SamplesSeen(epoch, self._positions.tolist(), softmax(chosen).round(_DIGITS).tolist())


def balanced_sample(labels: NDArray[np.int64], *, count: int, seed: int) -> NDArray[np.int64]:
    """Positions of `count` random labelled pictures, equally many of each class, sorted by class.

    Where a class has too few, the others fill its place.

    Args:
        labels: int64 `(n,)`.
        seed: same seed, same pictures.
    """
    order = np.random.default_rng(seed).permutation(len(labels))
    order = order[labels[order] != UNLABELLED]
    rank = np.zeros(len(order), dtype=np.int64)
    for label in np.unique(labels[order]):
        of_label = labels[order] == label
        rank[of_label] = np.arange(of_label.sum())
    chosen = order[np.argsort(rank, kind="stable")[:count]]
    return np.asarray(chosen[np.argsort(labels[chosen], kind="stable")], dtype=np.int64)
