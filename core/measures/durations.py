"""The duration of each row: everything is weighted in seconds, never in frames."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.domain import Timeline

MAX_GAP_S = 1.0
"""The longest duration of a row: a gap in the source is not counted as one long frame."""


def seconds_of_rows(timeline: Timeline) -> NDArray[np.float64]:
    """Float64 `(n,)`: seconds until the next frame; rows of one frame have the same value.

    The last frame gets the median of the others; a single one, such as a picture, `MAX_GAP_S`.
    """
    if len(timeline) == 0:
        return np.zeros(0)
    times, back = np.unique(timeline.time_s, return_inverse=True)
    gaps = np.minimum(np.diff(times), MAX_GAP_S)
    last = float(np.median(gaps)) if len(gaps) else MAX_GAP_S
    return np.append(gaps, last)[back]
