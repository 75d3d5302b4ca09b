"""The charts of a report."""

from __future__ import annotations

from core.domain import Interval
from core.domain.palette import NOT_SURE_COLOUR, looks_of
from core.evaluation.comparison.published_results import Mark
from core.evaluation.report.content import FullReport
from core.evaluation.report.svg_chart import FRACTION, Chart, Field, Line, Scale, ticks_between
from core.evaluation.robustness.corruptions import CORRUPTIONS

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
_DOUBTED = {Mark.CHOSEN_ON_TEST, Mark.LOOK_FOR_A_LEAK, Mark.NOT_CREDIBLE}


def legend(report: FullReport) -> list[Line]:
    """A sample of each class's line."""
    return [_line(report, label, "M0 4H28") for label in _labels(report)]


def _line(report: FullReport, label: str, path: str) -> Line:
    look = looks_of(_labels(report))[label]
    return Line(label, path, look.colour, _DASHES[look.dash])


def _labels(report: FullReport) -> list[str]:
    return [one.label for one in report.first.scores.curves]


def roc_chart(report: FullReport) -> Chart:
    """One curve a class."""
    field = Field(
        Scale(0, 1, FRACTION, "False positive rate", is_percent=True),
        Scale(0, 1, FRACTION, "True positive rate", is_percent=True),
    )
    lines = [
        _line(report, one.label, field.path(one.false_positive_rate, one.true_positive_rate))
        for one in report.first.scores.curves
    ]
    return field.chart("ROC curves of the classes", lines, with_diagonal=True)


def precision_chart(report: FullReport) -> Chart:
    """One curve a class."""
    field = Field(
        Scale(0, 1, FRACTION, "Recall", is_percent=True),
        Scale(0, 1, FRACTION, "Precision", is_percent=True),
    )
    lines = [
        _line(report, one.label, field.path(one.recall, one.precision))
        for one in report.first.scores.curves
    ]
    return field.chart("Precision-recall curves of the classes", lines)


def reliability_chart(report: FullReport) -> Chart:
    """How often right, by how sure; on the diagonal confidence means what it says."""
    field = Field(
        Scale(0, 1, FRACTION, "Confidence", is_percent=True),
        Scale(0, 1, FRACTION, "Accuracy", is_percent=True),
    )
    points = [
        field.upright(one.confidence, one.accuracy) for one in report.first.scores.reliability.bins
    ]
    return field.chart("Accuracy by confidence", points=points, with_diagonal=True)


def risk_chart(report: FullReport) -> Chart:
    """Errors among the pictures that are answered, by how many are."""
    told = report.first.scores.selective
    top = max(0.05, float(told.risk.max()), 1 - report.first.figures.accuracy.low)
    field = Field(
        Scale(0, 1, FRACTION, "Coverage (answered)", is_percent=True),
        Scale(0, top, ticks_between(0, top), "Error rate when answered", is_percent=True),
    )
    lines = [Line("", field.path(told.coverage, told.risk))]
    points = []
    if told.accuracy_answered is not None:
        wrong = told.accuracy_answered
        flipped = Interval(1 - wrong.value, 1 - wrong.high, 1 - wrong.low)
        points.append(field.upright(told.answered.value, flipped))
    return field.chart("Risk-coverage curve", lines, points)


def class_chart(report: FullReport) -> Chart:
    """Recall and precision of each class with their intervals: full and open points."""
    rows = report.first.figures.per_class[::-1]
    field = Field(
        Scale(0, 1, FRACTION, "Filled: recall. Open: precision.", is_percent=True),
        Scale(-0.6, len(rows) - 0.4, (), ""),
        width_px=_WIDE_PX,
        height_px=50 + _ROW_PX * len(rows),
        left_px=100,
    )
    points = []
    for at, row in enumerate(rows):
        if row.recall is not None:
            points.append(field.lying(row.recall, at + 0.16))
        if row.precision is not None:
            points.append(field.lying(row.precision, at - 0.16, NOT_SURE_COLOUR, is_open=True))
    title = "Recall and precision of the classes"
    return field.chart(title, points=points, rows=[row.label for row in rows])


def published_chart(report: FullReport) -> Chart | None:
    """Every published figure, and ours with its interval; doubted ones are open and grey."""
    if not report.published:
        return None
    told = report.published
    low = min(line.interval.low if line.interval else line.accuracy for line in told) - 0.01
    high = max(line.interval.high if line.interval else line.accuracy for line in told) + 0.01
    field = Field(
        Scale(low, high, ticks_between(low, high), "Accuracy on PrivateTest", is_percent=True),
        Scale(-0.6, len(told) - 0.4, (), ""),
        width_px=_WIDE_PX,
        height_px=50 + _ROW_PX * len(told),
        left_px=_NAMES_PX,
    )
    points = []
    for at, line in enumerate(told):
        found = line.interval
        if found is None:
            is_doubted = line.mark in _DOUBTED
            alone = Interval(line.accuracy, line.accuracy, line.accuracy)
            points.append(field.lying(alone, at, NOT_SURE_COLOUR, is_open=is_doubted))
        else:
            points.append(field.lying(found, at))
    return field.chart(
        "Published figures and ours", points=points, rows=[line.name for line in told]
    )


def history_chart(report: FullReport) -> Chart | None:
    """Accuracy on the choosing split, epoch by epoch; None where that was not kept."""
    told = [one for one in report.history if "accuracy_chooses" in one.metrics]
    if len(told) < 2:
        return None
    values = [one.metrics["accuracy_chooses"] for one in told]
    low, high = min(values) - 0.02, max(values) + 0.02
    last = max(one.epoch for one in told)
    field = Field(
        Scale(1, last, ticks_between(1, last), "Epoch"),
        Scale(low, high, ticks_between(low, high), "Validation accuracy", is_percent=True),
        width_px=_WIDE_PX,
        height_px=220,
    )
    path = field.path([one.epoch for one in told], values)
    return field.chart("Accuracy by epoch", [Line("", path)])


def condition_charts(report: FullReport) -> list[tuple[str, Chart]]:
    """Accuracy along the levels of each condition, all on one scale, with its title."""
    told = report.conditions
    if told is None:
        return []
    high = min(1.0, told.clean.accuracy.high + 0.03)
    charts = []
    for curve in told.curves:
        known = CORRUPTIONS.get(curve.name)
        levels = len(curve.points)
        field = Field(
            Scale(-0.3, levels + 0.3, tuple(range(levels + 1)), "Level"),
            Scale(0, high, ticks_between(0, high, most=4), "", is_percent=True),
            width_px=220,
            height_px=150,
        )
        points = [told.clean, *curve.points]
        path = field.path(range(levels + 1), [one.accuracy.value for one in points])
        marks = [field.upright(at, one.accuracy) for at, one in enumerate(points)]
        title = curve.name if known is None else known.title
        charts.append((title, field.chart(f"Accuracy by level: {title}", [Line("", path)], marks)))
    return charts
