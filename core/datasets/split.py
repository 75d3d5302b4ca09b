"""Dividing pictures so that no side knows the other."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.errors import EmptySplit


def hold_out(
    labels: NDArray[np.int64], *, fraction: float, seed: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Positions kept and positions held out; each label keeps its share within one picture.

    Args:
        labels: int64, shape `(n,)`.
        fraction: held out of each label, in (0, 1).
        seed: same seed, same split.
    Raises:
        EmptySplit: a label has too few pictures to stand on both sides.
    """
    rng = np.random.default_rng(seed)
    kept, held = [], []
    for label in np.unique(labels):
        positions = rng.permutation(np.flatnonzero(labels == label))
        count = round(len(positions) * fraction)
        if count == 0 or count == len(positions):
            raise EmptySplit(
                f"Label {int(label)} has {len(positions)} pictures: too few to hold out "
                f"{fraction:.0%} of them.",
                advice="Add pictures of it, leave the label out, or hold out another share.",
            )
        held.append(positions[:count])
        kept.append(positions[count:])
    return np.sort(np.concatenate(kept)), np.sort(np.concatenate(held))
