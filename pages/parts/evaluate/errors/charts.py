"""Errors and explanations -> Plotly figures. Pure: no screen, no state, no clock."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from core.evaluation.scorecard import ConfusedPair
from pages.parts.shell.charts import apply_style
from pages.parts.shell.theme import expression_word

_PAIR_ROW_PX = 30


_BAR = "#2B7F9E"
_WHISKER = {"color": "rgba(128,138,150,0.9)", "thickness": 1.2, "width": 4}


def confused_pairs(pairs: Sequence[ConfusedPair]) -> go.Figure:
    """How often each pair is confused, as a share of the label's pictures, with its interval."""
    words = [pair_words(pair.truth, pair.predicted) for pair in pairs]
    shares = [pair.share for pair in pairs]
    figure = go.Figure(
        go.Bar(
            x=[round(share.value * 100, 2) for share in shares],
            y=words,
            orientation="h",
            marker={"color": _BAR, "line": {"width": 0}},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [round((share.high - share.value) * 100, 2) for share in shares],
                "arrayminus": [round((share.value - share.low) * 100, 2) for share in shares],
                **_WHISKER,
            },
            customdata=[[f"{pair.pictures:,}", f"{pair.of:,}"] for pair in pairs],
            hovertemplate="%{y}: %{customdata[0]} of %{customdata[1]}, %{x:.1f} %<extra></extra>",
        )
    )
    apply_style(figure, height_px=len(pairs) * _PAIR_ROW_PX + 64, l=8, t=8, b=36)
    figure.update_layout(bargap=0.4)
    figure.update_xaxes(
        ticksuffix=" %",
        rangemode="tozero",
        fixedrange=True,
        title_text="Share of the label's pictures",
    )
    figure.update_yaxes(autorange="reversed", showgrid=False, fixedrange=True, automargin=True)
    return figure


def pair_words(truth: str, predicted: str) -> str:
    """A confusion as it is written on screen."""
    return f"{expression_word(truth)} as {predicted}"
