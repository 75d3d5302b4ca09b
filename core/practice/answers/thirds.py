"""Thirds of an answer."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from core.practice.answers.answer_data import AnswerData
from core.practice.answers.remark import Third
from core.practice.answers.spans import Span

LEAST_S = 15.0
"""Shorter answers have no thirds: five seconds are no part of a talk."""


def thirds_of(data: AnswerData) -> Mapping[Third, tuple[float, float]]:
    """When each third begins and ends, in seconds; none of an answer under `LEAST_S`."""
    if data.length_s < LEAST_S:
        return {}
    step_s = data.length_s / len(Third)
    return {one: (at * step_s, (at + 1) * step_s) for at, one in enumerate(Third)}


def third_of(data: AnswerData, span: Span) -> Third:
    """The third in which the middle of a stretch lies."""
    middle_s = (span.begins_s + span.ends_s) / 2
    at = int(len(Third) * middle_s / data.length_s) if data.length_s > 0 else 0
    return tuple(Third)[min(at, len(Third) - 1)]


def seconds_in_thirds(data: AnswerData, states: NDArray[np.float64]) -> Mapping[Third, float]:
    """Seconds of each third in which a state is on.

    Args:
        states: float64 `(n,)`, 1 on, 0 off.
    """
    length_s = max(data.length_s, 1e-9)
    at = np.minimum((len(Third) * data.rows.time_s / length_s).astype(np.int64), len(Third) - 1)
    totals = np.bincount(at, data.seconds * states, len(Third))
    return {one: float(totals[place]) for place, one in enumerate(Third)}
