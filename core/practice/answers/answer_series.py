"""An answer second by second, for charts and files."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.measures import activity_of_seconds, binned_measure, tension_now
from core.practice.answers.answer_data import AnswerData
from core.practice.answers.answer_figures import column_of
from core.practice.answers.head_direction import head_direction

Floats = NDArray[np.float64]

TENTHS_PER_S = 10
"""Of levels of sound."""


@dataclass(frozen=True, eq=False)
class AnswerSeries:
    """One value for each second of an answer, each float64 `(n,)`; NaN where not measured.

    Attributes:
        time_s: middle of each second.
        usable: share of it in which the face was usable; NaN where nothing was recorded.
        facing: share of it with the head to the screen.
        expressiveness: activity, as in `AnswerFigures`.
        tension: mean, in SD above the own calm face.
        confident: probability that "confident" is shown, of the two; "stressed" is the rest.
        speaking: share of its measured tenths with speech; NaN without a microphone.
    """

    time_s: Floats
    usable: Floats
    facing: Floats
    expressiveness: Floats
    tension: Floats
    confident: Floats
    speaking: Floats

    @property
    def stressed(self) -> Floats:
        """Probability that "stressed" is shown."""
        return np.asarray(1.0 - self.confident)


def series_of(data: AnswerData) -> AnswerSeries:
    """The series of an answer; means over each second from 0 on, the last one perhaps shorter."""
    rows, own = data.rows, data.calibration
    columns = {
        "usable": rows.usable.astype(np.float64),
        "facing": head_direction(data).facing,
        "tension": tension_now(rows, own),
        "confident": column_of(data, "confident_share"),
    }
    if data.length_s <= 0:
        nothing = np.zeros(0)
        return AnswerSeries(nothing, *([nothing] * 6))
    binned = {
        name: binned_measure(rows, values, between_s=(0.0, data.length_s), step_s=1.0)
        for name, values in columns.items()
    }
    time_s = binned["usable"][0]
    found = activity_of_seconds(rows, own)
    expressiveness = np.full(len(time_s), np.nan)
    inside = found.second < len(time_s)
    expressiveness[found.second[inside]] = found.activity[inside]
    return AnswerSeries(
        time_s=time_s,
        expressiveness=expressiveness,
        speaking=_by_second(data.speech.spoken, len(time_s)),
        **{name: means for name, (_, means) in binned.items()},
    )


def _by_second(spoken: Floats, seconds: int) -> Floats:
    """The mean of the measured tenths of each second."""
    tenths = np.full(seconds * TENTHS_PER_S, np.nan)
    tenths[: len(spoken)] = spoken[: len(tenths)]
    rows = tenths.reshape(seconds, TENTHS_PER_S)
    known = (~np.isnan(rows)).sum(axis=1)
    means = np.full(seconds, np.nan)
    np.divide(np.nansum(rows, axis=1), known, out=means, where=known > 0)
    return means
