"""Plotly figures about a session's indices: pure functions, in the style of `shell/charts.py`."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.measures import (
    INDEX_WINDOW_S,
    PART_TITLES,
    SYNCHRONY_WINDOW_S,
    IndexWeights,
    IndexWindows,
    Synchrony,
    contributions,
)
from pages.parts.shell.charts import LEGEND_ABOVE, apply_style
from pages.parts.shell.time_axis import clock_times, set_clock_axis

_PUBLISHED = "Published concentration index"

_HEIGHT_PX = 320
PART_COLOURS = ("#717274", "#5A86FF", "#34A464", "#BA8B0C")
"""Of the parts of a measure: each at least 3:1 against white and the dark theme, as in
`core.domain.palette`."""

_PUBLISHED_COLOUR, _MEDIAN_COLOUR = "#C624A7", "#7C8794"
_MS = 1000


def index_parts(windows: IndexWindows, weights: IndexWeights, median: float | None) -> go.Figure:
    """What each part adds to the index, stacked, window by window; the published index as a line.

    A window without an index is a gap.

    Args:
        median: of the index over these windows.
    """
    middle_s = windows.end_s - INDEX_WINDOW_S / 2
    x = clock_times(middle_s)
    figure = go.Figure()
    parts = contributions(windows.parts, weights)
    for (name, values), colour in zip(parts.items(), PART_COLOURS, strict=True):
        figure.add_trace(
            go.Bar(
                x=x,
                y=np.round(values, 1),
                name=PART_TITLES[name],
                width=INDEX_WINDOW_S * _MS * 0.92,
                marker={"color": colour, "line": {"width": 0}},
                hovertemplate="%{y:.1f}",
            )
        )
    figure.add_trace(
        go.Scatter(
            x=x,
            y=np.round(windows.published, 1),
            name=_PUBLISHED,
            mode="lines+markers",
            connectgaps=False,
            line={"color": _PUBLISHED_COLOUR, "width": 2, "dash": "dash"},
            marker={"size": 5},
            hovertemplate="%{y:.1f}",
        )
    )
    if median is not None:
        figure.add_trace(_median_line(x, median))
    apply_style(figure, height_px=_HEIGHT_PX)
    figure.update_layout(barmode="stack", hovermode="x unified", legend=LEGEND_ABOVE)
    figure.update_yaxes(range=[0, 100], dtick=25, fixedrange=True)
    set_clock_axis(figure, last_s=float(windows.end_s[-1]) if len(windows.end_s) else 0.0)
    return figure


def synchrony_bars(found: Synchrony, *, from_s: float) -> go.Figure:
    """The correlation of each window, and the mean of the surrogates as a line; a window in which
    fewer than five faces were measured is a gap.

    Args:
        from_s: session time of the first window.
    """
    middle_s = from_s + found.time_s + SYNCHRONY_WINDOW_S / 2
    x = clock_times(middle_s)
    figure = go.Figure(
        go.Bar(
            x=x,
            y=np.round(found.correlation, 2),
            name="Mean correlation",
            width=SYNCHRONY_WINDOW_S * _MS * 0.92,
            marker={"color": PART_COLOURS[1], "line": {"width": 0}},
            hovertemplate="%{y:.2f}",
        )
    )
    if len(found.by_chance):
        figure.add_trace(
            go.Scatter(
                x=x,
                y=np.full(len(x), round(float(found.by_chance.mean()), 2)),
                name="By chance (mean of the surrogates)",
                mode="lines",
                line={"color": _PUBLISHED_COLOUR, "width": 2, "dash": "dash"},
                hovertemplate="%{y:.2f}",
            )
        )
    apply_style(figure, height_px=_HEIGHT_PX)
    figure.update_layout(hovermode="x unified", legend=LEGEND_ABOVE, showlegend=True)
    figure.update_yaxes(range=[min(0.0, _lowest(found)), 1.05], fixedrange=True)
    set_clock_axis(figure, last_s=float(middle_s[-1]) if len(middle_s) else 0.0)
    return figure


def _lowest(found: Synchrony) -> float:
    return float(np.nanmin(found.correlation)) if np.isfinite(found.correlation).any() else 0.0


def _median_line(x: NDArray[np.datetime64], median: float) -> go.Scatter:
    return go.Scatter(
        x=x,
        y=np.full(len(x), round(median, 1)),
        name="Median of the index",
        mode="lines",
        line={"color": _MEDIAN_COLOUR, "width": 1, "dash": "dot"},
        hoverinfo="skip",
    )
