"""Plotly figures of a sweep, in the style of `shell/charts.py`."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from core.training.sweeps import SweepSummary, TrialState, TrialSummary, Value
from pages.parts.shell.charts import LEGEND_ABOVE, apply_style, count_step
from pages.parts.shell.theme import percent

_HEIGHT_PX, _PARALLEL_PX, _ROW_PX = 260, 340, 30
_QUIET = "rgba(128,138,150,0.75)"
_UNSELECTED = "rgba(128,138,150,0.25)"
_GOOD, _POOR = "#23807A", "#C2571A"
# Both ends contrast with a light and with a dark page.
_SCALE = ((0.0, _POOR), (0.5, "#B8860B"), (1.0, _GOOD))
_STYLES = {
    TrialState.COMPLETED: {"color": _GOOD, "symbol": "circle", "size": 9},
    TrialState.PRUNED: {"color": _QUIET, "symbol": "circle-open", "size": 9},
    TrialState.RUNNING: {"color": _POOR, "symbol": "diamond-open", "size": 9},
}
_TICKS = 4
_LOG = ":log"


def history(summary: SweepSummary) -> go.Figure:
    """Accuracy of each trial by number, and the best completed one so far."""
    figure = go.Figure()
    done = [one for one in summary.trials if one.state is TrialState.COMPLETED]
    best = [max(one.accuracy or 0.0 for one in done[: at + 1]) for at in range(len(done))]
    figure.add_trace(
        go.Scatter(
            x=[one.number for one in done],
            y=_percents(best),
            mode="lines",
            line={"color": _GOOD, "width": 1.5, "shape": "hv"},
            name="Best so far",
            hovertemplate="%{y:.1f} %",
        )
    )
    for state, style in _STYLES.items():
        known = [one for one in summary.trials if one.state is state and one.accuracy is not None]
        figure.add_trace(
            go.Scatter(
                x=[one.number for one in known],
                y=_percents([one.accuracy or 0.0 for one in known]),
                mode="markers",
                marker=style,
                name=state.value.capitalize(),
                hovertemplate="%{y:.1f} %",
            )
        )
    apply_style(figure, height_px=_HEIGHT_PX, l=52, t=28, b=32)
    figure.update_layout(legend=LEGEND_ABOVE)
    figure.update_xaxes(title_text="Trial", fixedrange=True, rangemode="tozero")
    figure.update_xaxes(dtick=count_step(max((one.number for one in summary.trials), default=1)))
    figure.update_yaxes(fixedrange=True, ticksuffix=" %")
    return figure


def parallel(summary: SweepSummary) -> go.Figure:
    """Parallel coordinates: one line per trial through its values to its accuracy."""
    known = [one for one in summary.trials if one.accuracy is not None]
    accuracy = _percents([one.accuracy or 0.0 for one in known])
    dimensions = [_axis(name, written, known) for name, written in summary.search.items()]
    figure = go.Figure(
        go.Parcoords(
            dimensions=[*dimensions, {"label": "accuracy, %", "values": accuracy}],
            line={"color": accuracy, "colorscale": _SCALE},
            unselected={"line": {"color": _UNSELECTED}},
            labelfont={"size": 13},
            tickfont={"size": 12},
            rangefont={"size": 11},
        )
    )
    apply_style(figure, height_px=_PARALLEL_PX, l=70, r=70, t=64, b=28)
    return figure


def importance_bars(importance: Mapping[str, float]) -> go.Figure:
    """Hyperparameter importance: share of the variance of accuracy, largest first."""
    most = sorted(importance.items(), key=lambda item: -item[1])
    figure = go.Figure(
        go.Bar(
            x=[round(share * 100, 1) for _, share in most],
            y=[in_words(name) for name, _ in most],
            orientation="h",
            marker={"color": _GOOD, "line": {"width": 0}},
            text=[percent(share) for _, share in most],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y}: %{text}<extra></extra>",
        )
    )
    apply_style(figure, height_px=len(most) * _ROW_PX + 16, l=8, r=44, t=4, b=4)
    figure.update_layout(bargap=0.35)
    figure.update_xaxes(visible=False, fixedrange=True, range=[0, 115])
    figure.update_yaxes(autorange="reversed", showgrid=False, fixedrange=True, automargin=True)
    return figure


def in_words(name: str) -> str:
    """A hyperparameter's name on screen: "rotation (degrees)"."""
    return name.rpartition(".")[2].replace("_deg", " (degrees)").replace("_", " ")


def _axis(name: str, written: str, trials: Sequence[TrialSummary]) -> dict[str, Any]:
    values = [one.values[name] for one in trials]
    if ".." not in written:
        return _words_axis(name, values)
    axis: dict[str, Any] = {"label": in_words(name)}
    if not written.endswith(_LOG):
        return {**axis, "values": values}
    low, high = (float(end) for end in written.removesuffix(_LOG).split("..", 1))
    first, last = math.log10(low), math.log10(high)
    ticks = [first + (last - first) * at / _TICKS for at in range(_TICKS + 1)]
    return {
        **axis,
        "values": [math.log10(float(value)) for value in values],
        "range": [first, last],
        "tickvals": ticks,
        "ticktext": [f"{10**tick:.2g}" for tick in ticks],
    }


def _words_axis(name: str, values: Sequence[Value]) -> dict[str, Any]:
    kinds = sorted(set(values), key=lambda kind: (isinstance(kind, str), kind))
    return {
        "label": in_words(name),
        "values": [kinds.index(value) for value in values],
        "tickvals": list(range(len(kinds))),
        "ticktext": [str(kind) for kind in kinds],
    }


def _percents(fractions: Sequence[float]) -> list[float]:
    return [round(fraction * 100, 2) for fraction in fractions]
