"""What formats take -> Plotly figure, in the manner of `charts.py`."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from core.conversion.choosing import title_of
from core.library.formats import ConvertedFormat
from pages.parts.charts import calm

_HEIGHT_PX = 300
_COLOUR = "#23807A"
_ABOVE, _BELOW = "top center", "bottom center"


def size_and_time(rows: Sequence[ConvertedFormat]) -> go.Figure:
    """One mark a format: its size, and what one picture takes of a core.

    Args:
        rows: measured ones.
    """
    told = sorted((row for row in rows if row.speed is not None), key=_place)
    figure = go.Figure(
        go.Scatter(
            x=[row.size_bytes / 1e6 for row in told],
            y=[0.0 if row.speed is None else row.speed.one.median_ms for row in told],
            text=[title_of(row) for row in told],
            mode="markers+text",
            # Formats of one size lie above each other: every other name goes below its mark.
            textposition=[_ABOVE if at % 2 == 0 else _BELOW for at in range(len(told))],
            cliponaxis=False,
            marker={
                "size": 12,
                "color": _COLOUR,
                "symbol": ["circle" if row.passed else "circle-open" for row in told],
                "line": {"width": 2, "color": _COLOUR},
            },
            hovertemplate="%{text}<br>%{x:.2f} MB, %{y:.2f} ms<extra></extra>",
        )
    )
    calm(figure, height_px=_HEIGHT_PX, l=64, r=24, t=24, b=48)
    figure.update_xaxes(rangemode="tozero", title="MB", fixedrange=True)
    figure.update_yaxes(rangemode="tozero", title="ms for one picture", fixedrange=True)
    return figure


def _place(row: ConvertedFormat) -> tuple[float, float]:
    return (0.0 if row.speed is None else row.speed.one.median_ms, row.size_bytes)
