"""Boards of classes, for tests of what is drawn."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.classroom.board import (
    FACING,
    INDEX,
    PART_FIGURES,
    PRESENT,
    WINDOW_S,
    BoardView,
    ClassWindows,
    FigureSeries,
    FlagMinutes,
    LearnerCounts,
    Withheld,
)
from core.domain.classroom import SECOND_BY_SECOND, ClassMark, FlagKind, MarkKind, Shared

LABELS = ("angry", "happy", "neutral", "not sure")
NOBODY = LearnerCounts(0, 0, 0, 0, 0, 0, 0, 0)


def make_series(windows, *, level=0.7, scale=1.0, seed=1):
    """A figure that wanders around a level; of 24 learners."""
    rng = np.random.default_rng(seed)
    steps = rng.normal(0, 0.02, windows).cumsum()
    value = np.clip(level + steps, 0.05, 0.95) * scale
    low, high = np.clip(value - 0.12 * scale, 0, scale), np.clip(value + 0.12 * scale, 0, scale)
    return FigureSeries(np.full(windows, 24), value, low, high, (None,) * windows)


def withheld_between(series, first, last, why):
    """The same without a value from one window up to another."""
    hidden = np.zeros(len(series.value), dtype=bool)
    hidden[first:last] = True
    reasons = tuple(why if gone else one for gone, one in zip(hidden, series.withheld, strict=True))
    value, low, high = (
        np.where(hidden, np.nan, one) for one in (series.value, series.low, series.high)
    )
    return replace(series, value=value, low=low, high=high, withheld=reasons)


def _flags_of(windows):
    minutes = np.arange(-(-windows // 6))
    return {kind: minutes % (at + 3) for at, kind in enumerate(FlagKind)}


def make_view(windows=60, *, shared=SECOND_BY_SECOND, **changes):
    """A class of 26 learners, of whom two are not measured."""
    series = {PRESENT: make_series(windows, level=0.9, seed=1)}
    mix = {}
    if Shared.FACING in shared:
        series[FACING] = make_series(windows, level=0.7, seed=2)
    if Shared.ENGAGEMENT in shared:
        series[INDEX] = make_series(windows, level=0.6, scale=100.0, seed=3)
        series |= {name: make_series(windows, seed=4) for name in PART_FIGURES.values()}
    if Shared.EXPRESSIONS in shared:
        for at, label in enumerate(LABELS):
            mix[label] = make_series(windows, level=0.25, seed=5 + at)
    if windows > 20:
        series = {
            name: withheld_between(
                withheld_between(one, 8, 12, Withheld.NOT_MEASURED), 15, 18, Withheld.TOO_FEW
            )
            for name, one in series.items()
        }
    count = np.full(windows, 26)
    view = BoardView(
        at_s=windows * WINDOW_S,
        is_open=True,
        shared=shared,
        listed=frozenset(),
        smallest_group=5,
        counts=LearnerCounts(26, 22, 1, 1, 0, 1, 0, 1),
        windows=ClassWindows(np.arange(windows) * WINDOW_S, count, count - 2, count - 3),
        series=series,
        mix=mix,
        now={name: one.at(windows - 1) for name, one in series.items() if windows},
        mix_now={name: one.at(windows - 1) for name, one in mix.items() if windows},
        sensitivity=None,
        flags=FlagMinutes(_flags_of(windows), {kind: np.zeros(0) for kind in FlagKind}),
        hands=(),
        questions=(),
        dips={},
        alerts=(),
        marks=(ClassMark(70.0, MarkKind.SLIDE), ClassMark(200.0, MarkKind.TOPIC, "Light")),
        room=(),
        learners=(),
    )
    return replace(view, **changes)
