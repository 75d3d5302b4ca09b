"""Nods and shakes: the head swings up and down, or left and right.

Detectors of this kind find 78 to 85 % of them (doi:10.1145/971478.971509). What a nod means depends
on the person and the talk.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain import Timeline
from core.measures.calibration import Calibration
from core.measures.resampling import sampled_at

Floats = NDArray[np.float64]

WINDOW_S = 2.0
EVERY_S = 0.5
LEAST_REVERSALS = 3
LEAST_NOD_DEG, LEAST_SHAKE_DEG = 4.0, 6.0
"""The least peak to peak of pitch in a nod, and of yaw in a shake."""

LEAST_ENERGY_RATIO = 2.0
LEAST_RATE_HZ = 10.0
"""With fewer measured frames a second, swings would be missed."""

_STEP_S = 0.05  # a head swings up to five times a second
_OFFSETS_S = np.arange(round(WINDOW_S / _STEP_S) + 1) * _STEP_S - WINDOW_S
_MAX_GAP_S = 0.3
_STILL_DEG2 = 1e-6  # poses are stored in hundredths of a degree
_NOISE_SHARE = 0.25  # of the least peak to peak: a smaller way back is noise, not a reversal


@dataclass(frozen=True, eq=False)
class HeadGestureColumns:
    """Gestures in the two seconds before each row's own half second; each float64 `(n,)`.

    NaN where fewer than ten frames a second were measured.

    Attributes:
        nod, shake: 1 where there is one, 0 where not.
        pitch_deg, yaw_deg: peak to peak, about the window's own linear trend or of the angle
            itself, whichever is less.
        pitch_reversals, yaw_reversals: how often each changed its direction.
        pitch_energy_share: of the energy of both; a nod has at least two thirds, a shake at most
            one third. NaN where the head did not move.
    """

    nod: Floats
    shake: Floats
    pitch_deg: Floats
    yaw_deg: Floats
    pitch_reversals: Floats
    yaw_reversals: Floats
    pitch_energy_share: Floats


def measure_head_gestures(
    timeline: Timeline, _calibration: Calibration | None
) -> HeadGestureColumns:
    """Nods and shakes of one face. Rows with a known head pose count, usable or not."""
    halves = np.floor(timeline.time_s / EVERY_S)
    ends_s, window_of_row = np.unique(halves * EVERY_S, return_inverse=True)
    yaw, pitch = (_windows(timeline.time_s, timeline.pose[:, at], ends_s) for at in (0, 1))
    is_known = np.isfinite(yaw[:, 0]) & np.isfinite(pitch[:, 0])
    nods, shakes = _Swings.of(pitch, LEAST_NOD_DEG), _Swings.of(yaw, LEAST_SHAKE_DEG)
    columns = (
        nods.are_enough & (nods.energy >= LEAST_ENERGY_RATIO * shakes.energy),
        shakes.are_enough & (shakes.energy >= LEAST_ENERGY_RATIO * nods.energy),
        nods.peak_to_peak,
        shakes.peak_to_peak,
        nods.reversals,
        shakes.reversals,
        _shares(nods.energy, shakes.energy),
    )
    return HeadGestureColumns(*(np.where(is_known, one, np.nan)[window_of_row] for one in columns))


@dataclass(frozen=True, eq=False)
class _Swings:
    """How one angle moved in each window.

    Attributes:
        peak_to_peak: float64 `(w,)`, in degrees.
        reversals: float64 `(w,)`.
        energy: float64 `(w,)`, mean square about the trend.
        are_enough: bool `(w,)`, whether they make a gesture.
    """

    peak_to_peak: Floats
    reversals: Floats
    energy: Floats
    are_enough: NDArray[np.bool_]

    @classmethod
    def of(cls, windows: Floats, least_deg: float) -> _Swings:
        """Of windows float64 `(w, k)` of an angle; NaN stays NaN."""
        raw_deg, windows = np.ptp(windows, axis=1), _without_trend(windows)
        # The line through three swings has a slope of its own, which adds to them.
        peak_to_peak = np.minimum(np.ptp(windows, axis=1), raw_deg)
        reversals = _reversals(windows, _NOISE_SHARE * least_deg)
        are_enough = (peak_to_peak >= least_deg) & (reversals >= LEAST_REVERSALS)
        return cls(peak_to_peak, reversals, np.square(windows).mean(axis=1), are_enough)


def _windows(time_s: Floats, angle: Floats, ends_s: Floats) -> Floats:
    """The angle in the two seconds before each end, float64 `(w, k)`; NaN where too few rows."""
    windows = sampled_at(ends_s[:, None] + _OFFSETS_S, time_s, angle, max_gap_s=_MAX_GAP_S)
    measured_s = time_s[np.isfinite(angle)]
    first, last = (np.searchsorted(measured_s, ends_s - ago_s) for ago_s in (WINDOW_S, 0.0))
    # One fewer than the rate asks for, where a window begins between two frames. A gap says nothing
    # about the whole window.
    is_known = (last - first >= WINDOW_S * LEAST_RATE_HZ - 1) & np.isfinite(windows).all(axis=1)
    windows[~is_known] = np.nan
    return windows


def _without_trend(windows: Floats) -> Floats:
    """Each window about its own linear trend."""
    along = _OFFSETS_S - _OFFSETS_S.mean()
    windows = windows - windows.mean(axis=1, keepdims=True)
    slopes = windows @ along / (along @ along)
    return np.asarray(windows - slopes[:, None] * along)


def _reversals(windows: Floats, least: float) -> Floats:
    """How often each window changes its direction by at least `least`, float64 `(w,)`."""
    highest, lowest = windows[:, 0].copy(), windows[:, 0].copy()
    direction = np.zeros(len(windows))
    count = np.zeros(len(windows))
    for values in windows.T:
        np.maximum(highest, values, out=highest)
        np.minimum(lowest, values, out=lowest)
        falls = (highest - values >= least) & (direction >= 0)
        rises = (values - lowest >= least) & (direction <= 0)
        count += (falls & (direction > 0)) | (rises & (direction < 0))
        direction = np.where(falls, -1.0, np.where(rises, 1.0, direction))
        highest = np.where(falls | (direction < 0), values, highest)
        lowest = np.where(rises | (direction > 0), values, lowest)
    return count


def _shares(some: Floats, others: Floats) -> Floats:
    total = some + others
    shares = np.full(len(total), np.nan)
    np.divide(some, total, out=shares, where=total > _STILL_DEG2)
    return shares
