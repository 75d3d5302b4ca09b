"""Seconds of learners as columns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.domain.classroom import ClassSeconds, Shared
from core.measures import SecondParts

_SHARED_IN = {
    "facing": Shared.FACING,
    "eyes_open": Shared.ENGAGEMENT,
    "expression": Shared.ENGAGEMENT,
}
"""Column -> what has to be shared for it; presence always is."""


def columns_of(
    parts: Sequence[SecondParts], learner: int, shared: Sequence[Shared]
) -> ClassSeconds:
    """One learner's seconds.

    Args:
        parts: one or more, in time order.
        learner: number of the learner.
        shared: in the class; everything else is left out.
    """
    shares = {
        name: np.array([getattr(one, name) for one in parts], dtype=np.float32)
        for name in ("measured", "usable", "present", *_SHARED_IN)
    }
    for name, needs in _SHARED_IN.items():
        if needs not in shared and not (name == "facing" and Shared.ENGAGEMENT in shared):
            shares[name][:] = np.nan
    scores = [one.scores for one in parts]
    return ClassSeconds(
        second=np.array([one.second for one in parts], dtype=np.int64),
        learner=np.full(len(parts), learner, dtype=np.int64),
        scores=np.array(scores, dtype=np.float32).reshape(len(parts), -1),
        **shares,
    )
