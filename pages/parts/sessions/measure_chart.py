"""A measure over time as a Plotly figure: a pure function, in the style of `shell/charts.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.measures import Measure, Part
from pages.parts.sessions.charts import PART_COLOURS
from pages.parts.shell.charts import LEGEND_ABOVE, add_marks, apply_style
from pages.parts.shell.time_axis import clock_times, set_clock_axis

PARTS_OVER_TIME: Mapping[str, tuple[str, ...]] = {
    "facing": ("share",),
    "eyes": ("perclos",),
    "expressiveness": ("mean", "upper", "lower"),
    "tension": ("tension", "brow", "press", "roll"),
    "confident_stressed": ("confident", "stressed"),
}
"""Id of a measure -> its parts that are drawn over time."""

_AS_PERCENT = ("fraction", "ranges")
_HEIGHT_PX = 260
_NOT_MEASURED, _BAND_COLOUR = "Not measured", "rgba(128,138,150,0.28)"
_MS = 1000

OverTime = tuple[NDArray[np.float64], Mapping[str, NDArray[np.float64]]]
"""Middle of each step in seconds `(steps,)`, and name of a part -> its mean in each, `(steps,)`;
NaN where not measured."""


def parts_over_time(measure: Measure) -> list[Part]:
    """The parts of a measure that are drawn."""
    names = PARTS_OVER_TIME[measure.id]
    return [part for part in measure.parts if part.name in names]


def measure_over_time(
    measure: Measure, over_time: OverTime, marks: Sequence[tuple[float, str]] = ()
) -> go.Figure:
    """A line for each part; steps without a value are gaps with a grey band.

    Args:
        measure: with parts in `PARTS_OVER_TIME`.
        marks: (seconds since the session began, text); drawn as vertical lines.
    """
    middle_s, values = over_time
    x, step_s = clock_times(middle_s), float(np.diff(middle_s[:2]).sum())
    figure = go.Figure()
    parts = parts_over_time(measure)
    is_percent = parts[0].unit in _AS_PERCENT
    for at, (part, colour) in enumerate(zip(parts, PART_COLOURS, strict=False)):
        numbers = values[part.name] * (100 if is_percent else 1)
        figure.add_trace(
            go.Scatter(
                x=x,
                y=np.round(numbers, 2),
                name=_name_of(measure, part),
                mode="lines",
                connectgaps=False,
                cliponaxis=False,  # a line along the edge would lose half its width
                line={"color": colour, "width": 2.5 if at == 0 else 1.5},
                hovertemplate="%{y:.0f} %" if is_percent else "%{y:.2f}",
            )
        )
    figure.add_trace(_band(x, np.isnan(values[parts[0].name]), step_s))
    apply_style(figure, height_px=_HEIGHT_PX)
    figure.update_layout(hovermode="x unified", legend=LEGEND_ABOVE, bargap=0, showlegend=True)
    _set_axis(figure, parts[0].unit)
    hidden = {"overlaying": "y", "range": [0, 1], "visible": False, "fixedrange": True}
    figure.update_layout(yaxis2={**hidden, "ticksuffix": ""})
    add_marks(figure, marks, span_s=float(np.ptp(middle_s)))
    set_clock_axis(figure, last_s=float(middle_s[-1]))
    return figure


def _set_axis(figure: go.Figure, unit: str) -> None:
    """From 0, to 100 % where more is impossible."""
    if unit == "fraction":
        figure.update_yaxes(range=[0, 100], ticksuffix=" %", dtick=25, fixedrange=True)
        return
    suffix = "%" if unit in _AS_PERCENT else unit
    figure.update_yaxes(ticksuffix=f" {suffix}", rangemode="tozero", fixedrange=True)


def _name_of(measure: Measure, part: Part) -> str:
    """The name of a line: what moved; of classes the class, and of the measure itself its title."""
    if measure.id == "confident_stressed":
        return part.name.capitalize()
    return measure.title if part is measure.parts[0] else part.meaning.capitalize()


def _band(x: NDArray[np.datetime64], is_missing: NDArray[np.bool_], step_s: float) -> go.Bar:
    """A band over the steps without a value, on an axis of its own from 0 to 1."""
    return go.Bar(
        x=x,
        y=np.where(is_missing, 1.0, np.nan),
        yaxis="y2",
        width=step_s * _MS,
        name=_NOT_MEASURED,
        marker={"color": _BAND_COLOUR, "line": {"width": 0}},
        hovertemplate=" ",
    )
