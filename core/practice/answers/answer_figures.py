"""What was measured of one answer, as figures."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.measures import (
    CALIBRATED,
    ENOUGH_OF_WINDOW,
    ENOUGH_USABLE,
    MEASURES,
    NOT_CALIBRATED,
    TOO_LITTLE,
    CalibrationPart,
    activity_of_seconds,
    blinks_per_minute,
    tension_now,
    why_empty,
)
from core.practice.answers.answer_data import AnswerData
from core.practice.answers.head_direction import Direction, HeadDirection, head_direction
from core.practice.answers.nod_series import nod_series
from core.practice.answers.readability import Hindrance, hindrance_of, usable_s
from core.practice.sound import MouthMovement, SoundFigures, sound_figures

Floats = NDArray[np.float64]

ENOUGH_EARLIER = 5
"""Minimum of earlier answers for a percentile: with fewer, one of them moves it by more than 20."""

SAME_EXPRESSIVENESS = 0.01
"""Means of answers that differ by no more are the same: camera noise moves a second by so much."""


@dataclass(frozen=True)
class AnswerFigures:
    """Figures of one answer; None where less than `ENOUGH_OF_WINDOW` of it was measured.

    Shares are of the seconds in which each was measured, in [0, 1].

    Attributes:
        length_s: of the answer.
        usable_share: of its length.
        facing_share: the head to the screen; without what `looked_s` holds.
        facing_known_s: seconds with a head pose.
        looked_s: seconds away from the screen in each direction, from the own centre; empty where
            not measured.
        expressiveness: mean activity of its seconds, 0 or more, in ranges of still faces.
        expressiveness_percentile: share of the person's own earlier answers that are below it; see
            `compared`.
        tension: mean, in SD above the own calm face.
        confident_share: mean probability that "confident" is shown, of the two.
        smile_share: of the time.
        nods: how many series of nods.
        mouth_moving_share: of the time.
        eyes_closed_share: of the time.
        blinks_per_min: 0 or more.
        others_s: seconds in which another face was in view.
        basis: name of a figure -> what it is relative to, or why it is None, in the words of the
            session file; without an entry it needs no calibration.
        hindrance: what mostly kept the answer from being measured; None where nothing did.
        sound: of the microphone; None without one.
    """

    length_s: float
    usable_share: float
    facing_share: float | None
    facing_known_s: float
    looked_s: Mapping[Direction, float]
    expressiveness: float | None
    tension: float | None
    confident_share: float | None
    smile_share: float | None
    nods: int | None
    mouth_moving_share: float | None
    eyes_closed_share: float | None
    blinks_per_min: float | None
    others_s: float
    basis: Mapping[str, str]
    hindrance: Hindrance | None
    sound: SoundFigures | None = None
    expressiveness_percentile: float | None = None


def readable(figures: AnswerFigures) -> bool:
    """Whether enough of an answer was usable to say anything about it."""
    return figures.length_s > 0 and figures.usable_share >= ENOUGH_USABLE - 1e-9


def figures_of(data: AnswerData) -> AnswerFigures:
    """The figures of an answer, from its own rows alone: live, of a recording and of a re-run they
    are the same.
    """
    head = head_direction(data)
    values, basis = _measured(data, head)
    nods = nod_series(data)
    known = values["facing_share"] is not None
    return AnswerFigures(
        length_s=data.length_s,
        usable_share=min(1.0, usable_s(data) / data.length_s) if data.length_s > 0 else 0.0,
        facing_known_s=head.known_s,
        looked_s=head.seconds_to if known else {},
        nods=None if values["nods"] is None else len(nods),
        others_s=data.others_s,
        basis=basis,
        hindrance=hindrance_of(data),
        sound=_sound(data),
        **{name: one for name, one in values.items() if name != "nods"},
    )


def compared(figures: AnswerFigures, earlier: Sequence[AnswerFigures]) -> AnswerFigures:
    """The figures with their percentile among the person's own earlier answers.

    Only earlier answers that are readable, and measured on the same basis, are compared; under
    `ENOUGH_EARLIER` of them the percentile stays None: too few to say.
    """
    own, basis = figures.expressiveness, figures.basis.get("expressiveness")
    known = sorted(
        one.expressiveness
        for one in earlier
        if one.expressiveness is not None
        and readable(one)
        and one.basis.get("expressiveness") == basis
    )
    if own is None or not readable(figures) or len(known) < ENOUGH_EARLIER:
        return replace(figures, expressiveness_percentile=None)
    below = bisect_left(known, own - SAME_EXPRESSIVENESS)
    up_to = bisect_right(known, own + SAME_EXPRESSIVENESS)
    return replace(figures, expressiveness_percentile=(below + up_to) / (2 * len(known)))


_MEASURE_OF = {
    "facing_share": "facing",
    "expressiveness": "expressiveness",
    "tension": "tension",
    "confident_share": "confident_stressed",
    "smile_share": "smile",
    "nods": "head_gestures",
    "mouth_moving_share": "mouth_moving",
    "eyes_closed_share": "eyes",
    "blinks_per_min": "blinks",
}
"""Figure -> the measure whose definition and limits it has."""

_PART_OF = {
    "confident_share": "confident",
    "smile_share": "is_smiling",
    "nods": "nod",
    "mouth_moving_share": "is_moving",
    "eyes_closed_share": "is_open",
}
"""Figure -> the part of its measure that it is a mean of."""


def _measured(
    data: AnswerData, head: HeadDirection
) -> tuple[dict[str, float | None], dict[str, str]]:
    """Each figure that follows from rows, and what it is relative to or why it is None."""
    rows, own = data.rows, data.calibration
    columns = {name: column_of(data, name) for name in _PART_OF}
    columns |= {"facing_share": head.facing, "tension": tension_now(rows, own)}
    values = {name: _mean(data, column) for name, column in columns.items()}
    if values["eyes_closed_share"] is not None:
        values["eyes_closed_share"] = 1.0 - values["eyes_closed_share"]
    activity = activity_of_seconds(rows, own).activity
    is_enough = len(activity) >= ENOUGH_OF_WINDOW * data.length_s and len(activity) > 0
    values["expressiveness"] = float(activity.mean()) if is_enough else None
    blinks = blinks_per_minute(rows, own)
    values["blinks_per_min"] = None if values["eyes_closed_share"] is None else blinks
    basis = {name: _basis(data, name, value) for name, value in values.items()}
    return values, {name: one for name, one in basis.items() if one}


def column_of(data: AnswerData, figure: str, *, part: str = "") -> Floats:
    """The column of a measure that a figure is a mean of, float64 `(n,)`; or another part of it."""
    signal = MEASURES[_MEASURE_OF[figure]].compute
    assert signal is not None
    return np.asarray(getattr(signal(data.rows, data.calibration), part or _PART_OF[figure]))


def _sound(data: AnswerData) -> SoundFigures | None:
    if data.levels is None:
        return None
    moving, window_s = column_of(data, "mouth_moving_share"), MEASURES["mouth_moving"].window_s
    assert window_s is not None
    mouth = None if np.isnan(moving).all() else MouthMovement(data.rows.time_s, moving, window_s)
    return sound_figures(data.levels, data.length_s, mouth)


def _mean(data: AnswerData, values: Floats) -> float | None:
    """Over the measured seconds; None where they are too little of the answer."""
    known = ~np.isnan(values)
    known_s = float(data.seconds[known].sum())
    if known_s <= 0 or known_s < ENOUGH_OF_WINDOW * data.length_s - 1e-6:
        return None
    return float(values[known] @ data.seconds[known]) / known_s


def _basis(data: AnswerData, figure: str, value: float | None) -> str:
    measure = MEASURES[_MEASURE_OF[figure]]
    if value is not None:
        own = data.calibration
        if figure == "expressiveness":
            is_own = own is not None and own.has(CalibrationPart.REST)
            return CALIBRATED if is_own else NOT_CALIBRATED
        if not measure.needs:
            return ""
        return CALIBRATED if measure.is_calibrated(own) else NOT_CALIBRATED
    if not data.rows.usable.any():
        return TOO_LITTLE
    why = why_empty(measure, data.rows)
    names, counts = np.unique(why.astype(str), return_counts=True)
    return str(names[counts.argmax()])
