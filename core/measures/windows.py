"""Windows in seconds over the rows of one face: means, shares and deviations weighted by duration.

A row holds its value until the next one. A window covers the seconds before a row, exactly: a row
that lies partly inside counts with that part. So the frame rate does not matter, and no row knows
what comes after it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.domain import Timeline
from core.measures.durations import MAX_GAP_S

Floats = NDArray[np.float64]

ENOUGH_OF_WINDOW = 0.6
"""A window of which less was measured says nothing."""

LONGEST_ROW = 5.0
"""Usual steps that a row may last."""

USUAL_OF = 9
"""The newest steps; half of them, and one, are enough to follow another rate."""

_ROUNDING_S = 1e-6


@dataclass(frozen=True, eq=False)
class Windows:
    """The windows of one length before each row of one face.

    Attributes:
        times_s: float64 `(n,)`, strictly ascending.
        seconds: float64 `(n,)`, duration of each row (`seconds_of_face`).
        length_s: of each window.
    """

    times_s: Floats
    seconds: Floats
    length_s: float

    @classmethod
    def before_rows(cls, timeline: Timeline, length_s: float) -> Windows:
        """The windows before each row.

        Args:
            timeline: of one face.
        """
        return cls(timeline.time_s, seconds_of_face(timeline), length_s)

    def known_s(self, values: Floats) -> Floats:
        """Measured seconds in each window: float64 `(n,)`.

        Args:
            values: float64 `(n,)`; NaN where not measured.
        """
        return self._integral((~np.isnan(values)).astype(np.float64))

    def mean(self, values: Floats) -> Floats:
        """Mean of the measured seconds of each window; of zeros and ones: their share.

        Args:
            values: float64 `(n,)`; NaN where not measured.
        Returns:
            Float64 `(n,)`; NaN where less than `ENOUGH_OF_WINDOW` of the window was measured.
        """
        return self._if_enough(values, self._raw_mean(values))

    def sd(self, values: Floats) -> Floats:
        """Standard deviation of the measured seconds of each window; NaN as in `mean`."""
        known = ~np.isnan(values)
        centred = values - (values[known].mean() if known.any() else 0.0)
        mean, square = self._raw_mean(centred), self._raw_mean(centred**2)
        return self._if_enough(values, np.sqrt(np.maximum(square - mean**2, 0.0)))

    def rows_per_s(self, values: Floats) -> Floats:
        """Measured rows by measured second of each window; NaN as in `mean`."""
        known = ~np.isnan(values)
        first = np.searchsorted(self.times_s, self.times_s - self.length_s - _ROUNDING_S)
        before = np.concatenate([[0.0], np.cumsum(known)])
        rows = before[:-1] - before[np.minimum(first, len(known))]
        known_s = self.known_s(values)
        rate = np.full(len(values), np.nan)
        np.divide(rows, known_s, out=rate, where=known_s > 0)
        return self._if_enough(values, rate)

    def _raw_mean(self, values: Floats) -> Floats:
        known_s = self.known_s(values)
        mean = np.full(len(values), np.nan)
        np.divide(
            self._integral(np.nan_to_num(values, nan=0.0)), known_s, out=mean, where=known_s > 0
        )
        return mean

    def _if_enough(self, values: Floats, found: Floats) -> Floats:
        enough = self.known_s(values) >= ENOUGH_OF_WINDOW * self.length_s - _ROUNDING_S
        return np.where(enough, found, np.nan)

    def _integral(self, values: Floats) -> Floats:
        """Of the values over each window; values are finite."""
        before = np.concatenate([[0.0], np.cumsum(values * self.seconds)])
        row, part_s = self._starts
        return np.asarray(before[:-1] - (before[row] + values[row] * part_s))

    @cached_property
    def _starts(self) -> tuple[NDArray[np.intp], Floats]:
        """Where each window starts: in which row, and how many seconds of that row lie before."""
        starts = self.times_s - self.length_s
        row = np.maximum(np.searchsorted(self.times_s, starts, side="right") - 1, 0)
        return row, np.clip(starts - self.times_s[row], 0.0, self.seconds[row])


def seconds_of_face(timeline: Timeline) -> Floats:
    """Float64 `(n,)`: how long each row of one face holds: until its next row.

    At most `MAX_GAP_S`, and five times the usual step (`usual_steps`): a longer gap is an absence,
    in which nothing was measured. The last row gets the usual step; a single one `MAX_GAP_S`.

    Args:
        timeline: of one face.
    """
    gaps = np.diff(timeline.time_s)
    if not len(gaps):
        return np.full(len(timeline), MAX_GAP_S)
    usual_s = usual_steps(timeline.time_s)
    longest_s = np.minimum(MAX_GAP_S, LONGEST_ROW * usual_s[1:])
    return np.append(np.minimum(gaps, longest_s), min(usual_s[-1], MAX_GAP_S))


def usual_steps(times_s: Floats) -> Floats:
    """Float64 `(n,)`, at least one: the usual step up to each row, in seconds.

    The median of the latest `USUAL_OF` steps: a camera, or a browser, changes its rate within a
    session. Until there are so many, that of the first ones. Rows of one time are no step; a single
    time has `MAX_GAP_S`.

    Args:
        times_s: float64 `(n,)`, never decreasing.
    """
    is_step = np.diff(times_s) > 0
    steps = np.diff(times_s)[is_step]
    if not len(steps):
        return np.full(len(times_s), MAX_GAP_S)
    before_first = np.full(USUAL_OF - 1, np.median(steps[:USUAL_OF]))
    latest = np.lib.stride_tricks.sliding_window_view(np.append(before_first, steps), USUAL_OF)
    known = np.concatenate([[0], np.maximum(np.cumsum(is_step) - 1, 0)])
    # Sorting nine is five times as fast as np.median of them.
    return np.asarray(np.sort(latest, axis=1)[:, USUAL_OF // 2][known])


def where_usable(timeline: Timeline, values: Floats) -> Floats:
    """The same values, float64 `(n,)`; NaN in rows whose face was not usable."""
    return np.where(timeline.usable, values, np.nan)


def held_state(
    timeline: Timeline, states: Floats, *, on_after_s: float, off_after_s: float
) -> Floats:
    """A state that changes only once the new one has lasted.

    Args:
        timeline: of one face.
        states: float64 `(n,)`, 1 on, 0 off, NaN where not measured.
        on_after_s, off_after_s: how long it must last. What was not measured neither interrupts nor
            prolongs it, unless that was longer than `MAX_GAP_S`: then the face came anew.
    Returns:
        Float64 `(n,)`: 1, 0; NaN where not measured, and until one of both has lasted since the
        face came.
    """
    found = np.full(len(states), np.nan)
    at = np.flatnonzero(~np.isnan(states))
    if len(at) < 2:
        return found
    times, on = timeline.time_s[at], states[at] > 0.5
    gaps = np.diff(times)
    usual_s = usual_steps(timeline.time_s)[at[1:]]
    comes = np.append(True, gaps > np.maximum(MAX_GAP_S, 1.5 * usual_s))
    lasted_s = times - times[_latest(comes | np.append(True, on[1:] != on[:-1]))]
    sure = lasted_s >= np.where(on, on_after_s, off_after_s) - _ROUNDING_S
    last_sure = _latest(sure)
    known = sure[last_sure] & (last_sure >= _latest(comes))
    found[at] = np.where(known, on[last_sure], np.nan)
    return found


class RunningHeld:
    """`held_state` row by row, as rows come. Not thread-safe.

    Args:
        on_after_s, off_after_s: as there.
    """

    def __init__(self, *, on_after_s: float, off_after_s: float) -> None:
        self._on_after_s, self._off_after_s = on_after_s, off_after_s
        self._known_s = -math.inf  # time of the last row with a state
        self._since_s = 0.0  # since when it has been as it is
        self._is_on = False
        self._held = math.nan

    def update(self, time_s: float, state: float, usual_s: float) -> float:
        """The held state of a row: 1, 0 or NaN.

        Args:
            time_s: later than before.
            state: 1 on, 0 off, NaN where not measured.
            usual_s: the usual step up to the row.
        """
        if math.isnan(state):
            return math.nan
        is_on, comes = state > 0.5, time_s - self._known_s > max(MAX_GAP_S, 1.5 * usual_s)
        if comes:
            self._held = math.nan
        if comes or is_on != self._is_on:
            self._since_s = time_s
        self._is_on, self._known_s = is_on, time_s
        needs_s = self._on_after_s if is_on else self._off_after_s
        if time_s - self._since_s >= needs_s - _ROUNDING_S:
            self._held = float(is_on)
        return self._held


def _latest(marks: NDArray[np.bool_]) -> NDArray[np.intp]:
    """For each index the latest marked one up to it; 0 where there is none."""
    return np.asarray(np.maximum.accumulate(np.where(marks, np.arange(len(marks)), 0)))
