"""Figures about answers are drawn from their values, and say nothing where there is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from core.domain.intervals import Interval
from core.practice import BY_NAME, Agreement, ComparedMeasure, DailyMean, NoCorrelation, TryFigure
from core.practice.comparison import Difference
from pages.parts.practice import answer_charts
from pages.parts.practice.over_days import agreement_text
from pages.parts.practice.tries import verdict_text

FACING = BY_NAME["facing_share"]


def _compared(change: Interval | None, *, same_basis: bool = True) -> ComparedMeasure:
    tries = (TryFigure(0.8, Interval(0.8, 0.6, 0.95)), TryFigure(None))
    found = None if change is None else Difference(change)
    return ComparedMeasure(FACING, tries, found, same_basis)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Interval(0.1, -0.1, 0.3), "no clear difference [-10, +30] points"),
        (Interval(0.2, 0.1, 0.3), "higher by [+10, +30] points"),
        (Interval(-0.2, -0.3, -0.1), "lower by [-30, -10] points"),
        (None, "too short to compare"),
    ],
    ids=["tie", "higher", "lower", "short"],
)
def test_a_verdict_names_the_interval_of_the_difference(
    change: Interval | None, words: str
) -> None:
    assert verdict_text(_compared(change)) == words


def test_only_one_calibrated_try_is_said() -> None:
    assert verdict_text(_compared(None, same_basis=False)).startswith("cannot be compared")


def test_a_try_without_a_value_is_an_empty_row_and_whiskers_are_the_interval() -> None:
    figure = answer_charts.tries_chart(_compared(None), [1, 3])
    (points,) = figure.data
    assert list(points.y) == ["Try 1", "Try 3"]
    assert points.x[0] == 80.0
    assert np.isnan(points.x[1])
    assert points.error_x.array == pytest.approx((15.0, 0.0))
    assert points.error_x.arrayminus == pytest.approx((20.0, 0.0))


def test_each_answer_is_a_point_and_each_day_a_mean_with_its_number() -> None:
    days = [DailyMean(date(2026, 11, 21), 0.5, 2), DailyMean(date(2026, 11, 23), 0.7, 1)]
    points = [("2026-11-21", 0.4), ("2026-11-21", 0.6), ("2026-11-23", 0.7)]
    figure = answer_charts.days_chart(FACING, points, days)
    answers, means = figure.data
    assert list(answers.y) == [40.0, 60.0, 70.0]
    assert list(means.y) == [50.0, 70.0]
    assert list(means.customdata) == [2, 1]
    assert list(figure.layout.xaxis.ticktext) == ["21 Nov\nn = 2", "23 Nov\nn = 1"]


def test_agreement_is_worded_with_its_interval_or_why_there_is_none() -> None:
    found = Agreement(12, Interval(-0.4, -0.8, 0.2))
    assert agreement_text(found) == "rho = -0.40, 95 % CI [-0.80, +0.20], n = 12"
    few = Agreement(7, why_none=NoCorrelation.TOO_FEW)
    assert "Too few to say: 7 answers" in agreement_text(few)
    same = replace(few, pairs=9, why_none=NoCorrelation.NO_SPREAD)
    assert "nothing can be said" in agreement_text(same)
