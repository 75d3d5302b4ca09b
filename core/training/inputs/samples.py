"""The few pictures by which a person sees a network learn: the same ones after every epoch."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.domain import UNLABELLED, PictureSet, SamplesSeen, softmax
from core.domain.errors import RunDiverged

SHOWN = 12
"""A calm grid: one or two of each of seven classes."""

_DIGITS = 4  # more would only fill the journal


class Samples:
    """Pictures of the choosing split, spread over the classes.

    Args:
        chooses: the choosing split.
        seed: same seed, same pictures.
    """

    def __init__(self, chooses: PictureSet, *, seed: int) -> None:
        self._positions = spread(chooses.labels, count=SHOWN, seed=seed)

    def seen(self, epoch: int, logits: NDArray[np.float64]) -> SamplesSeen:
        """What the network says of them, out of what it said of the whole choosing split.

        Args:
            epoch: done by then.
            logits: float64 `(n, k)`, one row for each picture of the choosing split.
        Raises:
            RunDiverged: an answer is no number any more.
        """
        chosen = logits[self._positions]
        if not np.isfinite(chosen).all():
            raise RunDiverged(
                f"After epoch {epoch} the network's outputs are not finite.",
                advice="Start a new run with a lower learning rate.",
            )
        return SamplesSeen(epoch, self._positions.tolist(), softmax(chosen).round(_DIGITS).tolist())


def spread(labels: NDArray[np.int64], *, count: int, seed: int) -> NDArray[np.int64]:
    """Positions of `count` labelled pictures, as many of each class as of any other, by class.

    Classes take turns until enough are chosen or none is left, so a rare one is there too.

    Args:
        labels: int64 `(n,)`.
        seed: same seed, same pictures.
    """
    order = np.random.default_rng(seed).permutation(len(labels))
    order = order[labels[order] != UNLABELLED]
    turn = np.zeros(len(order), dtype=np.int64)
    for label in np.unique(labels[order]):
        inside = labels[order] == label
        turn[inside] = np.arange(inside.sum())
    chosen = order[np.argsort(turn, kind="stable")[:count]]
    return np.asarray(chosen[np.argsort(labels[chosen], kind="stable")], dtype=np.int64)
