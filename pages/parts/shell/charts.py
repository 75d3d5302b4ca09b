"""Domain values -> Plotly figures. Pure: no screen, no state, no clock.

Each figure is transparent and takes its text colours from the theme, has percent axes that do not
jump, and keeps the visitor's zoom and hidden lines over refreshes (`uirevision`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.domain import EmotionScores, Timeline
from core.domain.palette import NOT_SURE_COLOUR
from core.domain.wording import readable
from core.measures import Trend
from pages.parts.shell.theme import (
    colour_of,
    dash_of,
    duration,
    expression_word,
    percent,
    reason_word,
)

CONFIG = {"displayModeBar": False, "scrollZoom": False, "doubleClick": "reset"}
"""Give it to every `st.plotly_chart(..., config=CONFIG)`."""

LEGEND_ABOVE = {"orientation": "h", "yanchor": "bottom", "y": 1.02, "xanchor": "left", "x": 0}
"""A legend in one line over the figure."""

_LINE_HEIGHT_PX = 280
_MARGIN_PX = {"l": 48, "r": 8, "t": 36, "b": 28}
_ROW_PX = 30
_HOUR_S = 3600
_SECOND_MS = 1000
_CLEAR = "rgba(0,0,0,0)"
_GRID = "rgba(128,138,150,0.22)"
_TEMPLATES = ("hovertemplate", "texttemplate")
"""What of a figure is written by us, as Plotly's markup; everything else is letters."""

_PARALLEL = "dimensions"  # beside parallel axes Plotly writes ticks as they are

_MARK_WORDS = {"showarrow": False, "xanchor": "left", "yanchor": "top", "xshift": 2}
_MARK_LINE = {"color": NOT_SURE_COLOUR, "width": 1, "dash": "dot"}


def emotion_trend(
    timeline: Timeline,
    *,
    window_s: float,
    face_id: int | None = None,
    marks: Sequence[tuple[float, str]] = (),
) -> go.Figure:
    """The last seconds of one face, one line an expression.

    Args:
        timeline: everybody's rows, or those of a source with one person.
        window_s: how far back the axis goes; the newest moment is at its right end.
        face_id: whose; moments without this face are gaps. None where only one was watched.
        marks: (seconds since the session began, words); those in the window are drawn.
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
    calm(figure, height_px=_LINE_HEIGHT_PX)
    for time_s, words in marks:
        if time_s >= newest_s - window_s:
            _add_mark(figure, time_s - newest_s, words)
    figure.update_xaxes(range=[-window_s, 0], ticksuffix=" s", zeroline=False, fixedrange=True)
    return figure


def session_trend(trend: Trend, marks: Sequence[tuple[float, str]] = ()) -> go.Figure:
    """A whole session, or a part of one, one line an expression.

    Args:
        marks: (seconds since the session began, words); drawn as thin lines across.
    """
    figure = _lines(trend.scheme.labels, _clock(trend.time_s), trend.scores)
    calm(figure, height_px=_LINE_HEIGHT_PX)
    for time_s, words in marks:
        _add_mark(figure, _clock(np.array([time_s]))[0], words)
    # A clock, not a number of seconds: it stays readable at every zoom.
    clock = "%-H:%M:%S" if len(trend.time_s) and trend.time_s[-1] >= _HOUR_S else "%-M:%S"
    # Else two ticks of a session of seconds, or of one that was zoomed into, read the same.
    stops = [
        {"dtickrange": [None, _SECOND_MS - 1], "value": f"{clock}.%1f"},
        {"dtickrange": [_SECOND_MS, None], "value": clock},
    ]
    figure.update_xaxes(tickformat=clock, tickformatstops=stops, hoverformat=clock, zeroline=False)
    return figure


def distribution_bars(scores: EmotionScores | None, labels: tuple[str, ...]) -> go.Figure:
    """How one face scores now; empty bars while it is not usable.

    Args:
        labels: the scheme's, so that the bars keep their places while `scores` is None.
    """
    if scores is not None:
        return share_bars({label: scores[label] for label in labels}, labels)
    figure = share_bars(dict.fromkeys(labels, 0.0), labels)
    figure.update_traces(text=[""] * len(labels))  # nothing was measured: that is no zero
    return figure


def share_bars(shares: Mapping[str, float], labels: Sequence[str]) -> go.Figure:
    """One bar for each expression.

    Args:
        shares: label, or "not sure" -> fraction in [0, 1].
        labels: the scheme's: they say which colour is whose.
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
    # The longest reason fills the width but for its words.
    figure.update_xaxes(range=[0, max(lost.values(), default=0.0) * 1.25 or 1.0])
    return figure


def calm(figure: go.Figure, *, height_px: int, **margin_px: int) -> None:
    """What all our figures share: transparent, quiet lines, a zoom that survives refreshes.

    Args:
        margin_px: l, r, t or b, where the usual ones do not fit.
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


def as_letters(figure: go.Figure) -> go.Figure:
    """A figure as Plotly is given it: every text in it is drawn letter by letter.

    Plotly reads HTML in names, ticks, hover texts, titles and annotations: a label that is a link
    would be one. Give each figure through it to `st.plotly_chart`; only hover templates are markup,
    and hold no text from outside. A line ends at "\n".
    """
    traces = [trace.to_plotly_json() for trace in figure.data]
    given = {"data": traces, "layout": figure.layout.to_plotly_json()}
    drawn = _lettered(given)
    # To build a figure anew takes ten times as long as to look through it.
    return figure if drawn is given else go.Figure(drawn)


def letters(text: str) -> str:
    """A text that Plotly draws letter by letter; "\n" ends a line."""
    harmless = readable(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return harmless.replace("\n", "<br>")


def _lettered(part: Any, *, ticks_too: bool = True) -> Any:
    """The same part of a figure, with its texts as letters; itself where they are so already."""
    if isinstance(part, str):
        drawn = letters(part)
        return part if drawn == part else drawn
    if isinstance(part, np.ndarray):
        words = part.tolist() if part.dtype.kind in "OU" else ()
        drawn = _lettered(words)
        return part if drawn is words else drawn
    if isinstance(part, list | tuple):
        items = [_lettered(one, ticks_too=ticks_too) for one in part]
        return items if _changed(items, part) else part
    if not isinstance(part, dict):
        return part
    kept = _TEMPLATES if ticks_too else (*_TEMPLATES, "ticktext")
    told = {
        name: one if name in kept else _lettered(one, ticks_too=ticks_too and name != _PARALLEL)
        for name, one in part.items()
    }
    return told if _changed(told.values(), part.values()) else part


def _changed(now: Iterable[Any], before: Iterable[Any]) -> bool:
    return any(one is not other for one, other in zip(now, before, strict=True))


def _add_mark(figure: go.Figure, at: Any, words: str) -> None:
    """A thin line across, with its words."""
    figure.add_shape(type="line", x0=at, x1=at, yref="paper", y0=0, y1=1, line=_MARK_LINE)
    figure.add_annotation(x=at, yref="paper", y=1, text=words, **_MARK_WORDS)


def _clock(time_s: NDArray[np.float64]) -> NDArray[np.datetime64]:
    """Seconds since the session began as times of day, beginning at midnight."""
    return np.datetime64(0, "ms") + np.round(time_s * 1000).astype("timedelta64[ms]")


def _lines(labels: tuple[str, ...], x: NDArray[Any], scores: NDArray[np.float64]) -> go.Figure:
    figure = go.Figure()
    for column, label in enumerate(labels):
        figure.add_trace(
            go.Scatter(
                x=x,
                y=np.round(scores[:, column] * 100, 1),
                name=expression_word(label),
                mode="lines",
                connectgaps=False,  # a gap is unusable time; a line would invent it
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
    calm(figure, height_px=len(words) * _ROW_PX + 16)
    figure.update_layout(bargap=0.35, margin={"l": 84, "r": 44, "t": 4, "b": 4})
    figure.update_xaxes(visible=False, fixedrange=True)
    figure.update_yaxes(autorange="reversed", showgrid=False, fixedrange=True, automargin=True)
    return figure
