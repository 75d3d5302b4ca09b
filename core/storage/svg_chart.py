"""Static charts: lines and points with intervals on axes, laid out in pixels for a template.

A chart is a value of coordinates and text; `chart.svg.jinja` writes it as SVG and escapes the
text. No script, nothing fetched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from core.domain.counted import percent
from core.domain.intervals import Interval

_LEFT_PX, _RIGHT_PX, _TOP_PX, _BOTTOM_PX = 64, 22, 10, 40


@dataclass(frozen=True)
class Axis:
    """One axis.

    Attributes:
        low, high: its ends, in values.
        ticks: values that are written.
        title: what it measures.
        is_percent: whether ticks are fractions to be written in percent.
    """

    low: float
    high: float
    ticks: tuple[float, ...]
    title: str
    is_percent: bool = False

    def written(self, tick: float) -> str:
        """A tick as people read it."""
        return percent(tick) if self.is_percent else f"{tick:,.6g}"


FRACTION = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class Line:
    """A curve.

    Attributes:
        name: what it is; empty for the only one.
        path: of the SVG.
        colour: hexadecimal, or empty for the accent.
        dash: of the SVG; empty for a solid line.
    """

    name: str
    path: str
    colour: str = ""
    dash: str = ""


@dataclass(frozen=True)
class Point:
    """A point with its interval, vertical or horizontal.

    Attributes:
        x_px, y_px: of the point.
        low_px, high_px: ends of the interval, along y where `is_vertical`, else along x.
        is_vertical: whether the interval is vertical.
        colour: hexadecimal, or empty for the accent.
        is_open: drawn as a ring.
    """

    x_px: float
    y_px: float
    low_px: float
    high_px: float
    is_vertical: bool = True
    colour: str = ""
    is_open: bool = False


@dataclass(frozen=True)
class Tick:
    """A mark on an axis: where, and its label."""

    at_px: float
    label: str


@dataclass(frozen=True)
class Chart:
    """A chart in pixels.

    Attributes:
        title: what it shows, for screen readers.
        width_px, height_px: of the whole chart.
        left_px, right_px, top_px, bottom_px: edges of the plot area.
        x_ticks, y_ticks: along the axes.
        x_title, y_title: what they measure.
        lines, points: drawn into the plot area.
        diagonal: path of a line to compare with; empty for none.
    """

    title: str
    width_px: int
    height_px: int
    left_px: float
    right_px: float
    top_px: float
    bottom_px: float
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    x_title: str
    y_title: str
    lines: tuple[Line, ...] = ()
    points: tuple[Point, ...] = ()
    diagonal: str = ""


@dataclass(frozen=True)
class PlotArea:
    """Maps values to pixels.

    Args:
        x, y: the axes.
        width_px, height_px: of the whole chart.
        left_px: width of the labels of the y axis.
    """

    x: Axis
    y: Axis
    width_px: int = 330
    height_px: int = 250
    left_px: int = _LEFT_PX

    def x_px(self, value: float) -> float:
        """Pixels from the left, clipped to the plot area."""
        width_px = self.width_px - self.left_px - _RIGHT_PX
        return round(self.left_px + width_px * _within(value, self.x), 2)

    def y_px(self, value: float) -> float:
        """Pixels from the top, clipped to the plot area."""
        height_px = self.height_px - _TOP_PX - _BOTTOM_PX
        return round(self.height_px - _BOTTOM_PX - height_px * _within(value, self.y), 2)

    def path(self, xs: ArrayLike, ys: ArrayLike) -> str:
        """An SVG path through points, with gaps at values that are not finite."""
        parts, starts_line = [], True
        pairs = zip(np.asarray(xs, float).tolist(), np.asarray(ys, float).tolist(), strict=True)
        for x, y in pairs:
            if np.isfinite(x) and np.isfinite(y):
                parts.append(f"{'M' if starts_line else 'L'}{self.x_px(x):g} {self.y_px(y):g}")
                starts_line = False
            else:
                starts_line = True
        return " ".join(parts)

    def vertical(self, x: float, found: Interval, colour: str = "") -> Point:
        """A point with a vertical interval."""
        return Point(
            self.x_px(x),
            self.y_px(found.value),
            self.y_px(found.low),
            self.y_px(found.high),
            colour=colour,
        )

    def horizontal(
        self, found: Interval, y: float, colour: str = "", *, is_open: bool = False
    ) -> Point:
        """A point with a horizontal interval."""
        return Point(
            self.x_px(found.value),
            self.y_px(y),
            self.x_px(found.low),
            self.x_px(found.high),
            is_vertical=False,
            colour=colour,
            is_open=is_open,
        )

    def chart(
        self,
        title: str,
        lines: Sequence[Line] = (),
        points: Sequence[Point] = (),
        *,
        with_diagonal: bool = False,
        rows: Sequence[str] = (),
    ) -> Chart:
        """A chart of these lines and points.

        Args:
            with_diagonal: draw the line where both axes are equal.
            rows: labels of the y axis at 0, 1, 2, ..., in place of its ticks.
        """
        if rows:
            y_ticks = tuple(Tick(self.y_px(at), label) for at, label in enumerate(rows))
        else:
            y_ticks = tuple(Tick(self.y_px(at), self.y.written(at)) for at in self.y.ticks)
        ends = (max(self.x.low, self.y.low), min(self.x.high, self.y.high))
        return Chart(
            title=title,
            width_px=self.width_px,
            height_px=self.height_px,
            left_px=self.left_px,
            right_px=self.width_px - _RIGHT_PX,
            top_px=_TOP_PX,
            bottom_px=self.height_px - _BOTTOM_PX,
            x_ticks=tuple(Tick(self.x_px(at), self.x.written(at)) for at in self.x.ticks),
            y_ticks=y_ticks,
            x_title=self.x.title,
            y_title=self.y.title,
            lines=tuple(lines),
            points=tuple(points),
            diagonal=self.path(ends, ends) if with_diagonal else "",
        )


def ticks_between(low: float, high: float, *, most: int = 6) -> tuple[float, ...]:
    """Round values in a range: steps of 1, 2 or 5 times a power of ten."""
    if not high > low:
        return (low,)
    step = 10.0 ** np.floor(np.log10((high - low) / most))
    for factor in (1, 2, 5, 10):
        if (high - low) / (step * factor) <= most:
            step *= factor
            break
    first = np.ceil(low / step - 1e-9)
    return tuple(float(round(at * step, 10)) + 0.0 for at in np.arange(first, high / step + 1e-9))


def _within(value: float, scale: Axis) -> float:
    return float(np.clip((value - scale.low) / (scale.high - scale.low), 0.0, 1.0))
