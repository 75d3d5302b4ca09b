"""Where somebody speaks, from levels alone: louder than the room, for long enough.

Voice activity is decided as in the measurement of active speech levels (ITU-T Rec. P.56, 2011,
method B): the active level is the mean power of what is above a threshold, and the threshold lies
15.9 dB below the active level; gaps up to 0.2 s belong to the speech (there: a hangover of 0.2 s).
The level of the room is a low percentile of the answer's own levels, so that the gain of the
microphone does not matter; the threshold stays above it. Two thresholds (hysteresis) keep a level
that hovers at one from flickering.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from core.domain.sound_levels import SoundLevels
from core.practice.sound.stored_levels import TENTHS_PER_S, tenths_at

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

SILENT_DB = -90.0
"""A microphone that is switched off gives less than this; the noise of an open one is louder."""

ENOUGH_SHARE = 0.5
"""Of the answer has to be measured: of less, nothing is said."""

PAUSE_S = 0.3
"""Shortest silence that is a pause: the first whole number of tenths above 0.25 s, below which
silences are part of articulation (Goldman-Eisler 1968; De Jong & Bosker 2013)."""

MARGIN_DB = 15.9
"""Of P.56: between active level and threshold."""

_HANGOVER = 2  # tenths, of P.56
_SHORTEST = 2  # tenths of speech: a click or a knock is shorter
_ROOM_PERCENTILE = 5.0
_LEAST_RISE_DB = 9.0  # of the loudest above the room; steady noise varies by less
_ABOVE_ROOM_DB = 12.0  # of the threshold: noise has louder tenths; half the way to the active
# level where that is less. Both this and the next were chosen on synthetic speech in noise of
# three colours (docs/practice.md).
_HYSTERESIS_DB = 4.0
_ROUNDS = 20  # the threshold settles within a few


class SoundReason(StrEnum):
    """Why nothing, or no speech, was measured."""

    NOT_MEASURED = "not_measured"
    TOO_LITTLE = "too_little"
    SILENT_MICROPHONE = "silent_microphone"
    NOTHING_SPOKEN = "nothing_spoken"


@dataclass(frozen=True, eq=False)
class Speech:
    """The tenths of an answer.

    Attributes:
        spoken: float64 `(n,)`, for each tenth of a second from the answer's begin: 1 with speech, 0
            without, NaN where it was not measured, or nothing can be said.
        level_db: float64 `(n,)`, in dBFS; NaN where it was not measured.
        reason: why nothing can be said, or no speech was found; None otherwise.
    """

    spoken: Floats
    level_db: Floats
    reason: SoundReason | None

    @property
    def measured_share(self) -> float:
        """Of the answer, in [0, 1]."""
        return float((~np.isnan(self.level_db)).mean()) if len(self.level_db) else 0.0


def speech_of(levels: SoundLevels | None, length_s: float) -> Speech:
    """Where somebody speaks in an answer.

    Args:
        levels: in seconds of the answer; None without a microphone.
        length_s: of the answer.
    """
    level_db = _by_tenth(levels, length_s)
    measured = ~np.isnan(level_db)
    nothing = np.full(len(level_db), np.nan)
    if not measured.any():
        return Speech(nothing, level_db, SoundReason.NOT_MEASURED)
    if measured.mean() < ENOUGH_SHARE:
        return Speech(nothing, level_db, SoundReason.TOO_LITTLE)
    loud_db = _loud_db(level_db)
    if loud_db <= SILENT_DB:
        return Speech(nothing, level_db, SoundReason.SILENT_MICROPHONE)
    spoken = np.where(measured, 0.0, np.nan)
    threshold_db = _threshold_db(level_db[measured], loud_db)
    if threshold_db is not None:
        spoken[_active(level_db, threshold_db)] = 1.0
    found = bool((spoken == 1).any())
    return Speech(spoken, level_db, None if found else SoundReason.NOTHING_SPOKEN)


def pauses_of(speech: Speech, *, at_least_s: float = PAUSE_S) -> tuple[tuple[float, float], ...]:
    """Silences between two stretches of speech, as begin and end in seconds of the answer.

    A tenth or two that were not measured interrupt none; of more nobody knows whether they were
    silent, so a silence that has or touches them is left out.
    """
    rounded = _without_short_gaps(speech.spoken)
    found = []
    for first, end in _stretches(rounded == 0):
        is_between = first > 0 and end < len(rounded) and rounded[first - 1] == rounded[end] == 1
        missing = int(np.isnan(speech.spoken[first:end]).sum())
        if (
            is_between
            and missing <= _HANGOVER
            and (end - first) / TENTHS_PER_S >= at_least_s - 1e-9
        ):
            found.append((first / TENTHS_PER_S, end / TENTHS_PER_S))
    return tuple(found)


def _by_tenth(levels: SoundLevels | None, length_s: float) -> Floats:
    """The level of each tenth of the answer; NaN where there is none."""
    level_db = np.full(int(np.ceil(length_s * TENTHS_PER_S - 1e-6)), np.nan)
    if levels is not None:
        at = tenths_at(levels.time_s)
        inside = (at >= 0) & (at < len(level_db))
        level_db[at[inside]] = levels.level_db[inside]
    return level_db


def _loud_db(level_db: Floats) -> float:
    """The loudest level that lasts as long as the shortest speech, however long the answer is; the
    loudest of all where nothing was measured for so long.
    """
    lasting = np.minimum(level_db[1:], level_db[:-1])
    return float(np.nanmax(lasting if (~np.isnan(lasting)).any() else level_db))


def _threshold_db(known: Floats, loud_db: float) -> float | None:
    """What speech lies above; None where nothing rises enough over the room.

    Args:
        known: every measured level.
        loud_db: the loudest of those that last.
    """
    room_db = float(np.percentile(known, _ROOM_PERCENTILE))
    if loud_db - room_db < _LEAST_RISE_DB:
        return None
    threshold_db = (room_db + loud_db) / 2
    for _ in range(_ROUNDS):
        power = 10 ** (known[known >= threshold_db] / 10)
        active_db = 10 * np.log10(power.mean())
        above_room_db = min(_ABOVE_ROOM_DB, (active_db - room_db) / 2)
        settled_db = max(active_db - MARGIN_DB, room_db + above_room_db)
        if abs(settled_db - threshold_db) < 0.01:
            break
        threshold_db = settled_db
    return float(threshold_db)


def _active(level_db: Floats, threshold_db: float) -> Mask:
    """Which tenths are spoken: what stays above the threshold and rises clearly over it, with short
    gaps, and without what is as short as a click.
    """
    above = level_db >= threshold_db
    risen = level_db >= threshold_db + _HYSTERESIS_DB
    spoken = np.zeros(len(level_db), dtype=np.bool_)
    for first, end in _stretches(above):
        spoken[first:end] = risen[first:end].any()
    below = ~spoken & ~np.isnan(level_db)
    for first, end in _stretches(below):
        if first > 0 and end < len(spoken) and end - first <= _HANGOVER:
            spoken[first:end] = spoken[first - 1] and spoken[end]
    for first, end in _stretches(spoken):
        spoken[first:end] = end - first >= _SHORTEST
    return spoken


def _without_short_gaps(spoken: Floats) -> Floats:
    """With what was before, in place of a tenth or two that were not measured."""
    filled = spoken.copy()
    for first, end in _stretches(np.isnan(spoken)):
        if first > 0 and end - first <= _HANGOVER:
            filled[first:end] = spoken[first - 1]
    return filled


def _stretches(mask: Mask) -> Iterator[tuple[int, int]]:
    """First and end of each stretch of True, in order."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
