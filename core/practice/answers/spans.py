"""Stretches of an answer in which something holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.measures import MAX_GAP_S

_ROUNDING_S = 1e-6


@dataclass(frozen=True)
class Span:
    """A stretch of an answer.

    Attributes:
        begins_s, ends_s: seconds of the answer.
        held_s: how long it held; what was off, or not measured, may lie in between.
    """

    begins_s: float
    ends_s: float
    held_s: float


def spans_where(
    times_s: NDArray[np.float64],
    seconds: NDArray[np.float64],
    states: NDArray[np.float64],
    *,
    least_s: float,
    bridge_s: float = 0.0,
) -> tuple[Span, ...]:
    """Where a state is on for long enough, in time order.

    What was not measured neither ends nor prolongs a stretch, unless it lasts longer than
    `MAX_GAP_S`: then another may begin after it. A row counts for its seconds, whatever the rate.

    Args:
        times_s: float64 `(n,)`, ascending.
        seconds: float64 `(n,)`, how long each row holds.
        states: float64 `(n,)`: 1 on, 0 off, NaN where not measured.
        least_s: shortest stretch, of what held.
        bridge_s: shorter times off do not end a stretch; they do not count in it.
    """
    at = np.flatnonzero(~np.isnan(states) & (seconds > 0))
    if not len(at):
        return ()
    begins, ends, on = times_s[at], times_s[at] + seconds[at], states[at] > 0.5
    lost = np.append(True, begins[1:] - ends[:-1] > MAX_GAP_S)
    starts = np.flatnonzero(lost | np.append(True, on[1:] != on[:-1]))
    stops = np.append(starts[1:], len(at)) - 1
    held = np.add.reduceat(seconds[at], starts)
    joined: list[Span] = []
    previous_on = -1
    for run in np.flatnonzero(on[starts]):
        span = Span(float(begins[starts[run]]), float(ends[stops[run]]), float(held[run]))
        is_near = previous_on >= 0 and not lost[starts[previous_on + 1 : run + 1]].any()
        off_s = float(held[previous_on + 1 : run].sum()) if is_near else np.inf
        if joined and off_s < bridge_s - _ROUNDING_S:
            before = joined.pop()
            span = Span(before.begins_s, span.ends_s, before.held_s + span.held_s)
        joined.append(span)
        previous_on = int(run)
    return tuple(one for one in joined if one.held_s >= least_s - _ROUNDING_S)


def longest(spans: Sequence[Span]) -> Span:
    """The longest, the first of equals; of none, one without length at 0 s."""
    return max(spans, key=lambda one: one.held_s, default=Span(0.0, 0.0, 0.0))
