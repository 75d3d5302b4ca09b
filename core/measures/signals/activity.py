"""The activity of each second of a face against a resting face that does not change.

`expressiveness` compares a face with its own last ten minutes, so that its ranges follow the
person. Answers to a question are compared with one another: their ranges have to be the same, and
are those of still faces.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.domain import Timeline
from core.measures.calibration import Calibration
from core.measures.durations import seconds_of_rows
from core.measures.signals.expressiveness import at_rest_of, seconds_of
from core.measures.signals.expressiveness_meter import (
    SPEAKS_S,
    Second,
    activity_of_second,
    mouth_speaks,
)
from core.measures.signals.expressiveness_norm import norm


@dataclass(frozen=True, eq=False)
class SecondActivity:
    """Activity of usable seconds, as in `core.measures.face_measures.EXPRESSIVENESS`.

    Attributes:
        second: int64 `(n,)`, ascending; the whole second that each is of.
        activity: float64 `(n,)`, 0 or more, in ranges of still faces: of all counted shapes; of
            brows and eyes alone while the mouth speaks.
    """

    second: NDArray[np.int64]
    activity: NDArray[np.float64]


def activity_of_seconds(timeline: Timeline, calibration: Calibration | None) -> SecondActivity:
    """The activity of one face above its calibrated face at rest, or that of still faces.

    Args:
        timeline: of one face, perhaps with rows without it.
    """
    baseline, at_rest = norm().baseline, at_rest_of(calibration)
    if at_rest is not None:
        baseline = replace(baseline, medians=at_rest, is_own=True)
    every_row = np.arange(len(timeline))
    found = seconds_of(timeline, every_row, seconds_of_rows(timeline))
    latest: deque[tuple[int, Second]] = deque(maxlen=SPEAKS_S)
    seconds, activity = [], []
    for at, second in sorted(found.items()):
        latest.append((at, second))
        speaks = mouth_speaks([one for earlier, one in latest if earlier > at - SPEAKS_S])
        moved = activity_of_second(baseline, second, speaks)
        if moved is not None:
            seconds.append(at)
            activity.append(moved.mean)
    return SecondActivity(np.array(seconds, dtype=np.int64), np.array(activity, dtype=np.float64))
