"""A lesson as Plotly figures: pure functions, in the style of `shell/charts.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from pages.parts.shell.charts import LEGEND_ABOVE, add_marks, apply_style
from pages.parts.shell.time_axis import clock_times, set_clock_axis

MOST_POINTS = 240
"""Of a line: of a lesson of two hours, one for each 30 seconds."""

_LESSON_PX, _FLAGS_PX = 300, 170  # of flags also two more rows of the legend
_LETTER_PX = 14
_MS, _MINUTE_MS = 1000, 60_000
_BAND_ALPHA = "2E"
_TOP_WITH_MARKS = 1.3  # texts of marks stand above 100 %, where most shares lie
_GAP_STYLE: Mapping[str, tuple[str, str]] = {
    "Nobody measured": ("rgba(128,138,150,0.30)", ""),
    "Withheld": ("rgba(128,138,150,0.12)", "/"),
}
FLAG_COLOURS = ("#A8480F", "#7A3E9D", "#1F6FB2", "#34A464", "#8A8D00", "#9E2A5B")
"""In the order of `FlagKind`."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ShareLine:
    """A share over a lesson.

    Attributes:
        title: in the legend.
        colour: hexadecimal.
        dash: Plotly's line style.
        value, low, high: fractions `(n,)`, with the ends of the 95 % interval; NaN where nothing
            is shown.
    """

    title: str
    colour: str
    dash: str
    value: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, eq=False)
class LessonChart:
    """What is drawn over the time of a lesson.

    Attributes:
        middle_s: middle of each window in seconds `(n,)`, increasing.
        step_s: length of a window.
        lines: with n values each.
        gaps: name of `_GAP_STYLE` -> windows `(n,)` of which nothing is shown for this reason.
        not_measured: share `(n,)` of learners who joined and were not measured.
        flags: words of a flag -> presses in each minute of the class.
        marks: (seconds, text), in time order.
        dips: (begins, ends) in seconds.
    """

    middle_s: Floats
    step_s: float
    lines: Sequence[ShareLine]
    gaps: Mapping[str, NDArray[np.bool_]]
    not_measured: Floats
    flags: Mapping[str, NDArray[np.int64]]
    marks: Sequence[tuple[float, str]] = ()
    dips: Sequence[tuple[float, float]] = ()


def lesson_figure(chart: LessonChart, *, scale: float = 1.0) -> go.Figure:
    """Shares with their 95 % intervals over the lesson; below them the share that was not
    measured, and flags by minute.

    Args:
        scale: of heights and texts, for a projector.
    """
    figure = go.Figure()
    group = max(1, -(-len(chart.middle_s) // MOST_POINTS))
    middle_s = grouped_mean(chart.middle_s, group)
    x = clock_times(middle_s)
    for line in chart.lines:
        _add_line(figure, x, line, group)
    for name, is_gap in _gaps(chart, group).items():
        if is_gap.any():
            figure.add_trace(_gap(x[is_gap], name, chart.step_s * group))
    if chart.dips:
        figure.add_trace(_dips(chart.dips))
    figure.add_trace(_not_measured(x, grouped_mean(chart.not_measured, group)))
    has_flags = any(counts.any() for counts in chart.flags.values())
    for (words, counts), colour in zip(chart.flags.items(), FLAG_COLOURS, strict=False):
        if counts.any():
            figure.add_trace(_flag_bars(words, counts, colour))
    height_px = round((_LESSON_PX + (_FLAGS_PX if has_flags else 0)) * scale)
    apply_style(figure, height_px=height_px)
    _set_axes(figure, chart, has_flags)
    if scale > 1:
        font = {"size": round(_LETTER_PX * scale)}
        figure.update_layout(font=font, legend={"font": font}, margin={"l": 110, "b": 60})
        figure.update_xaxes(tickfont=font)
        figure.update_yaxes(tickfont=font)
        figure.update_traces(line_width=4, selector={"mode": "lines", "fill": None})
    return figure


def grouped_mean(values: Floats, group: int) -> Floats:
    """Means of so many neighbours each, without NaN; NaN where all of a group are.

    Args:
        values: `(n,)`.
        group: at least 1; the last group may have fewer.
    """
    if group == 1 or not len(values):
        return values
    starts = np.arange(0, len(values), group)
    known = ~np.isnan(values)
    counts = np.add.reduceat(known.astype(float), starts)
    sums = np.add.reduceat(np.where(known, values, 0.0), starts)
    means: Floats = np.full(len(starts), np.nan)
    np.divide(sums, counts, out=means, where=counts > 0)
    return means


def _add_line(figure: go.Figure, x: NDArray[np.datetime64], line: ShareLine, group: int) -> None:
    value, low, high = (grouped_mean(one, group) for one in (line.value, line.low, line.high))
    band_x, band_y = _band_outline(x, low, high)
    figure.add_trace(
        go.Scatter(
            x=band_x,
            y=band_y,
            fill="toself",
            fillcolor=f"{line.colour}{_BAND_ALPHA}",
            line={"width": 0},
            mode="lines",
            legendgroup=line.title,
            showlegend=False,
            hoverinfo="skip",
        )
    )
    ends = np.stack([np.round(low * 100), np.round(high * 100)], axis=1)
    figure.add_trace(
        go.Scatter(
            x=x,
            y=np.round(value * 100, 1),
            customdata=ends,
            name=line.title,
            legendgroup=line.title,
            mode="lines",
            connectgaps=False,  # a line would suggest that something was measured
            cliponaxis=False,
            line={"color": line.colour, "width": 2.5, "dash": line.dash},
            hovertemplate="%{y:.0f} % [%{customdata[0]:.0f}, %{customdata[1]:.0f}]",
        )
    )


def _band_outline(
    x: NDArray[np.datetime64], low: Floats, high: Floats
) -> tuple[list[object], list[float | None]]:
    """An outline around each run of windows with an interval; None between two of them."""
    band_x: list[object] = []
    band_y: list[float | None] = []
    known = np.flatnonzero(~np.isnan(low))
    for run in np.split(known, np.flatnonzero(np.diff(known) > 1) + 1):
        if len(run) > 1:
            band_x += [*x[run], *x[run[::-1]], None]
            band_y += [*np.round(high[run] * 100, 1), *np.round(low[run[::-1]] * 100, 1), None]
    return band_x, band_y


def _gaps(chart: LessonChart, group: int) -> dict[str, NDArray[np.bool_]]:
    """Name of a gap -> which groups of windows have nothing to show for this reason."""
    free = np.zeros(-(-len(chart.middle_s) // group), dtype=bool)
    for line in chart.lines:
        free |= np.isnan(grouped_mean(line.value, group))
    found = {}
    for name, is_gap in chart.gaps.items():
        found[name] = free & (grouped_mean(is_gap.astype(float), group) > 0)
        free = free & ~found[name]
    return found


def _gap(x: NDArray[np.datetime64], name: str, step_s: float) -> go.Bar:
    """Columns over windows without a figure, on an axis of their own from 0 to 1."""
    colour, pattern = _GAP_STYLE[name]
    return go.Bar(
        x=x,
        y=np.ones(len(x)),
        yaxis="y2",
        width=step_s * _MS,
        name=name,
        marker={"color": colour, "line": {"width": 0}, "pattern": {"shape": pattern}},
        hovertemplate=" ",
    )


def _dips(dips: Sequence[tuple[float, float]]) -> go.Bar:
    """Columns over stretches below the class's own last ten minutes."""
    begins_s, ends_s = np.array(dips, dtype=np.float64).T
    return go.Bar(
        x=clock_times((begins_s + ends_s) / 2),
        y=np.ones(len(dips)),
        yaxis="y2",
        width=(ends_s - begins_s) * _MS,
        name="Dip",
        marker={"color": "rgba(122,62,157,0.16)", "line": {"width": 0}},
        hovertemplate=" ",
    )


def _not_measured(x: NDArray[np.datetime64], share: Floats) -> go.Scatter:
    """A band of its own: who is not measured is in none of the shares above."""
    return go.Scatter(
        x=x,
        y=np.round(share * 100, 1),
        yaxis="y4",
        name="Not measured",
        mode="lines",
        fill="tozeroy",
        fillcolor="rgba(128,138,150,0.35)",
        line={"width": 1, "color": "#7C8794", "shape": "hvh"},
        hovertemplate="%{y:.0f} %",
    )


def _flag_bars(words: str, counts: NDArray[np.int64], colour: str) -> go.Bar:
    minutes = np.flatnonzero(counts)
    return go.Bar(
        x=clock_times((minutes * 60 + 30).astype(np.float64)),
        y=counts[minutes],
        yaxis="y3",
        width=_MINUTE_MS * 0.9,
        name=words,
        marker={"color": colour, "line": {"width": 0}},
        hovertemplate="%{y:.0f}",
    )


def _set_axes(figure: go.Figure, chart: LessonChart, has_flags: bool) -> None:
    """Shares above, then what was not measured, then flags, on one time axis."""
    floor = 0.30 if has_flags else 0.0
    upper = {"domain": [floor + 0.20, 1], "fixedrange": True}
    top = _TOP_WITH_MARKS if chart.marks else 1.0
    small = {"fixedrange": True, "gridcolor": "rgba(128,138,150,0.22)", "zeroline": False}
    figure.update_layout(
        barmode="stack",
        bargap=0,
        hovermode="x unified",
        legend=LEGEND_ABOVE,
        showlegend=True,
        yaxis={
            **upper,
            "range": [0, 100 * top],
            "tickvals": [0, 25, 50, 75, 100],
            "ticktext": ["0 %", "25 %", "50 %", "75 %", "100 %"],
        },
        yaxis2={**upper, "overlaying": "y", "range": [0, top], "visible": False},
        yaxis3={
            **small,
            "domain": [0, max(0.01, floor - 0.10)],
            "rangemode": "tozero",
            "nticks": 3,
            "visible": has_flags,
        },
        yaxis4={
            **small,
            "domain": [floor, floor + 0.12],
            "range": [0, 100],
            "tickvals": [0, 100],
            "ticktext": ["0 %", "100 %"],
        },
    )
    figure.update_xaxes(anchor="y3" if has_flags else "y4")
    last_s = lesson_end_s(chart)
    add_marks(figure, chart.marks, span_s=last_s)
    set_lesson_axis(figure, last_s)


def lesson_end_s(chart: LessonChart) -> float:
    """Where the time axis of a lesson ends, in seconds: with its last window or minute of flags."""
    windows_end_s = float(chart.middle_s[-1]) + chart.step_s / 2 if len(chart.middle_s) else 0.0
    minutes = max((len(counts) for counts in chart.flags.values() if counts.any()), default=0)
    return max(60.0, windows_end_s, minutes * 60.0)


def set_lesson_axis(figure: go.Figure, last_s: float) -> None:
    """A time axis over the whole lesson, until `last_s` seconds."""
    set_clock_axis(figure, last_s=last_s)
    figure.update_xaxes(range=list(clock_times(np.array([0.0, last_s]))))
