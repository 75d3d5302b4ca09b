"""Robustness and subgroups -> Plotly figures, as `shell/charts.py` makes them."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from core.domain import Interval
from core.domain.counted import counted
from core.domain.wording import exactly, percent_ends
from core.evaluation.robustness import (
    CORRUPTIONS,
    QUALITY_MEASURES,
    AccuracyByQuality,
    CorruptionCurve,
    CorruptionPoint,
    DetectionCurve,
    range_of,
    written_on_frames,
)
from core.evaluation.subgroups import GroupsReport
from pages.parts.shell.charts import LEGEND_ABOVE, apply_style

_RIGHT, _SURE, _DOUBT, _QUIET = "#23807A", "#C2571A", "#7C8794", "#7C8794"
_BAND = "rgba(35,128,122,0.18)"
_CLEAN_BAND = "rgba(124,135,148,0.14)"
_HEIGHT_PX, _ROW_PX = 320, 38
_AS_IT_IS = "original"
_ALL = Interval(1.0, 1.0, 1.0)  # faces that are not found in the frames as they are do not count


def accuracy_along(curve: CorruptionCurve, clean: CorruptionPoint) -> go.Figure:
    """Accuracy by level with its interval, confidence and share of "not sure".

    Args:
        clean: metrics of the original pictures, drawn as a horizontal line.
    """
    corruption = CORRUPTIONS[curve.name]
    points = (clean, *curve.points)
    categories = [_AS_IT_IS, *(corruption.written(point.level) for point in curve.points)]
    figure = go.Figure()
    _add_clean(figure, clean.accuracy)
    _add_band(figure, categories, [point.accuracy for point in points])
    _add_line(figure, categories, [one.accuracy for one in points], "Accuracy", _RIGHT, "solid")
    _add_line(figure, categories, [one.confidence for one in points], "Confidence", _SURE, "dash")
    _add_line(figure, categories, [one.not_sure for one in points], "Not sure", _DOUBT, "dot")
    _finish(figure, corruption.axis)
    return figure


def found_along(curve: DetectionCurve) -> go.Figure:
    """Share of faces detected and usable, and of predictions that stay the same."""
    categories = [_AS_IT_IS, *(written_on_frames(curve, point.level) for point in curve.points)]
    figure = go.Figure()
    found = [_ALL, *(point.found for point in curve.points)]
    _add_band(figure, categories, found)
    _add_line(figure, categories, found, "Detected", _RIGHT, "solid")
    _add_line(
        figure, categories, [_ALL, *(one.usable for one in curve.points)], "Usable", _SURE, "dash"
    )
    same = [_ALL, *(one.same_label for one in curve.points)]
    _add_line(figure, categories, same, "Same prediction (of usable)", _DOUBT, "dot")
    _finish(figure, CORRUPTIONS[curve.name].axis)
    return figure


def natural_bars(found: AccuracyByQuality, clean: Interval) -> go.Figure:
    """Accuracy in each bin of a measure with intervals, and on all pictures as a line."""
    shares = [one.accuracy for one in found.bins]
    categories = [range_of(found.name, one) for one in found.bins]
    counts = [one.pictures for one in found.bins]
    if found.accuracy_elsewhere is not None:
        shares.append(found.accuracy_elsewhere)
        categories.append("not measurable")
        counts.append(found.not_measured)
    figure = go.Figure()
    _add_clean(figure, clean)
    figure.add_trace(
        go.Bar(
            x=categories,
            y=[round(one.value * 100, 2) for one in shares],
            error_y=_error_bars(shares),
            customdata=[
                _share_words(one, count) for one, count in zip(shares, counts, strict=True)
            ],
            hovertemplate="%{x}: %{customdata}<extra></extra>",
            marker={"color": _RIGHT, "opacity": 0.75, "line": {"width": 0}},
        )
    )
    _finish(figure, QUALITY_MEASURES[found.name].title)
    figure.update_layout(showlegend=False, bargap=0.4, hovermode="closest", margin={"t": 12})
    return figure


def group_dots(report: GroupsReport) -> go.Figure:
    """Accuracy of each group with its interval, by name; small groups are hollow."""
    groups = report.groups
    shares = [one.accuracy for one in groups]
    figure = go.Figure(
        go.Scatter(
            x=[round(one.value * 100, 2) for one in shares],
            y=[one.group for one in groups],
            mode="markers",
            error_x=_error_bars(shares),
            marker={
                "size": 10,
                "color": _RIGHT,
                "symbol": ["circle-open" if one.is_small else "circle" for one in groups],
            },
            customdata=[_share_words(one.accuracy, one.pictures) for one in groups],
            hovertemplate="%{y}: %{customdata}<extra></extra>",
        )
    )
    apply_style(figure, height_px=len(groups) * _ROW_PX + 60, l=110, t=10)
    figure.update_layout(showlegend=False)
    figure.update_xaxes(
        range=[0, 101], ticksuffix=" %", fixedrange=True, title={"text": "Accuracy"}
    )
    figure.update_yaxes(
        type="category",
        categoryorder="array",
        categoryarray=[one.group for one in reversed(groups)],
        fixedrange=True,
        automargin=True,
    )
    return figure


def _add_clean(figure: go.Figure, clean: Interval) -> None:
    """Draw the accuracy on the original pictures as a line with its interval."""
    figure.add_hrect(
        y0=clean.low * 100, y1=clean.high * 100, fillcolor=_CLEAN_BAND, line_width=0, layer="below"
    )
    figure.add_hline(
        y=clean.value * 100, line={"color": _QUIET, "width": 1, "dash": "dot"}, layer="below"
    )


def _add_band(figure: go.Figure, categories: Sequence[str], shares: Sequence[Interval]) -> None:
    """Two lines without a stroke, and what lies between them."""
    style = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False}
    figure.add_trace(go.Scatter(x=categories, y=[one.high * 100 for one in shares], **style))
    figure.add_trace(
        go.Scatter(
            x=categories,
            y=[one.low * 100 for one in shares],
            fill="tonexty",
            fillcolor=_BAND,
            **style,
        )
    )


def _add_line(  # noqa: PLR0913 - a line and how it looks
    figure: go.Figure,
    categories: Sequence[str],
    shares: Sequence[Interval | None],
    name: str,
    colour: str,
    dash: str,
) -> None:
    figure.add_trace(
        go.Scatter(
            x=list(categories),
            y=[None if one is None else round(one.value * 100, 2) for one in shares],
            name=name,
            mode="lines+markers",
            connectgaps=False,
            line={"color": colour, "width": 2, "dash": dash},
            marker={"size": 6},
            customdata=["" if one is None else percent_ends(one) for one in shares],
            hovertemplate="%{y:.1f} % %{customdata}",
        )
    )


def _finish(figure: go.Figure, axis: str) -> None:
    apply_style(figure, height_px=_HEIGHT_PX, b=52)
    figure.update_layout(hovermode="x unified", legend={**LEGEND_ABOVE, "traceorder": "normal"})
    figure.update_xaxes(type="category", title={"text": axis}, fixedrange=True, showgrid=False)
    figure.update_yaxes(range=[-2, 103], tick0=0, ticksuffix=" %", dtick=25, fixedrange=True)


def _error_bars(shares: Sequence[Interval]) -> dict[str, object]:
    return {
        "type": "data",
        "symmetric": False,
        "array": [(one.high - one.value) * 100 for one in shares],
        "arrayminus": [(one.value - one.low) * 100 for one in shares],
        "thickness": 1.4,
        "width": 4,
        "color": _QUIET,
    }


def _share_words(share: Interval, pictures: int) -> str:
    return f"{exactly(share)} of {counted(pictures, 'picture')}"
