"""Series of nods in an answer."""

from __future__ import annotations

import numpy as np

from core.measures import MEASURES
from core.practice.answers.answer_data import AnswerData
from core.practice.answers.spans import Span, spans_where

BRIDGE_S = 1.0
"""Nods that follow within this are one series."""


def nod_series(data: AnswerData) -> tuple[Span, ...]:
    """The series of nods of an answer; none where fewer than ten rows a second were analysed.

    A row tells of the window of two seconds before it: a series begins with its first window.
    """
    measure = MEASURES["head_gestures"]
    assert measure.compute is not None
    assert measure.window_s is not None
    nods = measure.compute(data.rows, data.calibration).nod
    found = spans_where(data.rows.time_s, data.seconds, nods, least_s=0.0, bridge_s=BRIDGE_S)
    return tuple(
        Span(float(np.maximum(0.0, one.begins_s - measure.window_s)), one.ends_s, one.held_s)
        for one in found
    )
