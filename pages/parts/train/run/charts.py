"""What runs told -> Plotly figures, as `shell/charts.py` makes them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.domain import EpochEnded, LossPoint, ResourcePoint, Run
from pages.parts.shell.charts import LEGEND_ABOVE, apply_style

HEIGHT_PX = 240
_COLOURS = ("#23807A", "#C2571A", "#7B3F9E", "#1F6FB2", "#B8860B", "#C2185B")
_DASHES = ("solid", "dash", "dot", "dashdot")
_QUIET = "rgba(128,138,150,0.75)"
_BOTH = {
    "learns": ("Training", {"color": _COLOURS[1], "width": 2, "dash": "dash"}),
    "chooses": ("Validation", {"color": _COLOURS[0], "width": 2}),
}
_PARALLEL_PX = 340
_PAUSE_STEPS = 10  # usual steps: longer without a reading, and the run was not at work
_MOST_IN_A_LINE = 2
_LEGEND_ROW_PX = 20
_LEGEND_BELOW = {"orientation": "h", "yanchor": "top", "y": -0.14, "xanchor": "left", "x": 0}
_GROUND = "rgba(128,138,150,0.25)"
# Both ends are told from a light and from a dark page.
_SCALE = ((0.0, "#C2571A"), (0.5, "#B8860B"), (1.0, "#23807A"))


def accuracy_curves(runs: Mapping[str, Sequence[EpochEnded]]) -> go.Figure:
    """Accuracy on the validation split, epoch by epoch, one line a run.

    Args:
        runs: name -> its epochs.
    """
    figure = _curves(runs, "accuracy_chooses", factor=100, unit=" %")
    figure.update_yaxes(ticksuffix=" %", rangemode="tozero")
    return figure


def loss_curves(runs: Mapping[str, Sequence[EpochEnded]]) -> go.Figure:
    """Loss on the augmented training pictures, one line a run."""
    return _curves(runs, "loss", factor=1, unit="")


def run_accuracy(run: Run) -> go.Figure:
    """One run's accuracy on training and validation pictures: apart, it overfits."""
    figure = go.Figure()
    _add_both(figure, run.epochs, "accuracy", factor=100, unit=" %")
    _finished(figure, legend=True)
    figure.update_yaxes(ticksuffix=" %", rangemode="tozero")
    return figure


def run_loss(run: Run) -> go.Figure:
    """One run's loss on training and validation pictures, and within each epoch as it goes."""
    figure = go.Figure()
    if run.batch_losses:
        xs, ys = _with_gaps(run.batch_losses)
        line = {"color": _QUIET, "width": 1.2}
        figure.add_trace(_line(xs, ys, "Batches (augmented)", line, "%{y:.4g}"))
    if not _add_both(figure, run.epochs, "loss", factor=1, unit=""):  # by an earlier version
        figure.add_trace(_epoch_line(run.epochs, "loss", "Training (augmented)", _look(0)))
    return _finished(figure, legend=True)


def _add_both(
    figure: go.Figure, epochs: Sequence[EpochEnded], metric: str, *, factor: float, unit: str
) -> bool:
    """Both curves of a metric; whether both were told."""
    told = [key for key in _BOTH if any(f"{metric}_{key}" in one.metrics for one in epochs)]
    for key in told:
        name, look = _BOTH[key]
        line = _epoch_line(epochs, f"{metric}_{key}", name, look, factor=factor, unit=unit)
        figure.add_trace(line)
    return len(told) == len(_BOTH)


def rate_curve(epochs: Sequence[EpochEnded]) -> go.Figure:
    """Learning rate at the end of each epoch."""
    figure = _curves({"Learning rate": epochs}, "learning_rate", factor=1, unit="")
    figure.update_yaxes(rangemode="tozero")
    return figure


def cores_curve(resources: Sequence[ResourcePoint]) -> go.Figure:
    """CPU cores in use, over minutes."""
    return _over_minutes(resources, [one.cores for one in resources], "")


def memory_curve(resources: Sequence[ResourcePoint]) -> go.Figure:
    """Memory in gigabytes, over minutes."""
    return _over_minutes(resources, [one.memory_mb / 1000 for one in resources], " GB")


def parallel(columns: Mapping[str, Sequence[float]], accuracy: Sequence[float]) -> go.Figure:
    """One line a run through what it was told, to the accuracy it reached.

    Args:
        columns: what differs -> one value a run.
        accuracy: fractions, one a run.
    """
    percent = [round(one * 100, 2) for one in accuracy]
    dimensions = [{"label": name, "values": list(one)} for name, one in columns.items()]
    dimensions.append({"label": "best accuracy, %", "values": percent})
    figure = go.Figure(
        go.Parcoords(
            dimensions=dimensions,
            line={"color": percent, "colorscale": _SCALE},
            unselected={"line": {"color": _GROUND}},
            labelfont={"size": 13},
            tickfont={"size": 12},
            rangefont={"size": 11},
        )
    )
    apply_style(figure, height_px=_PARALLEL_PX, l=70, r=70, t=64, b=28)
    return figure


def _curves(
    runs: Mapping[str, Sequence[EpochEnded]], metric: str, *, factor: float, unit: str
) -> go.Figure:
    figure = go.Figure()
    for at, (name, epochs) in enumerate(runs.items()):
        figure.add_trace(_epoch_line(epochs, metric, name, _look(at), factor=factor, unit=unit))
    _finished(figure, legend=len(runs) > 1)
    if len(runs) > _MOST_IN_A_LINE:
        # Under the figure, and as much taller: many names must not press the lines flat.
        rows = math.ceil(len(runs) / 2)
        figure.update_layout(height=HEIGHT_PX + rows * _LEGEND_ROW_PX, legend=_LEGEND_BELOW)
        figure.update_layout(margin={"t": 12, "b": 28 + rows * _LEGEND_ROW_PX})
    return figure


def _over_minutes(
    resources: Sequence[ResourcePoint], values: Sequence[float], unit: str
) -> go.Figure:
    xs, ys = _with_pauses(
        [round(one.time_s / 60, 2) for one in resources], [round(value, 2) for value in values]
    )
    figure = go.Figure(_line(xs, ys, "", _look(0), f"%{{y:.2f}}{unit}<extra></extra>"))
    _finished(figure, legend=False)
    figure.update_yaxes(rangemode="tozero", ticksuffix=unit)
    return figure


def _with_pauses(
    xs: Sequence[float], ys: Sequence[float]
) -> tuple[list[float], list[float | None]]:
    """Nothing in the middle of each pause: a line across it would tell of work nobody did."""
    steps = np.diff(xs)
    told_x, told_y = list(xs), list[float | None](ys)
    if not len(steps):
        return told_x, told_y
    for at in reversed(np.flatnonzero(steps > _PAUSE_STEPS * np.median(steps)).tolist()):
        told_x.insert(at + 1, (xs[at] + xs[at + 1]) / 2)
        told_y.insert(at + 1, None)
    return told_x, told_y


def _epoch_line(  # noqa: PLR0913 - a line and how it looks
    epochs: Sequence[EpochEnded],
    metric: str,
    name: str,
    look: Mapping[str, Any],
    *,
    factor: float = 1,
    unit: str = "",
) -> go.Scatter:
    told = [one for one in epochs if metric in one.metrics]
    xs = [float(one.epoch) for one in told]
    ys = [round(one.metrics[metric] * factor, 6) for one in told]
    line = _line(xs, ys, name, look, f"%{{y:.4g}}{unit}")
    return line.update(mode="lines+markers" if len(told) < 30 else "lines")


def _line(
    xs: Sequence[float | None],
    ys: Sequence[float | None],
    name: str,
    look: Mapping[str, Any],
    told: str,
) -> go.Scatter:
    return go.Scatter(
        x=list(xs), y=list(ys), name=name, mode="lines", line=dict(look), hovertemplate=told
    )


def _look(at: int) -> dict[str, Any]:
    """The n-th line's own colour; when the colours are used up, its own dashes."""
    dash = _DASHES[at // len(_COLOURS) % len(_DASHES)]
    return {"color": _COLOURS[at % len(_COLOURS)], "width": 2, "dash": dash}


def _with_gaps(points: Sequence[LossPoint]) -> tuple[list[float | None], list[float | None]]:
    """The mean starts anew with each epoch: a line across would invent a jump."""
    xs: list[float | None] = []
    ys: list[float | None] = []
    before = None
    for point in points:
        # The last batch of an epoch lies on the whole number that ends it.
        epoch = math.ceil(point.epochs)
        if before is not None and epoch != before:
            xs.append(None)
            ys.append(None)
        before = epoch
        xs.append(round(point.epochs, 3))
        ys.append(round(point.loss, 5))
    return xs, ys


def _finished(figure: go.Figure, *, legend: bool) -> go.Figure:
    apply_style(figure, height_px=HEIGHT_PX, l=52, t=32 if legend else 12, b=28)
    figure.update_layout(hovermode="x unified", showlegend=legend, legend=LEGEND_ABOVE)
    figure.update_xaxes(fixedrange=True, rangemode="tozero")
    figure.update_yaxes(fixedrange=True)
    return figure
