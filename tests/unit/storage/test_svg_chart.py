"""Charts for paper: values become pixels, and stay inside."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.storage.svg_chart import FRACTION, Axis, Line, PlotArea, ticks_between

SCALE = Axis(0.0, 1.0, FRACTION, "Share", is_percent=True)
FIELD = PlotArea(SCALE, SCALE, width_px=200, height_px=150)


def test_the_ends_of_a_scale_are_the_edges_of_the_field() -> None:
    chart = FIELD.chart("Shares")
    assert (FIELD.x_px(0), FIELD.x_px(1)) == (chart.left_px, chart.right_px)
    assert (FIELD.y_px(0), FIELD.y_px(1)) == (chart.bottom_px, chart.top_px)
    assert [tick.label for tick in chart.x_ticks] == ["0 %", "25 %", "50 %", "75 %", "100 %"]


@given(value=st.floats(-5, 5))
def test_nothing_is_drawn_outside(value: float) -> None:
    chart = FIELD.chart("Shares")
    assert chart.left_px <= FIELD.x_px(value) <= chart.right_px
    assert chart.top_px <= FIELD.y_px(value) <= chart.bottom_px


def test_a_gap_in_values_is_a_gap_in_the_line() -> None:
    path = FIELD.path([0, 0.5, 0.75, 1], [0, math.nan, 0.5, 1])
    assert path.count("M") == 2
    assert path.count("L") == 1


def test_rows_take_the_place_of_ticks() -> None:
    chart = FIELD.chart("Rows", [Line("", "M0 0")], rows=["first", "second"])
    assert [tick.label for tick in chart.y_ticks] == ["first", "second"]
    assert FIELD.chart("Diagonal", with_diagonal=True).diagonal.startswith("M")


@given(low=st.floats(-100, 100), span=st.floats(0.001, 1000))
def test_ticks_are_few_round_and_inside(low: float, span: float) -> None:
    high = low + span
    found = ticks_between(low, high)
    assert 1 <= len(found) <= 7
    assert all(low - 1e-6 <= one <= high + 1e-6 for one in found)
    assert list(found) == sorted(found)


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 0.31, (0, 0.1, 0.2, 0.3)),
        (1, 60, (10, 20, 30, 40, 50, 60)),
        (3, 3, (3,)),
    ],
)
def test_ticks_are_those_a_person_would_choose(
    low: float, high: float, ticks: tuple[float, ...]
) -> None:
    assert ticks_between(low, high) == pytest.approx(ticks)
