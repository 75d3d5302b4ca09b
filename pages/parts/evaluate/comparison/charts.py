"""Comparisons -> Plotly figures, as `shell/charts.py` makes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from core.domain import Interval
from core.domain.counted import counted, tenths
from core.domain.wording import percent_ends
from core.evaluation.comparison import (
    ClassDifference,
    Mark,
    ModelMetrics,
    ModelPair,
    OwnFigure,
    PublishedRow,
    pareto_front,
)
from pages.parts.shell.charts import LEGEND_ABOVE, apply_style
from pages.parts.shell.theme import expression_word

_FIRST, _SECOND, _TIE = "#23807A", "#C2571A", "#7C8794"
_ROW_PX, _HEIGHT_PX = 34, 340
_BAND = "rgba(35,128,122,0.16)"
_MARK_STYLES = {
    Mark.HELD_OUT: ("#1F6FB2", "circle"),
    Mark.NOT_STATED: ("#7C8794", "circle-open"),
    Mark.CHOSEN_ON_TEST: ("#B8860B", "x-thin-open"),
    Mark.POSSIBLE_LEAK: ("#7B3F9E", "triangle-up-open"),
    Mark.NOT_CREDIBLE: ("#B53F2A", "x-thin-open"),
}


def class_forest(pair: ModelPair) -> go.Figure:
    """Recall of the first minus the second by class, with intervals (a forest plot).

    Right of the line the first is better. Ties are grey.
    """
    figure = go.Figure()
    sides = (
        (pair.first, _FIRST, "circle", [one for one in pair.classes if _better(one) > 0]),
        (pair.second, _SECOND, "diamond", [one for one in pair.classes if _better(one) < 0]),
        ("", _TIE, "circle-open", [one for one in pair.classes if _better(one) == 0]),
    )
    for name, colour, symbol, classes in sides:
        if classes:
            words = f"{name} is better" if name else "Tie"
            figure.add_trace(_forest_points(classes, words, colour, symbol))
    figure.add_vline(x=0, line={"color": _TIE, "width": 1})
    apply_style(figure, height_px=len(pair.classes) * _ROW_PX + 70, l=84, t=34)
    figure.update_layout(legend=LEGEND_ABOVE, showlegend=True)
    figure.update_xaxes(ticksuffix=" points", fixedrange=True, zeroline=False)
    figure.update_yaxes(
        categoryorder="array",
        categoryarray=[expression_word(one.label) for one in reversed(pair.classes)],
        fixedrange=True,
        automargin=True,
    )
    return figure


def trade_off(ranking: Sequence[ModelMetrics], costs: Mapping[str, float], unit: str) -> go.Figure:
    """Accuracy against cost; a line joins the Pareto front.

    Args:
        costs: name -> cost in `unit`; models without one are left out.
        unit: as it is written on the axis.
    """
    shown = [one for one in ranking if one.name in costs]
    accuracy = {one.name: one.accuracy.value for one in shown}
    front = pareto_front(accuracy, costs)
    figure = go.Figure()
    figure.add_trace(
        go.Scatter(
            x=[costs[name] for name in front],
            y=[accuracy[name] * 100 for name in front],
            mode="lines",
            line={"color": _FIRST, "width": 1, "dash": "dot"},
            hoverinfo="skip",
        )
    )
    figure.add_trace(_cost_points(shown, costs, front, unit))
    apply_style(figure, height_px=_HEIGHT_PX, b=48, r=90)
    figure.update_layout(showlegend=False)
    figure.update_xaxes(title={"text": unit}, type="log" if _is_wide(costs) else "linear")
    if not _is_wide(costs):
        figure.update_xaxes(rangemode="tozero")
    figure.update_yaxes(ticksuffix=" %")
    return figure


def published_chart(lines: Sequence[PublishedRow], compared: OwnFigure | None) -> go.Figure:
    """Published accuracies and ours; the band is our interval: figures inside it are ties."""
    figure = go.Figure()
    if compared is not None:
        figure.add_vrect(
            x0=compared.accuracy.low * 100,
            x1=compared.accuracy.high * 100,
            fillcolor=_BAND,
            line_width=0,
            layer="below",
        )
    for mark, (colour, symbol) in _MARK_STYLES.items():
        rows = [line for line in lines if line.mark is mark]
        if rows:
            figure.add_trace(_published_points(rows, mark.value.capitalize(), colour, symbol))
    ours = [line for line in lines if line.is_ours]
    if ours:
        figure.add_trace(_published_points(ours, "Measured here", _FIRST, "diamond"))
    apply_style(figure, height_px=len(lines) * 26 + 80, l=170, t=40)
    figure.update_layout(legend=LEGEND_ABOVE)
    figure.update_xaxes(ticksuffix=" %", fixedrange=True)
    figure.update_yaxes(
        categoryorder="array",
        categoryarray=[line.name for line in lines],
        fixedrange=True,
        automargin=True,
    )
    return figure


def _better(one: ClassDifference) -> int:
    """1 where the first is better, -1 where the second is, 0 for a tie."""
    if one.is_tie:
        return 0
    return 1 if one.recall.accuracy.value > 0 else -1


def _forest_points(
    classes: Sequence[ClassDifference], words: str, colour: str, symbol: str
) -> go.Scatter:
    found = [one.recall.accuracy for one in classes]
    return go.Scatter(
        x=[one.value * 100 for one in found],
        y=[expression_word(one.label) for one in classes],
        name=words,
        mode="markers",
        marker={"color": colour, "size": 10, "symbol": symbol, "line": {"width": 2}},
        error_x=_bars(found, colour),
        customdata=[
            f"{percent_ends(one.accuracy, '+.1f')}, {counted(one.pictures, 'picture')}"
            for one in (row.recall for row in classes)
        ],
        hovertemplate="%{y}: %{x:+.1f} points %{customdata}<extra></extra>",
    )


def _cost_points(
    shown: Sequence[ModelMetrics], costs: Mapping[str, float], front: Sequence[str], unit: str
) -> go.Scatter:
    names = [one.name for one in shown]
    return go.Scatter(
        x=[costs[name] for name in names],
        y=[one.accuracy.value * 100 for one in shown],
        mode="markers+text",
        text=names,
        textposition="bottom right",
        cliponaxis=False,
        marker={
            "size": 11,
            "color": [_FIRST if name in front else _TIE for name in names],
            "symbol": ["circle" if name in front else "circle-open" for name in names],
        },
        error_y={**_bars([one.accuracy for one in shown], _TIE), "thickness": 1},
        hovertemplate=f"%{{text}}: %{{y:.1f}} %, %{{x:,.3~g}} {unit}<extra></extra>",
    )


def _published_points(
    lines: Sequence[PublishedRow], words: str, colour: str, symbol: str
) -> go.Scatter:
    rows = [line.interval for line in lines]
    own = [one for one in rows if one is not None]
    return go.Scatter(
        x=[line.accuracy * 100 for line in lines],
        y=[line.name for line in lines],
        name=words,
        mode="markers",
        marker={"color": colour, "size": 10, "symbol": symbol, "line": {"width": 2}},
        error_x=_bars(own, colour) if own else None,
        customdata=[f"{tenths(line.accuracy)}. {line.note}" for line in lines],
        hovertemplate="%{y}: %{customdata}<extra></extra>",
    )


def _bars(found: Sequence[Interval], colour: str) -> dict[str, object]:
    return {
        "type": "data",
        "symmetric": False,
        "array": [(one.high - one.value) * 100 for one in found],
        "arrayminus": [(one.value - one.low) * 100 for one in found],
        "color": colour,
        "width": 4,
    }


def _is_wide(costs: Mapping[str, float]) -> bool:
    """Whether costs differ by a large factor, so that a logarithmic axis is needed."""
    return bool(costs) and min(costs.values()) > 0 and max(costs.values()) > 8 * min(costs.values())
