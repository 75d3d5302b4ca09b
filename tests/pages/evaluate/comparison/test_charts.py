"""Comparisons as figures."""

from __future__ import annotations

import numpy as np
import pytest

from core.domain import Interval
from core.evaluation.comparison.compare import compare_models
from core.evaluation.comparison.published_results import (
    OwnFigure,
    with_own_results,
    without_own_results,
)
from core.evaluation.comparison.report import Comparison
from pages.parts.evaluate.comparison.charts import class_forest, published_chart, trade_off
from tests.evaluations_on_disk import make_compared_model

COUNT = 1400


def compared() -> Comparison:
    """Two models: one fails on half of angry, the other on half of happy."""
    right = np.ones(COUNT, dtype=bool)
    truth = make_compared_model("any", right).answers.labels
    half = np.arange(COUNT) % 2 == 0
    return compare_models(
        "Test",
        [
            make_compared_model("a", (truth != 0) | half),
            make_compared_model("b", (truth != 3) | half),
        ],
    )


def test_the_forest_tells_who_is_better_by_side_colour_and_shape() -> None:
    figure = class_forest(compared().pair("a", "b"))
    traces = {one.name: one for one in figure.data}
    assert set(traces) == {"a is better", "b is better", "Tie"}
    assert list(traces["a is better"].y) == ["Happy"]
    assert min(traces["a is better"].x) > 0 > max(traces["b is better"].x)
    assert len({one.marker.symbol for one in figure.data}) == 3
    assert len(traces["Tie"].y) == 5


def test_every_point_of_the_forest_has_its_interval() -> None:
    for trace in class_forest(compared().pairs[0]).data:
        assert len(trace.error_x.array) == len(trace.x)
        assert all(one >= 0 for one in (*trace.error_x.array, *trace.error_x.arrayminus))


def test_the_front_is_joined_and_the_others_are_rings() -> None:
    found = compared()
    best = found.ranking[0].name
    other = found.ranking[1].name
    figure = trade_off(found.ranking, {best: 1.0, other: 2.0}, "Milliseconds a picture")
    line, points = figure.data
    assert list(line.x) == [1.0], "the other costs more and is no better"
    assert list(points.text) == [best, other]
    assert list(points.marker.symbol) == ["circle", "circle-open"]


def test_a_model_without_a_cost_is_left_out() -> None:
    found = compared()
    figure = trade_off(found.ranking, {"a": 3.0}, "Weights")
    assert list(figure.data[1].text) == ["a"]


@pytest.mark.parametrize(("costs", "kind"), [((1.0, 2.0), "linear"), ((1.0, 100.0), "log")])
def test_costs_far_apart_have_an_axis_that_shows_both(
    costs: tuple[float, float], kind: str
) -> None:
    figure = trade_off(compared().ranking, dict(zip("ab", costs, strict=True)), "Weights")
    assert figure.layout.xaxis.type == kind


def test_our_interval_lies_as_a_band_over_all_published_figures() -> None:
    ours = OwnFigure("ours", Interval(0.70, 0.685, 0.715), None)
    figure = published_chart(with_own_results(ours), ours)
    (band,) = figure.layout.shapes
    assert (band.x0, band.x1) == pytest.approx((68.5, 71.5))
    assert sum(len(one.x) for one in figure.data) == 11
    assert not published_chart(without_own_results(), None).layout.shapes
