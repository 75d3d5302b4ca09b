"""Figures of drift; looked at as data, not as pixels."""

from __future__ import annotations

import numpy as np
import pytest

from core.drift import measure
from core.drift.quantity import Quantity
from pages.parts.drift import charts
from tests.drift_columns import OTHER_MIX, make_columns, make_reference


def report_of(**changed):
    return measure(make_reference(), make_columns(np.random.default_rng(5), 300, **changed))


def test_each_quantity_has_a_bar_and_a_mark_where_alarm_begins():
    report = report_of()
    bars, marks, values = charts.psi_bars(report).data
    assert len(bars.y) == len(marks.y) == len(values.y) == 9
    assert list(marks.x) == [one.threshold for one in report.quantities]


def test_every_bar_is_as_long_as_its_value_and_within_the_axis():
    report = report_of(times={"brightness": 0.2})
    figure = charts.psi_bars(report)
    assert list(figure.data[0].x) == [one.psi for one in report.quantities]
    assert max(figure.data[0].x) <= figure.layout.xaxis.range[1]
    assert figure.data[2].text[0] == f"{report.quantities[0].psi:.2f}"


def test_an_alarm_has_a_colour_of_its_own():
    colours = charts.psi_bars(report_of(times={"brightness": 0.5})).data[0].marker.color
    assert len(set(colours[1:])) == 1
    assert colours[0] != colours[1]


def test_reference_and_window_are_shares_in_the_same_bins():
    reference = make_reference().number(Quantity.BRIGHTNESS)
    assert reference is not None
    window_values = np.append(
        make_columns(np.random.default_rng(5), 300).numbers[Quantity.BRIGHTNESS], np.nan
    )
    before, now = charts.number_chart(reference, window_values).data
    assert list(before.x) == list(now.x)
    assert sum(before.y) == pytest.approx(100, abs=2)
    assert sum(now.y) == pytest.approx(100, abs=2)


def test_the_class_mix_is_shown_beside_the_reference():
    reference = make_reference().mix
    assert reference is not None
    columns_given = make_columns(np.random.default_rng(5), 300, mix=OTHER_MIX)
    before, now = charts.mix_chart(reference, np.append(columns_given.tops, -1)).data
    assert before.x[3] == now.x[3] == "Happy"
    assert now.y[3] > before.y[3] + 30
    assert sum(now.y) == pytest.approx(100, abs=1)


def test_figures_stay_transparent():
    figure = charts.psi_bars(report_of())
    assert figure.layout.paper_bgcolor == "rgba(0,0,0,0)"
