"""Series of nods in an answer."""

from __future__ import annotations

from core.measures import MEASURES
from core.practice.answers.answer_data import AnswerData
from core.practice.answers.spans import Span, spans_where

BRIDGE_S = 1.0
"""Nods that follow within this are one series."""

_EVERY_S = 0.5  # a row's value is that of its half second


def nod_series(data: AnswerData) -> tuple[Span, ...]:
    """The series of nods of an answer; none where fewer than ten rows a second were analysed.

    A row tells of the window of two seconds before its half second. A series lasts from the middle
    of its first window to the middle of its last one.
    """
    measure = MEASURES["head_gestures"]
    assert measure.compute is not None
    assert measure.window_s is not None
    nods = measure.compute(data.rows, data.calibration).nod
    found = spans_where(data.rows.time_s, data.seconds, nods, least_s=0.0, bridge_s=BRIDGE_S)
    half_s = measure.window_s / 2
    return tuple(
        Span(
            max(0.0, one.begins_s - half_s),
            max(0.0, one.begins_s - half_s, one.ends_s - half_s - _EVERY_S),
            one.held_s,
        )
        for one in found
    )
