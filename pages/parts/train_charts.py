"""A run's epochs -> Plotly figures, in the manner of `charts.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from core.vocabulary import EpochEnded
from pages.parts.charts import LEGEND_ABOVE, calm

_COLOURS = ("#23807A", "#C2571A", "#7B3F9E", "#1F6FB2", "#B8860B", "#C2185B")
_HEIGHT_PX = 260


def accuracy_curves(runs: Mapping[str, Sequence[EpochEnded]]) -> go.Figure:
    """Accuracy on the choosing split, epoch by epoch, one line a run.

    Args:
        runs: name -> its epochs.
    """
    figure = _curves(runs, "accuracy_chooses", factor=100, unit=" %")
    figure.update_yaxes(ticksuffix=" %", rangemode="tozero")
    return figure


def loss_curves(runs: Mapping[str, Sequence[EpochEnded]]) -> go.Figure:
    """Loss on the training pictures, as changed and mixed, one line a run."""
    return _curves(runs, "loss", factor=1, unit="")


def rate_curve(epochs: Sequence[EpochEnded]) -> go.Figure:
    """Learning rate at the end of each epoch."""
    return _curves({"Learning rate": epochs}, "learning_rate", factor=1, unit="")


def _curves(
    runs: Mapping[str, Sequence[EpochEnded]], metric: str, *, factor: float, unit: str
) -> go.Figure:
    figure = go.Figure()
    for at, (name, epochs) in enumerate(runs.items()):
        told = [one for one in epochs if metric in one.metrics]
        figure.add_trace(
            go.Scatter(
                x=[one.epoch for one in told],
                y=[round(one.metrics[metric] * factor, 6) for one in told],
                name=name,
                mode="lines+markers" if len(told) < 30 else "lines",
                line={"color": _COLOURS[at % len(_COLOURS)], "width": 2},
                hovertemplate=f"%{{y:.4g}}{unit}",
            )
        )
    calm(figure, height_px=_HEIGHT_PX, l=52, t=28, b=32)
    figure.update_layout(hovermode="x unified", showlegend=len(runs) > 1, legend=LEGEND_ABOVE)
    figure.update_xaxes(title="epoch", fixedrange=True, rangemode="tozero")
    figure.update_yaxes(fixedrange=True)
    return figure
