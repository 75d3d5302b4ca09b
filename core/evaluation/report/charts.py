"""The charts of a report."""

from __future__ import annotations

from core.domain import Interval
from core.domain.palette import NOT_SURE_COLOUR, label_styles
from core.evaluation.comparison.published_results import Mark
from core.evaluation.report.content import FullReport
from core.evaluation.robustness.corruptions import CORRUPTIONS
from core.storage.svg_chart import FRACTION, Axis, Chart, Line, PlotArea, ticks_between

_WIDE_PX, _ROW_PX, _NAMES_PX = 680, 24, 190
# Line styles of the palette, as an SVG writes them.
_DASHES = {
    "solid": "",
    "dash": "6 3",
    "dot": "2 3",
    "dashdot": "8 3 2 3",
    "longdash": "11 4",
    "longdashdot": "11 3 2 3",
}
_LOW_CREDIBILITY = {Mark.CHOSEN_ON_TEST, Mark.POSSIBLE_LEAK, Mark.NOT_CREDIBLE}


def legend(report: FullReport) -> list[Line]:
    """A sample of each class's line."""
    return [_line(report, label, "M0 4H28") for label in _labels(report)]


def _line(report: FullReport, label: str, path: str) -> Line:
    look = label_styles(_labels(report))[label]
    return Line(label, path, look.colour, _DASHES[look.dash])


def _labels(report: FullReport) -> list[str]:
    return [one.label for one in report.first.scores.curves]


def roc_chart(report: FullReport) -> Chart:
    """One curve a class."""
    plot = PlotArea(
        Axis(0, 1, FRACTION, "False positive rate", is_percent=True),
        Axis(0, 1, FRACTION, "True positive rate", is_percent=True),
    )
    lines = [
        _line(report, one.label, plot.path(one.false_positive_rate, one.true_positive_rate))
        for one in report.first.scores.curves
    ]
    return plot.chart("ROC curves of the classes", lines, with_diagonal=True)


def precision_chart(report: FullReport) -> Chart:
    """One curve a class."""
    plot = PlotArea(
        Axis(0, 1, FRACTION, "Recall", is_percent=True),
        Axis(0, 1, FRACTION, "Precision", is_percent=True),
    )
    lines = [
        _line(report, one.label, plot.path(one.recall, one.precision))
        for one in report.first.scores.curves
    ]
    return plot.chart("Precision-recall curves of the classes", lines)


def reliability_chart(report: FullReport) -> Chart:
    """Accuracy by confidence; on the diagonal the model is calibrated."""
    plot = PlotArea(
        Axis(0, 1, FRACTION, "Confidence", is_percent=True),
        Axis(0, 1, FRACTION, "Accuracy", is_percent=True),
    )
    points = [
        plot.vertical(one.confidence, one.accuracy) for one in report.first.scores.reliability.bins
    ]
    return plot.chart("Accuracy by confidence", points=points, with_diagonal=True)


def risk_chart(report: FullReport) -> Chart:
    """Error rate when answered, by coverage."""
    selective = report.first.scores.selective
    top = max(0.05, float(selective.risk.max()), 1 - report.first.figures.accuracy.low)
    plot = PlotArea(
        Axis(0, 1, FRACTION, "Coverage (answered)", is_percent=True),
        Axis(0, top, ticks_between(0, top), "Error rate when answered", is_percent=True),
    )
    lines = [Line("", plot.path(selective.coverage, selective.risk))]
    points = []
    if selective.accuracy_answered is not None:
        accuracy = selective.accuracy_answered
        error_rate = Interval(1 - accuracy.value, 1 - accuracy.high, 1 - accuracy.low)
        points.append(plot.vertical(selective.answered.value, error_rate))
    return plot.chart("Risk-coverage curve", lines, points)


def class_chart(report: FullReport) -> Chart:
    """Recall (filled points) and precision (open points) of each class with their intervals."""
    rows = report.first.figures.per_class[::-1]
    plot = PlotArea(
        Axis(0, 1, FRACTION, "Filled: recall. Open: precision.", is_percent=True),
        Axis(-0.6, len(rows) - 0.4, (), ""),
        width_px=_WIDE_PX,
        height_px=50 + _ROW_PX * len(rows),
        left_px=100,
    )
    points = []
    for at, row in enumerate(rows):
        if row.recall is not None:
            points.append(plot.horizontal(row.recall, at + 0.16))
        if row.precision is not None:
            points.append(plot.horizontal(row.precision, at - 0.16, NOT_SURE_COLOUR, is_open=True))
    title = "Recall and precision of the classes"
    return plot.chart(title, points=points, rows=[row.label for row in rows])


def published_chart(report: FullReport) -> Chart | None:
    """Published figures, and ours with its interval; those of low credibility are open points."""
    if not report.published:
        return None
    lines = report.published
    low = min(line.interval.low if line.interval else line.accuracy for line in lines) - 0.01
    high = max(line.interval.high if line.interval else line.accuracy for line in lines) + 0.01
    plot = PlotArea(
        Axis(low, high, ticks_between(low, high), "Accuracy on PrivateTest", is_percent=True),
        Axis(-0.6, len(lines) - 0.4, (), ""),
        width_px=_WIDE_PX,
        height_px=50 + _ROW_PX * len(lines),
        left_px=_NAMES_PX,
    )
    points = []
    for at, line in enumerate(lines):
        found = line.interval
        if found is None:
            is_open = line.mark in _LOW_CREDIBILITY
            point = Interval(line.accuracy, line.accuracy, line.accuracy)
            points.append(plot.horizontal(point, at, NOT_SURE_COLOUR, is_open=is_open))
        else:
            points.append(plot.horizontal(found, at))
    return plot.chart(
        "Published figures and ours", points=points, rows=[line.name for line in lines]
    )


def history_chart(report: FullReport) -> Chart | None:
    """Validation accuracy by epoch; None where the history was not stored."""
    epochs = [one for one in report.history if "val_accuracy" in one.metrics]
    if len(epochs) < 2:
        return None
    values = [one.metrics["val_accuracy"] for one in epochs]
    low, high = min(values) - 0.02, max(values) + 0.02
    last = max(one.epoch for one in epochs)
    plot = PlotArea(
        Axis(1, last, ticks_between(1, last), "Epoch"),
        Axis(low, high, ticks_between(low, high), "Validation accuracy", is_percent=True),
        width_px=_WIDE_PX,
        height_px=220,
    )
    path = plot.path([one.epoch for one in epochs], values)
    return plot.chart("Accuracy by epoch", [Line("", path)])


def corruption_charts(report: FullReport) -> list[tuple[str, Chart]]:
    """Accuracy by level of each corruption, all on one scale, with its title."""
    robustness = report.robustness
    if robustness is None:
        return []
    high = min(1.0, robustness.clean.accuracy.high + 0.03)
    charts = []
    for curve in robustness.curves:
        known = CORRUPTIONS.get(curve.name)
        levels = len(curve.points)
        plot = PlotArea(
            Axis(-0.3, levels + 0.3, tuple(range(levels + 1)), "Level"),
            Axis(0, high, ticks_between(0, high, most=4), "", is_percent=True),
            width_px=220,
            height_px=150,
        )
        points = [robustness.clean, *curve.points]
        path = plot.path(range(levels + 1), [one.accuracy.value for one in points])
        marks = [plot.vertical(at, one.accuracy) for at, one in enumerate(points)]
        title = curve.name if known is None else known.title
        charts.append((title, plot.chart(f"Accuracy by level: {title}", [Line("", path)], marks)))
    return charts
