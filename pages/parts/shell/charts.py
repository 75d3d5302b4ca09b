"""Domain values -> Plotly figures. Pure functions: no Streamlit, no state, no clock.

Each figure is transparent and takes its text colours from the theme, has fixed percent axes, and
keeps the visitor's zoom and hidden lines over reruns (`uirevision`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.domain import EmotionScores, Timeline
from core.domain.palette import NOT_SURE_COLOUR
from core.domain.wording import printable_name
from core.measures import Trend
from pages.parts.shell.theme import (
    colour_of,
    dash_of,
    duration,
    expression_word,
    percent,
    reason_word,
)
from pages.parts.shell.time_axis import clock_times, set_clock_axis

CONFIG = {"displayModeBar": False, "scrollZoom": False, "doubleClick": "reset"}
"""Pass it to every `st.plotly_chart(..., config=CONFIG)`."""

LEGEND_ABOVE = {"orientation": "h", "yanchor": "bottom", "y": 1.02, "xanchor": "left", "x": 0}
"""A horizontal legend above the figure."""

_LINE_HEIGHT_PX = 280
_MARGIN_PX = {"l": 48, "r": 8, "t": 36, "b": 28}
_ROW_PX = 30
_CLEAR = "rgba(0,0,0,0)"
_GRID = "rgba(128,138,150,0.22)"
_TEMPLATES = ("hovertemplate", "texttemplate")
"""Properties that contain our own markup; all other texts are escaped."""

_WITHOUT_TEXT = frozenset({int, float, bool, type(None), np.float64, np.int64})
_PARALLEL = "dimensions"  # at parallel axes Plotly draws tick texts literally

_MARK_TEXT = {"showarrow": False, "xanchor": "left", "yanchor": "top", "xshift": 2}
_MARK_ROWS, _MARK_ROW_PX = 6, 16
_MARK_LETTER = 0.012  # of the axis: that of a chart 600 px wide, and so enough on wider ones
_MARK_LINE = {"color": NOT_SURE_COLOUR, "width": 1, "dash": "dot"}


def emotion_trend(
    timeline: Timeline,
    *,
    window_s: float,
    face_id: int | None = None,
    marks: Sequence[tuple[float, str]] = (),
) -> go.Figure:
    """The last seconds of one face, one line per expression.

    Args:
        timeline: rows of all faces, or those of a source with one person.
        window_s: length of the axis; the newest frame is at its right end.
        face_id: whose; frames without this face are gaps. None where there is only one.
        marks: (seconds since the session began, text); those in the window are drawn.
    """
    newest_s = float(timeline.time_s[-1]) if len(timeline) else 0.0
    recent = timeline.since(newest_s - window_s)
    seen = recent.usable
    if face_id is not None:
        own = recent.face_id == face_id
        without = ~np.isin(recent.time_s, recent.time_s[own])
        recent, seen = recent.where(own | without), (own & seen)[own | without]
    scores = np.where(seen[:, None], recent.steady, np.nan)
    figure = _lines(recent.scheme.labels, np.round(recent.time_s - newest_s, 2), scores)
    apply_style(figure, height_px=_LINE_HEIGHT_PX)
    recent_marks = [mark for mark in marks if mark[0] >= newest_s - window_s]
    for (time_s, words), row in zip(recent_marks, _text_rows(recent_marks, window_s), strict=True):
        _add_mark(figure, time_s - newest_s, words, row)
    figure.update_xaxes(range=[-window_s, 0], ticksuffix=" s", zeroline=False, fixedrange=True)
    return figure


def session_trend(trend: Trend, marks: Sequence[tuple[float, str]] = ()) -> go.Figure:
    """A session, or a part of one, one line per expression.

    Args:
        marks: (seconds since the session began, text); drawn as vertical lines.
    """
    figure = _lines(trend.scheme.labels, clock_times(trend.time_s), trend.scores)
    apply_style(figure, height_px=_LINE_HEIGHT_PX)
    add_marks(figure, marks, span_s=float(np.ptp(trend.time_s)) if len(trend.time_s) else 0.0)
    set_clock_axis(figure, last_s=float(trend.time_s[-1]) if len(trend.time_s) else 0.0)
    return figure


def add_marks(figure: go.Figure, marks: Sequence[tuple[float, str]], *, span_s: float) -> None:
    """Vertical lines with texts, on an axis of `clock_times`.

    Args:
        marks: (seconds since the session began, text), in time order.
        span_s: length of the axis.
    """
    for (time_s, words), row in zip(marks, _text_rows(marks, span_s), strict=True):
        _add_mark(figure, clock_times(np.array([time_s]))[0], words, row)


def distribution_bars(scores: EmotionScores | None, labels: tuple[str, ...]) -> go.Figure:
    """The current scores of one face; empty bars while it is not usable.

    Args:
        labels: the scheme's, so that the bars keep their order while `scores` is None.
    """
    if scores is not None:
        return share_bars({label: scores[label] for label in labels}, labels)
    figure = share_bars(dict.fromkeys(labels, 0.0), labels)
    figure.update_traces(text=[""] * len(labels))  # not measured: that is not zero
    return figure


def share_bars(shares: Mapping[str, float], labels: Sequence[str]) -> go.Figure:
    """One bar for each expression.

    Args:
        shares: label, or "not sure" -> fraction in [0, 1].
        labels: the scheme's: they determine the colours.
    """
    words = [expression_word(label) for label in shares]
    colours = [colour_of(label, labels) for label in shares]
    figure = _bars(words, [round(share * 100, 1) for share in shares.values()], colours)
    figure.update_traces(text=[percent(share) for share in shares.values()])
    figure.update_xaxes(range=[0, 100])
    return figure


def lost_bars(lost: Mapping[str, float]) -> go.Figure:
    """Why time was not usable, longest first.

    Args:
        lost: `RejectReason` value -> seconds.
    """
    longest = sorted(lost.items(), key=lambda item: -item[1])
    words = [reason_word(reason) for reason, _ in longest]
    figure = _bars(words, [seconds for _, seconds in longest], [NOT_SURE_COLOUR] * len(longest))
    figure.update_traces(text=[duration(seconds) for _, seconds in longest])
    # The longest bar fills the width, with space for its text.
    figure.update_xaxes(range=[0, max(lost.values(), default=0.0) * 1.25 or 1.0])
    return figure


def apply_style(figure: go.Figure, *, height_px: int, **margin_px: int) -> None:
    """The common style of all figures: transparent, light grid, a zoom that survives reruns.

    Args:
        margin_px: l, r, t or b, where the default does not fit.
    """
    figure.update_layout(
        height=height_px,
        margin={**_MARGIN_PX, **margin_px},
        paper_bgcolor=_CLEAR,
        plot_bgcolor=_CLEAR,
        uirevision="steady",
        transition={"duration": 0},
        dragmode=False,
    )
    figure.update_xaxes(gridcolor=_GRID, linecolor=_GRID)
    figure.update_yaxes(gridcolor=_GRID, zeroline=False)


def count_step(largest: int) -> int:
    """The step of an axis of whole numbers: 1, 2 or 5 times a power of ten, at most ten steps."""
    power = 1
    while True:
        for step in (power, 2 * power, 5 * power):
            if largest <= 10 * step:
                return step
        power *= 10


def escape_figure(figure: go.Figure) -> go.Figure:
    """A figure with every text escaped, so that Plotly draws it literally.

    Plotly parses HTML in names, ticks, hover texts, titles and annotations: a label could contain a
    link. Pass each figure through it to `st.plotly_chart`; only hover templates are markup, and
    contain no untrusted text. A line ends at "\n".
    """
    traces = [trace.to_plotly_json() for trace in figure.data]
    parts = {"data": traces, "layout": figure.layout.to_plotly_json()}
    escaped = _escaped(parts)
    # Building a new figure takes ten times as long as checking the old one.
    return figure if escaped is parts else go.Figure(escaped)


def escape_text(text: str) -> str:
    """A text that Plotly draws literally; "\n" ends a line."""
    escaped = printable_name(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped.replace("\n", "<br>")


def _escaped(part: Any, *, ticks_too: bool = True) -> Any:
    """A part of a figure with its texts escaped; the same object where nothing changed."""
    if isinstance(part, str):
        text = escape_text(part)
        return part if text == part else text
    if isinstance(part, np.ndarray):
        texts = part.tolist() if part.dtype.kind in "OU" else ()
        escaped = _escaped(texts)
        return part if escaped is texts else escaped
    if isinstance(part, list | tuple):
        if _WITHOUT_TEXT.issuperset(map(type, part)):
            return part  # the numbers of a trace: thousands, on every rerun
        items = [_escaped(one, ticks_too=ticks_too) for one in part]
        return items if _changed(items, part) else part
    if not isinstance(part, dict):
        return part
    unchanged = _TEMPLATES if ticks_too else (*_TEMPLATES, "ticktext")
    values = {
        name: one if name in unchanged else _escaped(one, ticks_too=ticks_too and name != _PARALLEL)
        for name, one in part.items()
    }
    return values if _changed(values.values(), part.values()) else part


def _changed(now: Iterable[Any], before: Iterable[Any]) -> bool:
    return any(one is not other for one, other in zip(now, before, strict=True))


def _text_rows(marks: Sequence[tuple[float, str]], span_s: float) -> list[int]:
    """The row of each mark's text, from the top: texts of marks close together do not overlap.

    Args:
        marks: (seconds, text), in time order.
        span_s: length of the axis.
    """
    ends_s: list[float] = []
    rows = []
    for time_s, words in marks:
        width_s = span_s * min(1.0, len(words) * _MARK_LETTER)
        row = next((at for at, end_s in enumerate(ends_s) if end_s <= time_s), len(ends_s))
        if row == _MARK_ROWS:  # more than that hide the lines
            row = int(np.argmin(ends_s))
        ends_s[row : row + 1] = [time_s + width_s]
        rows.append(row)
    return rows


def _add_mark(figure: go.Figure, at: Any, words: str, row: int) -> None:
    """A vertical line with its text in a row, from the top."""
    figure.add_shape(type="line", x0=at, x1=at, yref="paper", y0=0, y1=1, line=_MARK_LINE)
    figure.add_annotation(
        x=at, yref="paper", y=1, yshift=-row * _MARK_ROW_PX, text=words, **_MARK_TEXT
    )


def _lines(labels: tuple[str, ...], x: NDArray[Any], scores: NDArray[np.float64]) -> go.Figure:
    figure = go.Figure()
    for column, label in enumerate(labels):
        figure.add_trace(
            go.Scatter(
                x=x,
                y=np.round(scores[:, column] * 100, 1),
                name=expression_word(label),
                mode="lines",
                connectgaps=False,  # a gap is unusable time; a line would suggest data
                line={
                    "color": colour_of(label, labels),
                    "width": 2,
                    "dash": dash_of(label, labels),
                },
                hovertemplate="%{y:.0f} %",
            )
        )
    figure.update_layout(
        hovermode="x unified",
        legend=LEGEND_ABOVE,
    )
    figure.update_yaxes(range=[0, 100], ticksuffix=" %", dtick=25, fixedrange=True)
    return figure


def _bars(words: list[str], lengths: list[float], colours: list[str]) -> go.Figure:
    figure = go.Figure(
        go.Bar(
            x=lengths,
            y=words,
            orientation="h",
            marker={"color": colours, "line": {"width": 0}},
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y}: %{text}<extra></extra>",
        )
    )
    apply_style(figure, height_px=len(words) * _ROW_PX + 16)
    figure.update_layout(bargap=0.35, margin={"l": 84, "r": 44, "t": 4, "b": 4})
    figure.update_xaxes(visible=False, fixedrange=True)
    figure.update_yaxes(autorange="reversed", showgrid=False, fixedrange=True, automargin=True)
    return figure
