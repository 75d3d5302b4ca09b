"""What a board says about the course of a class: dips, alerts, and how firm its index is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from core.classroom.board.alerts import Alert, AlertKind, Dip, dips_of, flag_alerts
from core.classroom.board.quantities import INDEX_SCALE
from core.classroom.board.view import (
    FACING,
    INDEX,
    PART_FIGURES,
    PRESENT,
    WINDOW_S,
    FigureSeries,
)
from core.domain.classroom import Flag
from core.measures import (
    DEFAULT_WEIGHTS,
    IndexWindows,
    WeightSensitivity,
    weight_sensitivity,
)

WATCHED = (PRESENT, FACING, INDEX)
"""Figures whose dips are told."""


def all_dips(
    start_s: NDArray[np.int64], series: Mapping[str, FigureSeries]
) -> dict[str, tuple[Dip, ...]]:
    """Figure -> its dips, of figures that are there."""
    times = start_s.astype(np.float64)
    return {
        name: dips_of(times, of.value, of.high, scale=INDEX_SCALE if name == INDEX else 1.0)
        for name, of in series.items()
        if name in WATCHED
    }


def alerts_now(
    dips: Mapping[str, tuple[Dip, ...]],
    series: Mapping[str, FigureSeries],
    flags: Sequence[Flag],
    at_s: int,
) -> tuple[Alert, ...]:
    """Everything that holds now, oldest first."""
    found = [*flag_alerts(flags, at_s)]
    for name, all_of in dips.items():
        if all_of and all_of[-1].ends_s is None:
            dip, values = all_of[-1], series[name].value
            known = values[np.isfinite(values)]
            found.append(
                Alert(
                    AlertKind.DIP,
                    name,
                    None,
                    dip.begins_s,
                    usual=dip.usual,
                    value=float(known[-1]),
                )
            )
    return tuple(sorted(found, key=lambda one: one.since_s))


def sensitivity_of(
    start_s: NDArray[np.int64], series: Mapping[str, FigureSeries]
) -> WeightSensitivity | None:
    """How often the verdict of the index flips, window by window of the class."""
    if INDEX not in series:
        return None
    windows = IndexWindows(
        end_s=(start_s + WINDOW_S).astype(np.float64),
        parts={part: series[name].value for part, name in PART_FIGURES.items()},
        published=np.full(len(start_s), np.nan),
    )
    return weight_sensitivity(windows, DEFAULT_WEIGHTS)
