"""How long each row stands for: everything is weighted in seconds, never in frames."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.domain import Timeline

LONGEST_S = 1.0
"""A row stands for at most so long: a pause is not a long look at one picture."""


def seconds_of_rows(timeline: Timeline) -> NDArray[np.float64]:
    """Float64 `(n,)`: seconds until the next moment; rows of one moment share the same number.

    The last moment stands as long as the moments before it usually did; one alone, such as a
    picture, for `LONGEST_S`.
    """
    if len(timeline) == 0:
        return np.zeros(0)
    moments, back = np.unique(timeline.time_s, return_inverse=True)
    gaps = np.minimum(np.diff(moments), LONGEST_S)
    last = float(np.median(gaps)) if len(gaps) else LONGEST_S
    return np.append(gaps, last)[back]
