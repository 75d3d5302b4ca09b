"""Plotly figures of runs, in the style of `shell/charts.py`."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.domain import EpochEnded, LossPoint, ResourcePoint, Run
from pages.parts.shell.charts import LEGEND_ABOVE, apply_style, count_step

HEIGHT_PX = 240
_COLOURS = ("#23807A", "#C2571A", "#7B3F9E", "#1F6FB2", "#B8860B", "#C2185B")
_DASHES = ("solid", "dash", "dot", "dashdot")
_QUIET = "rgba(128,138,150,0.75)"
_CURVES = {
    "train": ("Training", {"color": _COLOURS[1], "width": 2, "dash": "dash"}),
    "val": ("Validation", {"color": _COLOURS[0], "width": 2}),
}
_PARALLEL_PX = 340
_PAUSE_STEPS = 10  # usual steps: longer without a reading, and the run was not at work
_MAX_LEGEND_COLUMNS = 2
_LEGEND_ROW_PX = 20
_LEGEND_BELOW = {"orientation": "h", "yanchor": "top", "y": -0.14, "xanchor": "left", "x": 0}
_GROUND = "rgba(128,138,150,0.25)"
# Both ends contrast with a light and with a dark page.
_SCALE = ((0.0, "#C2571A"), (0.5, "#B8860B"), (1.0, "#23807A"))


def accuracy_curves(runs: Mapping[str, Sequence[EpochEnded]]) -> go.Figure:
    """Accuracy on the validation split by epoch, one line per run.

    Args:
        runs: name -> its epochs.
    """
    figure = _curves(runs, "val_accuracy", factor=100, unit=" %")
    figure.update_yaxes(ticksuffix=" %", rangemode="tozero")
    return figure


def loss_curves(runs: Mapping[str, Sequence[EpochEnded]]) -> go.Figure:
    """Loss on the augmented training pictures, one line per run."""
    return _curves(runs, "loss", factor=1, unit="")


def run_accuracy(run: Run) -> go.Figure:
    """One run's accuracy on training and validation pictures; a growing gap is overfitting."""
    figure = go.Figure()
    _add_curves(figure, run.epochs, "accuracy", factor=100, unit=" %")
    _finished_by_epoch(figure, legend=True)
    figure.update_yaxes(ticksuffix=" %", rangemode="tozero")
    return figure


def run_loss(run: Run) -> go.Figure:
    """One run's loss on training and validation pictures by epoch, and by batch."""
    figure = go.Figure()
    if run.batch_losses:
        xs, ys = _with_gaps(run.batch_losses)
        line = {"color": _QUIET, "width": 1.2}
        figure.add_trace(_line(xs, ys, "Batches (augmented)", line, "%{y:.4g}"))
    if not _add_curves(figure, run.epochs, "loss", factor=1, unit=""):  # by an earlier version
        figure.add_trace(_epoch_line(run.epochs, "loss", "Training (augmented)", _line_style(0)))
    return _finished_by_epoch(figure, legend=True)


def _add_curves(
    figure: go.Figure, epochs: Sequence[EpochEnded], metric: str, *, factor: float, unit: str
) -> bool:
    """Add the training and the validation curve of a metric; whether both have values."""
    with_metric = [
        key for key in _CURVES if any(f"{key}_{metric}" in one.metrics for one in epochs)
    ]
    for key in with_metric:
        name, style = _CURVES[key]
        line = _epoch_line(epochs, f"{key}_{metric}", name, style, factor=factor, unit=unit)
        figure.add_trace(line)
    return len(with_metric) == len(_CURVES)


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
    """Parallel coordinates: one line per run through its settings to its accuracy.

    Args:
        columns: setting -> one value per run.
        accuracy: fractions, one per run.
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
        figure.add_trace(
            _epoch_line(epochs, metric, name, _line_style(at), factor=factor, unit=unit)
        )
    _finished_by_epoch(figure, legend=len(runs) > 1)
    if len(runs) > _MAX_LEGEND_COLUMNS:
        # Legend below the figure, which is made taller for it.
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
    figure = go.Figure(_line(xs, ys, "", _line_style(0), f"%{{y:.2f}}{unit}<extra></extra>"))
    _finished(figure, legend=False)
    figure.update_yaxes(rangemode="tozero", ticksuffix=unit)
    return figure


def _with_pauses(
    xs: Sequence[float], ys: Sequence[float]
) -> tuple[list[float], list[float | None]]:
    """Insert a gap in each pause, so that no line is drawn across it."""
    steps = np.diff(xs)
    xs_with_gaps, ys_with_gaps = list(xs), list[float | None](ys)
    if not len(steps):
        return xs_with_gaps, ys_with_gaps
    for at in reversed(np.flatnonzero(steps > _PAUSE_STEPS * np.median(steps)).tolist()):
        xs_with_gaps.insert(at + 1, (xs[at] + xs[at + 1]) / 2)
        ys_with_gaps.insert(at + 1, None)
    return xs_with_gaps, ys_with_gaps


def _epoch_line(  # noqa: PLR0913 - a line and how it looks
    epochs: Sequence[EpochEnded],
    metric: str,
    name: str,
    style: Mapping[str, Any],
    *,
    factor: float = 1,
    unit: str = "",
) -> go.Scatter:
    with_metric = [one for one in epochs if metric in one.metrics]
    xs = [float(one.epoch) for one in with_metric]
    ys = [round(one.metrics[metric] * factor, 6) for one in with_metric]
    line = _line(xs, ys, name, style, f"%{{y:.4g}}{unit}")
    return line.update(mode="lines+markers" if len(with_metric) < 30 else "lines")


def _line(
    xs: Sequence[float | None],
    ys: Sequence[float | None],
    name: str,
    style: Mapping[str, Any],
    hover: str,
) -> go.Scatter:
    return go.Scatter(
        x=list(xs), y=list(ys), name=name, mode="lines", line=dict(style), hovertemplate=hover
    )


def _line_style(at: int) -> dict[str, Any]:
    """Colour of the n-th line; dashes too when the colours are used up."""
    dash = _DASHES[at // len(_COLOURS) % len(_DASHES)]
    return {"color": _COLOURS[at % len(_COLOURS)], "width": 2, "dash": dash}


def _with_gaps(points: Sequence[LossPoint]) -> tuple[list[float | None], list[float | None]]:
    """Insert a gap between epochs, because the mean loss restarts with each."""
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


def has_points(figure: go.Figure) -> bool:
    """Whether there is anything to see in a figure."""
    return any(len(line.x) for line in figure.data)


def _finished_by_epoch(figure: go.Figure, *, legend: bool) -> go.Figure:
    """As `_finished`, with ticks at whole epochs."""
    last = max((x for line in figure.data for x in line.x if x is not None), default=1)
    _finished(figure, legend=legend)
    return figure.update_xaxes(dtick=count_step(math.ceil(last)))


def _finished(figure: go.Figure, *, legend: bool) -> go.Figure:
    apply_style(figure, height_px=HEIGHT_PX, l=52, t=32 if legend else 12, b=28)
    figure.update_layout(hovermode="x unified", showlegend=legend, legend=LEGEND_ABOVE)
    figure.update_xaxes(fixedrange=True, rangemode="tozero")
    figure.update_yaxes(fixedrange=True)
    return figure
