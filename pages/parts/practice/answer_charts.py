"""Figures about answers: pure functions, in the style of `shell/charts.py`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.domain import CONFIDENT2
from core.domain.palette import NOT_SURE_COLOUR, label_styles
from core.domain.practice import HIGHEST_RATING
from core.practice import (
    CALM,
    FRACTION,
    RANGES,
    RATING,
    AnswerMeasure,
    ComparedMeasure,
    DailyMean,
    MeasuredAnswer,
)
from pages.parts.shell.charts import LEGEND_ABOVE, add_marks, apply_style
from pages.parts.shell.time_axis import clock_times, set_clock_axis

ACCENT = "#5A86FF"  # 3:1 against white and the dark theme, as those of the palette
_HEIGHT_PX, _ROW_PX, _PLOT_PX = 170, 34, 300
_BAND = "rgba(128,138,150,0.18)"
_JUMP = "rgba(90,134,255,0.16)"
_AROUND_S, _MOST_LABELS = 3.0, 6  # labels that fit beside each other on a phone
_AS_PERCENT = {FRACTION, RANGES}

Stretch = tuple[float, float]
"""Seconds of an answer, from and to."""


def over_time(
    measure: AnswerMeasure,
    answer: MeasuredAnswer,
    *,
    shown: Stretch | None = None,
) -> go.Figure:
    """A measure second by second; seconds without a value are gaps, moments are grey bands.

    Args:
        measure: one with a series.
        shown: the stretch that is jumped to; None shows the whole answer.
    """
    times_s, length_s = answer.series.time_s, max(1.0, answer.figures.length_s)
    figure = go.Figure()
    if measure.series == "confident":
        look = label_styles(CONFIDENT2.labels)
        for label, values in (
            ("confident", answer.series.confident),
            ("stressed", answer.series.stressed),
        ):
            line = {"color": look[label].colour, "dash": look[label].dash, "width": 2}
            figure.add_trace(_line(times_s, values * 100, label.capitalize(), line))
    else:
        scale = 100 if measure.unit in _AS_PERCENT else 1
        numbers = np.asarray(measure.per_second(answer), dtype=np.float64) * scale
        figure.add_trace(_line(times_s, numbers, measure.title, {"color": ACCENT, "width": 2}))
    apply_style(figure, height_px=_HEIGHT_PX, t=8 if len(figure.data) == 1 else 36)
    figure.update_layout(
        hovermode="x unified", legend=LEGEND_ABOVE, showlegend=len(figure.data) > 1
    )
    _set_value_axis(figure, measure)
    for moment in answer.moments:
        _add_band(figure, (moment.begins_s, moment.ends_s), _BAND)
    marks = [(one.time_s, one.words) for one in answer.marks]
    add_marks(figure, marks, span_s=length_s)
    set_clock_axis(figure, last_s=length_s)
    _show(figure, length_s, shown)
    return figure


def _line(
    times_s: NDArray[np.float64], values: NDArray[np.float64], name: str, line: dict[str, object]
) -> go.Scatter:
    is_alone = _stand_alone(values)
    return go.Scatter(
        x=clock_times(times_s),
        y=np.round(values, 2),
        name=name,
        mode="lines+markers" if is_alone.any() else "lines",
        marker={"size": np.where(is_alone, 4, 0), "color": line["color"]},
        connectgaps=False,  # a gap is unusable time; a line would suggest data
        cliponaxis=False,
        line=line,
    )


def _stand_alone(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Seconds between two without a value: no line passes through them."""
    missing = np.isnan(np.concatenate([[np.nan], values, [np.nan]]))
    return np.asarray(~missing[1:-1] & missing[:-2] & missing[2:])


def _set_value_axis(figure: go.Figure, measure: AnswerMeasure) -> None:
    if measure.unit == FRACTION:
        figure.update_yaxes(range=[0, 104], ticksuffix=" %", dtick=50, fixedrange=True)
    elif measure.unit == RANGES:
        figure.update_yaxes(ticksuffix=" %", rangemode="tozero", nticks=4, fixedrange=True)
    else:
        figure.update_yaxes(ticksuffix=f" {measure.unit}", nticks=4, fixedrange=True)


def _show(figure: go.Figure, length_s: float, shown: Stretch | None) -> None:
    """The whole answer, or a stretch of it with some seconds around."""
    begins_s, ends_s = 0.0, length_s
    if shown is not None:
        _add_band(figure, shown, _JUMP)
        begins_s = max(0.0, shown[0] - _AROUND_S)
        ends_s = min(length_s, shown[1] + _AROUND_S)
    ends = clock_times(np.array([begins_s, max(ends_s, begins_s + 1.0)]))
    figure.update_xaxes(range=[str(one) for one in ends], fixedrange=True)
    figure.update_layout(uirevision=f"{begins_s} {ends_s}")  # a jump moves a kept zoom too


def _add_band(figure: go.Figure, stretch: Stretch, colour: str) -> None:
    begins, ends = (str(one) for one in clock_times(np.array(stretch)))
    figure.add_vrect(x0=begins, x1=ends, fillcolor=colour, line_width=0, layer="below")


def tries_chart(compared: ComparedMeasure, numbers: Sequence[int]) -> go.Figure:
    """A point with its interval for each try; a try without a value is an empty row.

    Args:
        numbers: of the tries.
    """
    scale = 100 if compared.measure.unit in _AS_PERCENT else 1
    rows = [f"Try {number}" for number in numbers]
    values = [np.nan if one.value is None else one.value * scale for one in compared.tries]
    below, above = [], []
    for one, value in zip(compared.tries, values, strict=True):
        found = one.interval
        below.append(0.0 if found is None else max(0.0, value - found.low * scale))
        above.append(0.0 if found is None else max(0.0, found.high * scale - value))
    figure = go.Figure(
        go.Scatter(
            x=values,
            y=rows,
            mode="markers",
            marker={"size": 9, "color": ACCENT},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": above,
                "arrayminus": below,
                "color": ACCENT,
                "thickness": 1.5,
            },
            cliponaxis=False,
        )
    )
    apply_style(figure, height_px=len(rows) * _ROW_PX + 40, l=56, t=4)
    figure.update_yaxes(autorange="reversed", showgrid=False, fixedrange=True)
    suffix = " %" if compared.measure.unit in _AS_PERCENT else f" {compared.measure.unit}"
    figure.update_xaxes(ticksuffix=suffix, fixedrange=True, nticks=5)
    if compared.measure.unit == FRACTION:
        figure.update_xaxes(range=[0, 104], dtick=50)
    return figure


def days_chart(
    measure: AnswerMeasure, points: Sequence[tuple[str, float]], means: Sequence[DailyMean]
) -> go.Figure:
    """A point for each answer, and the mean of each day.

    Args:
        points: (day as ISO 8601, value) of each answer.
        means: of each day.
    """
    scale = 100 if measure.unit in _AS_PERCENT else 1
    figure = go.Figure()
    figure.add_trace(
        go.Scatter(
            x=[day for day, _ in points],
            y=[round(value * scale, 2) for _, value in points],
            name="An answer",
            mode="markers",
            marker={"size": 7, "color": NOT_SURE_COLOUR, "opacity": 0.6},
        )
    )
    figure.add_trace(
        go.Scatter(
            x=[one.day.isoformat() for one in means],
            y=[round(one.mean * scale, 2) for one in means],
            customdata=[one.answers for one in means],
            hovertemplate="%{y:.2f}, n = %{customdata}",
            name="Mean of the day",
            mode="lines+markers",
            line={"color": ACCENT, "width": 2},
            marker={"size": 9},
        )
    )
    apply_style(figure, height_px=_PLOT_PX, b=44)
    figure.update_layout(legend=LEGEND_ABOVE)
    suffix = " %" if measure.unit in _AS_PERCENT else f" {measure.unit}"
    figure.update_yaxes(ticksuffix=suffix, fixedrange=True, nticks=6)
    if measure.unit == FRACTION:
        figure.update_yaxes(range=[0, 104])
    elif measure.unit == RATING:
        figure.update_yaxes(range=[-0.4, HIGHEST_RATING + 0.4], ticksuffix="")
    _set_day_axis(figure, means)
    return figure


def _set_day_axis(figure: go.Figure, means: Sequence[DailyMean]) -> None:
    """Days, and where there is room how many answers each has."""
    figure.update_xaxes(type="date", dtick=_day_step(means), tickformat="%d %b", fixedrange=True)
    if len(means) <= _MOST_LABELS:
        figure.update_xaxes(
            tickmode="array",
            tickvals=[one.day.isoformat() for one in means],
            ticktext=[f"{one.day:%d %b}\nn = {one.answers}" for one in means],
        )


def _day_step(means: Sequence[DailyMean]) -> int:
    """Milliseconds between ticks: whole days, at most eight."""
    days = (means[-1].day - means[0].day).days if means else 0
    return 86_400_000 * max(1, -(-days // 8))


def agreement_chart(
    measure: AnswerMeasure, reported: Sequence[float], measured: Sequence[float]
) -> go.Figure:
    """The person's own view of their calm against a measure, a point for each answer.

    Args:
        reported: of `CALM`, one for each answer.
        measured: likewise, in the unit of the measure.
    """
    scale = 100 if measure.unit in _AS_PERCENT else 1
    figure = go.Figure(
        go.Scatter(
            x=list(reported),
            y=[round(one * scale, 2) for one in measured],
            mode="markers",
            marker={"size": 9, "color": ACCENT, "opacity": 0.7},
        )
    )
    apply_style(figure, height_px=_PLOT_PX, b=44, t=8)
    figure.update_xaxes(range=[-0.5, 10.5], dtick=2, title=CALM.title, fixedrange=True)
    suffix = " %" if measure.unit in _AS_PERCENT else f" {measure.unit}"
    figure.update_yaxes(ticksuffix=suffix, fixedrange=True, nticks=6)
    return figure
