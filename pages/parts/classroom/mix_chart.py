"""Expressions shown over a lesson as a Plotly figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from core.classroom.board import WINDOW_S
from pages.parts.classroom.charts import MOST_POINTS, Floats, grouped_mean, set_lesson_axis
from pages.parts.shell.charts import LEGEND_ABOVE, apply_style
from pages.parts.shell.theme import colour_of, expression_word
from pages.parts.shell.time_axis import clock_times

_HEIGHT_PX = 220


def mix_figure(
    middle_s: Floats, labels: Sequence[str], shares: Mapping[str, Floats], *, last_s: float
) -> go.Figure:
    """Shares of usable learners by the expression shown, stacked, over the lesson.

    Args:
        middle_s: of each window, in seconds `(n,)`.
        labels: of the model: they determine the colours.
        shares: label, or "not sure" -> fractions `(n,)`; NaN where nothing is shown.
        last_s: end of the axis.
    """
    figure = go.Figure()
    group = max(1, -(-len(middle_s) // MOST_POINTS))
    x = clock_times(grouped_mean(middle_s, group))
    # Of its own, as the last group may be shorter: Plotly would narrow all bars to that.
    width_ms = group * WINDOW_S * 1000
    for label, values in shares.items():
        figure.add_trace(
            go.Bar(
                x=x,
                y=np.round(grouped_mean(values, group) * 100, 1),
                width=width_ms,
                name=expression_word(label),
                marker={"color": colour_of(label, labels), "line": {"width": 0}},
                hovertemplate="%{y:.0f} %",
            )
        )
    apply_style(figure, height_px=_HEIGHT_PX)
    figure.update_layout(barmode="stack", bargap=0, hovermode="x unified", legend=LEGEND_ABOVE)
    figure.update_yaxes(range=[0, 100], ticksuffix=" %", dtick=25, fixedrange=True)
    set_lesson_axis(figure, last_s)
    return figure
