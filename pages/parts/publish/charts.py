"""Plotly figures of formats, in the style of `shell/charts.py`."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from core.conversion import title_of
from core.models import ConvertedFormat
from pages.parts.shell.charts import apply_style

_HEIGHT_PX = 300
_COLOURS = ("#23807A", "#C2571A", "#7B3F9E", "#1F6FB2", "#B8860B", "#C2185B", "#5B6770", "#4C7A1E")
_SYMBOLS = (
    "circle",
    "square",
    "diamond",
    "triangle-up",
    "triangle-down",
    "pentagon",
    "hexagon",
    "star",
)
_LEGEND = {"orientation": "v", "yanchor": "top", "y": 1.0, "xanchor": "left", "x": 1.02}


def size_and_time(rows: Sequence[ConvertedFormat]) -> go.Figure:
    """One marker per format: its size, and its latency for one picture.

    Args:
        rows: those without a measured speed are left out.
    """
    figure = go.Figure()
    for at, row in enumerate(rows):
        if row.speed is None:
            continue
        colour, symbol = _COLOURS[at % len(_COLOURS)], _SYMBOLS[at % len(_SYMBOLS)]
        figure.add_trace(
            go.Scatter(
                x=[round(row.size_bytes / 1e6, 3)],
                y=[row.speed.one.median_ms],
                name=title_of(row) if row.passed else f"{title_of(row)} (refused)",
                mode="markers",
                marker={
                    "size": 13,
                    "color": colour,
                    "symbol": symbol if row.passed else f"{symbol}-open",
                    "line": {"width": 2, "color": colour},
                },
                hovertemplate="%{x:.2f} MB, %{y:.2f} ms<extra>%{fullData.name}</extra>",
            )
        )
    apply_style(figure, height_px=_HEIGHT_PX, l=64, r=24, t=12, b=48)
    figure.update_layout(showlegend=True, legend=_LEGEND)
    figure.update_xaxes(rangemode="tozero", title_text="MB", fixedrange=True)
    figure.update_yaxes(rangemode="tozero", title_text="ms per picture", fixedrange=True)
    return figure
