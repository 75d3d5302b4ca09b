"""Blinks: short peaks of both lids."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain import Timeline
from core.measures.calibration import LEAST_SPREAD, Calibration, RestingShape, own_z
from core.measures.population import resting_of
from core.measures.windows import Windows, seconds_of_face, where_usable

WINDOW_S = 60.0
LEAST_ROWS_PER_S = 15.0
SHORTEST_S, LONGEST_S = 0.05, 0.4
PROMINENCE = 5.0
"""In own spreads: noise stays within two."""

_LIDS = ("eyeBlinkLeft", "eyeBlinkRight")
_RATE_TOLERANCE = 0.5  # a camera of 15 frames a second gives 14.9
_NEAR_S = 2.0  # a peak is compared with what lies this near


@dataclass(frozen=True, eq=False)
class BlinkColumns:
    """See `core.measures.face_measures.BLINKS`; float64 `(n,)`."""

    per_minute: NDArray[np.float64]


def measure_blinks(timeline: Timeline, calibration: Calibration | None) -> BlinkColumns:
    """The blinks of one face; NaN where fewer than `LEAST_ROWS_PER_S` rows were analysed."""
    lids = where_usable(timeline, _lids(timeline, calibration))
    windows = Windows.before_rows(timeline, WINDOW_S)
    ends_s = blink_ends(timeline.time_s, lids)
    until = np.searchsorted(ends_s, timeline.time_s, side="right")
    before = np.searchsorted(ends_s, timeline.time_s - WINDOW_S, side="right")
    enough = windows.rows_per_s(lids) >= LEAST_ROWS_PER_S - _RATE_TOLERANCE
    rate = np.full(len(timeline), np.nan)
    np.divide((until - before) * 60.0, windows.known_s(lids), out=rate, where=enough)
    return BlinkColumns(rate)


def blinks_per_minute(timeline: Timeline, calibration: Calibration | None) -> float | None:
    """The blinks of all rows of one face by their minutes; None where `measure_blinks` has none."""
    lids = where_usable(timeline, _lids(timeline, calibration))
    known = ~np.isnan(lids)
    known_s = float(seconds_of_face(timeline)[known].sum())
    if known_s <= 0 or known.sum() / known_s < LEAST_ROWS_PER_S - _RATE_TOLERANCE:
        return None
    return len(blink_ends(timeline.time_s, lids)) * 60.0 / known_s


def blink_ends(times_s: NDArray[np.float64], lids: NDArray[np.float64]) -> NDArray[np.float64]:
    """When each blink was over, in seconds, ascending.

    Args:
        times_s: of the rows.
        lids: float64 `(n,)`, how far the lids are closed, in own spreads; NaN where not measured.
    """
    # Load-bearing: it takes half a second, and every command imports this room.
    from scipy.signal import find_peaks, peak_widths

    known = ~np.isnan(lids)
    times, values = times_s[known], lids[known]
    steps_s = np.diff(times)[np.diff(times) > 0]
    if len(steps_s) < 2:
        return np.zeros(0)
    near = max(3, round(_NEAR_S / float(np.median(steps_s))))
    # Longer plateaus are no blinks; they would fill what a peak is compared with, which warns.
    peaks, found = find_peaks(
        values, plateau_size=(None, near - 2), prominence=PROMINENCE, wlen=near
    )
    shape = (found["prominences"], found["left_bases"], found["right_bases"])
    _, _, left, right = peak_widths(values, peaks, rel_height=0.5, prominence_data=shape)
    began_s, ended_s = (np.interp(at, np.arange(len(times)), times) for at in (left, right))
    lost = np.concatenate([[0], np.cumsum(np.diff(times) > 2.5 / LEAST_ROWS_PER_S)])
    whole = lost[np.ceil(right).astype(np.intp)] == lost[np.floor(left).astype(np.intp)]
    lasted_s = ended_s - began_s
    return np.sort(ended_s[whole & (lasted_s >= SHORTEST_S) & (lasted_s <= LONGEST_S)])


def _lids(timeline: Timeline, calibration: Calibration | None) -> NDArray[np.float64]:
    resting = resting_of(calibration)
    if calibration is None or not calibration.rest:  # spreads between persons are no own ones
        resting = {name: RestingShape(name, resting[name].median, LEAST_SPREAD) for name in _LIDS}
    return np.asarray(own_z(timeline.blendshapes, _LIDS, resting).mean(axis=1))
