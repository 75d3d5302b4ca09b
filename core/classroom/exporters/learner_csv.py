"""What one learner shared and said, for this learner to keep."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

import numpy as np

from core.domain.classroom import Classroom, ClassSeconds, Flag, Learner, Shared
from core.storage.csv_table import Cell, csv_bytes

_COLUMNS: dict[Shared, tuple[str, ...]] = {
    Shared.PRESENT: ("measured", "usable", "present"),
    Shared.FACING: ("facing",),
    Shared.ENGAGEMENT: ("facing", "eyes_open", "expression"),
}
"""What is shared -> columns of `ClassSeconds`."""


def learner_csv(
    classroom: Classroom, learner: Learner, seconds: ClassSeconds, flags: Sequence[Flag]
) -> bytes:
    """A row for each second that this learner shared and for each flag, in order of time: of this
    learner alone, whoever's rows are given.

    Columns: `t_s`, seconds since the class was opened; `time_utc`; `said`, the flag, and `words` of
    a question; and what the class shares, as shares of the second (`ClassSeconds`); empty where not
    measured. `score_` and a label: mean score of the model.
    """
    columns = shared_columns(classroom)
    scores = [f"score_{label}" for label in classroom.labels]
    rows = [*_seconds(seconds, learner.number, columns), *_flags(flags, learner.number)]
    rows.sort(key=lambda one: one[0])
    blank: list[Cell] = [None] * (len(columns) + len(scores))
    return csv_bytes(
        ["t_s", "time_utc", "said", "words", *columns, *scores],
        (
            [time_s, _time(classroom, time_s), said, words, *(values or blank)]
            for time_s, said, words, values in rows
        ),
    )


def shared_columns(classroom: Classroom) -> tuple[str, ...]:
    """Names of the columns that a class shares, without scores."""
    names = [name for one in classroom.shared for name in _COLUMNS.get(one, ())]
    return tuple(dict.fromkeys(names))


_Row = tuple[float, str | None, str | None, list[Cell]]


def _seconds(seconds: ClassSeconds, number: int, columns: Sequence[str]) -> Iterator[_Row]:
    own = seconds.rows(seconds.learner == number)
    for at, second in enumerate(own.second.tolist()):
        values = [*(getattr(own, name)[at] for name in columns), *own.scores[at]]
        yield float(second), None, None, [_cell(float(one)) for one in values]


def _flags(flags: Sequence[Flag], number: int) -> Iterator[_Row]:
    for one in flags:
        if one.learner == number:
            yield one.time_s, one.kind.value, one.words or None, []


def _cell(value: float) -> float | None:
    return None if np.isnan(value) else round(value, 4)


def _time(classroom: Classroom, time_s: float) -> str:
    return (classroom.opened_at + timedelta(seconds=time_s)).isoformat(timespec="milliseconds")
