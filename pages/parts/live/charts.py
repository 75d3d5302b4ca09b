"""Plotly figures of the live page, in the style of `shell/charts.py`."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from core.domain.counted import percent
from pages.parts.shell.charts import apply_style

_COLOUR = "#23807A"
_ROW_PX = 18


def blendshape_bars(shapes: Mapping[str, float]) -> go.Figure:
    """One bar for each blendshape, in their order.

    Args:
        shapes: name -> value in [0, 1]; NaN has neither bar nor number.
    """
    figure = go.Figure(
        go.Bar(
            x=list(shapes.values()),
            y=list(shapes),
            orientation="h",
            marker={"color": _COLOUR, "line": {"width": 0}},
            text=["" if np.isnan(value) else percent(value) for value in shapes.values()],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y}: %{text}<extra></extra>",
        )
    )
    apply_style(figure, height_px=len(shapes) * _ROW_PX + 16, l=140, r=48, t=4, b=4)
    figure.update_layout(bargap=0.3)
    figure.update_xaxes(range=[0, 1], visible=False, fixedrange=True)
    figure.update_yaxes(autorange="reversed", showgrid=False, fixedrange=True, dtick=1)
    return figure
