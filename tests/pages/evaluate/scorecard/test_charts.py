"""Figures of an evaluation as Plotly figures."""

from __future__ import annotations

import numpy as np
import pytest

from core.domain import FER7
from core.evaluation.scorecard.scorecard_metrics import figures_of, score_figures_of
from pages.parts.evaluate.scorecard import charts
from tests.evaluations_on_disk import make_answers, some_right

ANSWERS = make_answers(some_right(300, seed=2), sure=1.5)
FIGURES = figures_of(ANSWERS)
SCORES = score_figures_of(ANSWERS, temperature=1.0, not_sure_below=0.4)


@pytest.mark.parametrize(
    ("by", "axis"), [("Rows", 1), ("Columns", 0), ("Counts", 1)], ids=["rows", "columns", "counts"]
)
def test_the_matrix_is_coloured_by_shares_of_the_truth_or_of_what_was_said(
    by: str, axis: int
) -> None:
    drawn = charts.confusion(FIGURES, by=by).data[0]
    assert np.allclose(np.asarray(drawn.z).sum(axis=axis), 100, atol=0.5)
    assert np.asarray(drawn.customdata).sum() == 300


def test_counts_are_written_as_counts_and_shares_as_percent() -> None:
    def middle(by: str) -> str:
        """What is written where happy is taken for happy."""
        cells = charts.confusion(FIGURES, by=by).layout.annotations
        return next(one.text for one in cells if (one.x, one.y) == (3, 3))

    assert middle("Counts") == f"{FIGURES.counts[3, 3]:,}"
    assert middle("Rows").endswith(" %")


def test_every_class_has_three_points_with_their_intervals() -> None:
    drawn = charts.class_bars(FIGURES.per_class).data
    assert [one.name for one in drawn] == ["Precision", "Recall", "F1"]
    for one in drawn:
        assert len(one.x) == len(FER7)
        assert min(one.error_x.array) >= 0
        assert min(one.error_x.arrayminus) >= 0


def test_a_class_that_was_never_said_has_no_precision_to_draw() -> None:
    two = make_answers(some_right(50, seed=1))
    silent = np.where(two.labels == 1, 0, two.labels)
    figures = figures_of(
        type(two)(two.digests, silent, np.eye(7, dtype=np.float32)[silent], two.classes)
    )
    precision, recall, _ = charts.class_bars(figures.per_class).data
    assert len(precision.x) == len(recall.x) == 6


def test_each_curve_is_named_with_its_area() -> None:
    lines = charts.roc(SCORES.curves).data[1:]
    assert len(lines) == 7
    assert lines[0].name == f"Angry {SCORES.curves[0].auc.value:.3f}"
    names = [one.name for one in charts.precision_recall(SCORES.curves).data]
    assert names[0] == f"Angry {SCORES.curves[0].average_precision.value:.3f}"


def test_reliability_has_a_bar_for_each_bin_that_holds_pictures() -> None:
    drawn = charts.reliability_diagram(SCORES.reliability).data[1]
    assert len(drawn.x) == len(SCORES.reliability.bins)
    assert all(0 <= y <= 100 for y in drawn.y)


def test_the_mark_of_not_sure_stands_where_answering_ends() -> None:
    drawn = charts.risk_coverage_curve(SCORES.selective)
    assert drawn.layout.shapes[0].x0 == round(SCORES.selective.answered.value * 100, 2)
    assert drawn.data[0].x[-1] == 100
