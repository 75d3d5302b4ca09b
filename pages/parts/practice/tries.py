"""Tries at the same question, side by side."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from core.domain.counted import interval_ends
from core.domain.practice import Attempt, AttemptOutcome, Practice
from core.practice import (
    FEWEST_SECONDS,
    FRACTION,
    RANGES,
    RATING,
    ComparedMeasure,
    TryFigure,
    attempts_of,
    compared_tries,
)
from pages.parts.practice import answer_charts, cached
from pages.parts.sessions.cached import store
from pages.parts.shell import charts as shell_charts
from pages.parts.shell.theme import plain

_SEED = 20261121
"""Fixed: the same tries give the same intervals each time they are looked at."""

_CHART_PX = 260
_TOO_SHORT = "too short to compare"


def draw_tries(practice: Practice, attempt: Attempt) -> None:
    """The tries at the question of this one whose figures were shown; nothing for a single one.

    Raises:
        StoreError, UnknownPractice.
    """
    attempts = tuple(
        one
        for one in attempts_of(store(), practice.id)
        if one.question_index == attempt.question_index
        and one.outcome is AttemptOutcome.ANSWERED
        and one.revealed_at is not None
        and one.parts
    )
    if len(attempts) < 2:
        return
    compared = compared_tries(cached.measured_all(attempts), np.random.default_rng(_SEED))
    st.markdown(
        "**Your tries at this question**",
        help="In brackets are 95 % intervals: block bootstrap over the seconds of an answer. Each "
        "verdict is of one measure alone; of several, one may differ by chance.",
    )
    numbers = [one.number for one in attempts]
    st.table(_table(compared, numbers))  # wraps its cells: a telephone shows every try
    if any(verdict_text(one) == _TOO_SHORT for one in compared):
        st.caption(
            f"{_TOO_SHORT.capitalize()}: {FEWEST_SECONDS} measured seconds are needed in each try."
        )
    with st.container(horizontal=True):
        for one in compared:
            if any(figure.interval is not None for figure in one.tries):
                with st.container(width=_CHART_PX, gap=None):
                    st.markdown(plain(one.measure.title), help=plain(one.measure.limits))
                    figure = answer_charts.tries_chart(one, numbers)
                    st.plotly_chart(
                        shell_charts.escape_figure(figure),
                        config=shell_charts.CONFIG,
                        key=f"tries-{one.measure.name}-{attempt.id}",
                    )


def _table(compared: tuple[ComparedMeasure, ...], numbers: list[int]) -> pd.DataFrame:
    columns: dict[str, list[str]] = {}
    for at, number in enumerate(numbers):
        columns[f"Try {number}"] = [_figure_text(one, one.tries[at]) for one in compared]
    last_first = f"Try {numbers[-1]} against try {numbers[0]}"
    columns[last_first] = [verdict_text(one) for one in compared]
    cells = {name: [plain(one) for one in column] for name, column in columns.items()}
    index = pd.Index([plain(one.measure.title) for one in compared], name="Measure")
    return pd.DataFrame(cells, index=index)


def _figure_text(compared: ComparedMeasure, figure: TryFigure) -> str:
    words = compared.measure.written(figure.value)
    if figure.interval is None:
        return words
    scale, digits = _scale(compared)
    found = figure.interval
    return f"{words} {interval_ends(found.low * scale, found.high * scale, f'.{digits}f')}"


def verdict_text(compared: ComparedMeasure) -> str:
    """Whether the last try differs from the first, in words."""
    if not compared.measure.series:
        return "your own view, no interval" if compared.measure.unit == RATING else "no interval"
    if not compared.same_basis:
        return "cannot be compared: only one was calibrated"
    if compared.difference is None:
        return _TOO_SHORT
    change = compared.difference.change
    scale, digits = _scale(compared)
    ends = interval_ends(change.low * scale, change.high * scale, f"+.{digits}f")
    ends = f"{ends} {'points' if scale == 100 else compared.measure.unit}"
    if compared.difference.is_tie:
        return f"no clear difference {ends}"
    return f"{'higher' if change.value > 0 else 'lower'} by {ends}"


def _scale(compared: ComparedMeasure) -> tuple[int, int]:
    """What values are multiplied by on screen, and digits."""
    return (100, 0) if compared.measure.unit in {FRACTION, RANGES} else (1, 2)
