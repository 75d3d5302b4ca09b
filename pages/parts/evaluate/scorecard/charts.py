"""Figures of an evaluation -> Plotly figures. Pure: no screen, no state, no clock.

As those of `shell/charts.py`: transparent, text from the theme, no animation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.domain import Interval
from core.domain.palette import FACE_COLOURS, NOT_SURE_COLOUR
from core.domain.wording import percent_ends
from core.evaluation.metrics import ClassCurves, Reliability, RiskCoverage
from core.evaluation.scorecard import ClassFigures, ScorecardMetrics
from pages.parts.shell.charts import LEGEND_ABOVE, apply_style
from pages.parts.shell.theme import colour_of, dash_of, expression_word, percent

HEIGHT_PX = 340
_ACCENT = "#23807A"
_QUIET = "rgba(128,138,150,0.6)"
_CELL_PX, _MOST_PX = 46, 640
# Pale enough at its end for the theme's text, dark or light.
_HEAT = [[0.0, "rgba(35,128,122,0)"], [1.0, "rgba(35,128,122,0.65)"]]
_CLASS_ROW_PX = 58
_KINDS = ("Precision", "Recall", "F1")


def confusion(figures: ScorecardMetrics, *, by: str) -> go.Figure:
    """The confusion matrix: rows the labels, columns what the model predicted.

    Args:
        by: "Counts"; "Rows": shares of each label; "Columns": shares of each predicted class.
    """
    counts = figures.counts
    shares = _shares(counts, by)
    words = [expression_word(label) for label in figures.classes]
    figure = go.Figure(
        go.Heatmap(
            z=np.round(shares * 100, 1),
            x=words,
            y=words,
            zmin=0,
            zmax=100,
            customdata=counts,
            colorscale=_HEAT,
            showscale=False,
            xgap=2,
            ygap=2,
            hovertemplate="%{y}, predicted %{x}: %{customdata:,} pictures<extra></extra>",
        )
    )
    # No heatmap's own text: its colour would not follow the theme. All cells at once: Plotly copies
    # those there are for each one that is added.
    cells = [
        {"x": x, "y": y, "text": _cell(count, shares[y, x], by), "showarrow": False}
        for y, row in enumerate(counts.tolist())
        for x, count in enumerate(row)
    ]
    figure.update_layout(annotations=cells)
    height_px = min(_MOST_PX, 90 + _CELL_PX * len(words))
    apply_style(figure, height_px=height_px, l=84, r=8, t=44, b=8)
    figure.update_xaxes(side="top", showgrid=False, fixedrange=True, title_text="predicted")
    figure.update_yaxes(
        autorange="reversed", showgrid=False, fixedrange=True, automargin=True, title_text="label"
    )
    return figure


def class_bars(rows: Sequence[ClassFigures]) -> go.Figure:
    """Precision, recall and F1 of each class as points with their intervals."""
    figure = go.Figure()
    words = [expression_word(row.label) for row in rows]
    for at, kind in enumerate(_KINDS):
        values = [getattr(row, kind.lower()) for row in rows]
        known = [(place, one) for place, one in enumerate(values) if one is not None]
        # Side by side in one row: a number axis, whose ticks are the classes.
        figure.add_trace(
            go.Scatter(
                x=[round(one.value * 100, 1) for _, one in known],
                y=[place + (at - 1) * 0.22 for place, _ in known],
                name=kind,
                mode="markers",
                marker={
                    "size": 9,
                    "color": FACE_COLOURS[at],
                    "symbol": ("circle", "square", "diamond")[at],
                },
                error_x=_error_bars([one for _, one in known], FACE_COLOURS[at]),
                customdata=[[words[place], percent_ends(one)] for place, one in known],
                hovertemplate="%{customdata[0]}: %{x:.1f} % %{customdata[1]}",
            )
        )
    apply_style(figure, height_px=70 + _CLASS_ROW_PX * len(rows), l=84, r=28, t=32, b=28)
    figure.update_layout(legend=LEGEND_ABOVE)
    figure.update_xaxes(range=[0, 101], ticksuffix=" %", fixedrange=True)
    figure.update_yaxes(
        tickvals=list(range(len(rows))),
        ticktext=words,
        range=[len(rows) - 0.5, -0.5],
        showgrid=False,
        fixedrange=True,
    )
    return figure


def roc(curves: Sequence[ClassCurves]) -> go.Figure:
    """True against false positives at every threshold, one line a class."""
    figure = go.Figure()
    figure.add_trace(_guide([0, 1], [0, 1]))
    for one in curves:
        figure.add_trace(
            _line(one.false_positive_rate, one.true_positive_rate, one.label, one.auc.value, "AUC")
        )
    _style_lines(figure, [one.label for one in curves])
    return _square(figure, "False positive rate", "True positive rate")


def precision_recall(curves: Sequence[ClassCurves]) -> go.Figure:
    """Precision against recall at every threshold, one line a class."""
    figure = go.Figure()
    for one in curves:
        figure.add_trace(
            _line(one.recall, one.precision, one.label, one.average_precision.value, "AP")
        )
    _style_lines(figure, [one.label for one in curves])
    _square(figure, "Recall", "Precision")
    # The lines come down on the right.
    figure.update_layout(legend={"xanchor": "left", "x": 0.02})
    return figure


def reliability_diagram(found: Reliability) -> go.Figure:
    """Accuracy by confidence; on the dotted line they are equal."""
    bins, figure = found.bins, go.Figure()
    figure.add_trace(_guide([0, 1], [0, 1]))
    figure.add_trace(
        go.Bar(
            x=[_percent((one.low + one.high) / 2) for one in bins],
            y=[_percent(one.accuracy.value) for one in bins],
            width=[_percent(one.high - one.low) * 0.94 for one in bins],
            marker={"color": "rgba(35,128,122,0.35)", "line": {"width": 0}},
            error_y=_error_bars([one.accuracy for one in bins], _ACCENT),
            customdata=[[one.pictures, _percent(one.confidence)] for one in bins],
            hovertemplate="Confidence %{customdata[1]:.1f} %, accuracy %{y:.1f} %, "
            "%{customdata[0]:,} pictures<extra></extra>",
            showlegend=False,
        )
    )
    return _square(figure, "Confidence", "Accuracy")


def risk_coverage_curve(found: RiskCoverage) -> go.Figure:
    """Error rate by coverage, with the "not sure" threshold."""
    figure = go.Figure(
        go.Scatter(
            x=np.round(found.coverage * 100, 2),
            y=np.round(found.risk * 100, 2),
            mode="lines",
            line={"color": _ACCENT, "width": 2},
            hovertemplate="Coverage %{x:.0f} %: error rate %{y:.1f} %<extra></extra>",
            showlegend=False,
        )
    )
    at = _percent(found.answered.value)
    figure.add_shape(
        type="line",
        x0=at,
        x1=at,
        yref="paper",
        y0=0,
        y1=1,
        line={"color": NOT_SURE_COLOUR, "width": 1.5, "dash": "dot"},
    )
    figure.add_annotation(
        x=at,
        yref="paper",
        y=1,
        text="“not sure” threshold",
        showarrow=False,
        xanchor="right" if at > 50 else "left",
        yanchor="top",
        xshift=-4 if at > 50 else 4,
    )
    _square(figure, "Coverage (answered)", "Error rate when answered")
    figure.update_yaxes(range=None, rangemode="tozero")
    return figure


def _shares(counts: NDArray[np.int64], by: str) -> NDArray[np.float64]:
    """Shares of the label, or of the predicted class; counts are coloured by the former."""
    of = counts.sum(axis=0, keepdims=True) if by == "Columns" else counts.sum(axis=1, keepdims=True)
    shares: NDArray[np.float64] = np.divide(counts, of, out=np.zeros(counts.shape), where=of > 0)
    return shares


def _cell(count: int, share: float, by: str) -> str:
    return f"{count:,}" if by == "Counts" else percent(share)


def _line(
    xs: NDArray[np.float64], ys: NDArray[np.float64], label: str, area: float, word: str
) -> go.Scatter:
    return go.Scatter(
        x=np.round(xs * 100, 2),
        y=np.round(ys * 100, 2),
        name=f"{expression_word(label)} {area:.3f}",
        mode="lines",
        # No label stands in a template, which is markup.
        hovertext=f"{expression_word(label)} ({word} {area:.3f})",
        hovertemplate="%{hovertext}: %{y:.0f} % at %{x:.0f} %<extra></extra>",
    )


def _style_lines(figure: go.Figure, labels: Sequence[str]) -> None:
    """Give the last lines of a figure, one per label, its colour and line style."""
    lines = figure.data[len(figure.data) - len(labels) :]
    for line, label in zip(lines, labels, strict=True):
        style = {"color": colour_of(label, labels), "dash": dash_of(label, labels), "width": 2}
        line.update(line=style)


def _guide(xs: list[float], ys: list[float]) -> go.Scatter:
    return go.Scatter(
        x=[x * 100 for x in xs],
        y=[y * 100 for y in ys],
        mode="lines",
        line={"color": _QUIET, "width": 1, "dash": "dot"},
        hoverinfo="skip",
        showlegend=False,
    )


def _square(figure: go.Figure, x_words: str, y_words: str) -> go.Figure:
    apply_style(figure, height_px=HEIGHT_PX, l=64, r=28, t=12, b=48)
    figure.update_layout(
        legend={"orientation": "v", "yanchor": "bottom", "y": 0.02, "xanchor": "right", "x": 1.0}
    )
    figure.update_xaxes(range=[0, 100], ticksuffix=" %", title_text=x_words, fixedrange=True)
    figure.update_yaxes(range=[0, 101], ticksuffix=" %", title_text=y_words, fixedrange=True)
    return figure


def _error_bars(values: Sequence[Interval], colour: str) -> dict[str, Any]:
    """Error bars from a figure to the ends of its interval."""
    return {
        "type": "data",
        "symmetric": False,
        "array": [_percent(one.high - one.value) for one in values],
        "arrayminus": [_percent(one.value - one.low) for one in values],
        "color": colour,
        "thickness": 1.5,
        "width": 3,
    }


def _percent(fraction: float) -> float:
    return round(fraction * 100, 2)
