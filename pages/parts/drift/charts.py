"""Plotly figures about drift: pure functions, in the style of `shell/charts.py`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.drift import (
    NO_PREDICTION,
    QUANTITY_TEXT,
    Change,
    DriftReport,
    MixReference,
    NumberReference,
    QuantityDrift,
)
from pages.parts.shell.charts import LEGEND_ABOVE, apply_style
from pages.parts.shell.theme import expression_word

_MARGIN_PX = {"r": 48, "t": 30}  # space for the numbers at the right

_REFERENCE = "rgba(124,135,148,0.45)"
_NOW, _DRIFT, _LESS_VARIED, _THRESHOLD = "#23807A", "#B53F2A", "#BA8B0C", "#7C8794"
_ROW_PX, _HEIGHT_PX = 34, 280
_BINS = 28

Floats = NDArray[np.float64]


def psi_bars(report: DriftReport) -> go.Figure:
    """One bar per quantity, with a mark at its alarm threshold; the longest bar is not clipped."""
    drifts = report.quantities
    end = max((max(one.psi, 2 * one.threshold) for one in drifts), default=0.5)
    words = [QUANTITY_TEXT[one.quantity].name for one in drifts]
    figure = go.Figure(
        go.Bar(
            x=[one.psi for one in drifts],
            y=words,
            orientation="h",
            name="PSI",
            marker={"color": [_bar_colour(one) for one in drifts], "line": {"width": 0}},
            customdata=[one.sentence for one in drifts],
            hovertemplate="%{y}<br>%{customdata}<extra></extra>",
        )
    )
    figure.add_trace(_threshold_marks(drifts, words))
    figure.add_trace(_values(drifts, words, at=end))
    apply_style(figure, height_px=len(words) * _ROW_PX + 32, **_MARGIN_PX)
    figure.update_layout(bargap=0.45, showlegend=False, margin={"t": 4})
    figure.update_xaxes(range=[0, end], fixedrange=True)
    figure.update_yaxes(autorange="reversed", showgrid=False, fixedrange=True, automargin=True)
    return figure


def number_chart(reference: NumberReference, values: Floats) -> go.Figure:
    """Histogram of a numeric quantity in the window, over that of the reference.

    Args:
        values: of the window, `(n,)`; NaN where it was not measured.
    """
    points, values = np.array(reference.points), values[np.isfinite(values)]
    edges = np.histogram_bin_edges(np.concatenate([points, values]), bins=_BINS)
    middles = (edges[1:] + edges[:-1]) / 2
    figure = go.Figure(
        go.Bar(
            x=middles,
            y=_percent_per_bin(points, edges),
            width=np.diff(edges),
            name="Reference",
            marker={"color": _REFERENCE, "line": {"width": 0}},
            hovertemplate="%{y:.0f} %",
        )
    )
    figure.add_trace(
        go.Scatter(
            x=middles,
            y=_percent_per_bin(values, edges),
            name="Current",
            mode="lines",
            line={"color": _NOW, "width": 2.5, "shape": "hvh"},
            hovertemplate="%{y:.0f} %",
        )
    )
    words = QUANTITY_TEXT[reference.quantity]
    apply_style(figure, height_px=_HEIGHT_PX, **_MARGIN_PX)
    figure.update_layout(bargap=0, hovermode="x unified", legend=LEGEND_ABOVE)
    figure.update_xaxes(ticksuffix=words.unit, zeroline=False, fixedrange=True)
    figure.update_yaxes(ticksuffix=" %", rangemode="tozero", fixedrange=True)
    return figure


def mix_chart(reference: MixReference, tops: NDArray[np.int64]) -> go.Figure:
    """Distribution of the predicted classes in the window and in the reference.

    Args:
        tops: class numbers of the window, or `NO_PREDICTION`.
    """
    words = [expression_word(label) for label in reference.labels]
    predicted = tops[tops != NO_PREDICTION]
    now = np.bincount(predicted, minlength=len(words)) / max(1, len(predicted))
    figure = go.Figure()
    for name, shares, colour in (
        ("Reference", reference.shares, _REFERENCE),
        ("Current", now.tolist(), _NOW),
    ):
        figure.add_trace(
            go.Bar(
                x=words,
                y=[round(share * 100, 1) for share in shares],
                name=name,
                marker={"color": colour, "line": {"width": 0}},
                hovertemplate="%{y:.0f} %",
            )
        )
    apply_style(figure, height_px=_HEIGHT_PX, **_MARGIN_PX)
    figure.update_layout(barmode="group", bargap=0.3, hovermode="x unified", legend=LEGEND_ABOVE)
    figure.update_xaxes(fixedrange=True)
    figure.update_yaxes(ticksuffix=" %", rangemode="tozero", fixedrange=True)
    return figure


def _threshold_marks(drifts: Sequence[QuantityDrift], words: list[str]) -> go.Scatter:
    return go.Scatter(
        x=[one.threshold for one in drifts],
        y=words,
        mode="markers",
        name="Alarm",
        marker={"symbol": "line-ns", "size": 24, "line": {"color": _THRESHOLD, "width": 3}},
        hovertemplate="%{y}: alarm above %{x:.2f}<extra></extra>",
    )


def _values(drifts: Sequence[QuantityDrift], words: list[str], *, at: float) -> go.Scatter:
    """The numbers in a separate column, so that they do not overlap the marks."""
    return go.Scatter(
        x=[at] * len(drifts),
        y=words,
        mode="text",
        name="PSI",
        text=[f"{one.psi:.2f}" for one in drifts],
        textposition="middle right",
        cliponaxis=False,
        hoverinfo="skip",
    )


def _bar_colour(one: QuantityDrift) -> str:
    if not one.alarm:
        return _NOW
    return _LESS_VARIED if one.change is Change.LESS_VARIED else _DRIFT


def _percent_per_bin(values: Floats, edges: Floats) -> Floats:
    counts, _ = np.histogram(values, bins=edges)
    return np.round(100 * counts / max(1, len(values)), 1)
