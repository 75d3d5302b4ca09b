"""Charts for paper: lines, points with intervals and a scale, measured out for a template.

A drawing is a value that holds pixels and words only; `chart.svg.jinja` writes it down and escapes
every word. No script, nothing fetched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from core.domain import Interval

_LEFT_PX, _RIGHT_PX, _TOP_PX, _BOTTOM_PX = 64, 22, 10, 40


@dataclass(frozen=True)
class Scale:
    """One axis.

    Attributes:
        low, high: its ends, in values.
        ticks: values that are written.
        words: what it measures.
        is_percent: whether ticks are fractions to be written in percent.
    """

    low: float
    high: float
    ticks: tuple[float, ...]
    words: str
    is_percent: bool = False

    def written(self, tick: float) -> str:
        """A tick as people read it."""
        return f"{tick * 100:.0f} %" if self.is_percent else f"{tick:,.6g}"


FRACTION = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class Line:
    """A curve.

    Attributes:
        name: what it is; empty for the only one.
        path: of the SVG.
        colour: hexadecimal, or empty for the accent.
        dash: of the SVG; empty for a whole line.
    """

    name: str
    path: str
    colour: str = ""
    dash: str = ""


@dataclass(frozen=True)
class Point:
    """A point with its interval, upright or lying.

    Attributes:
        x_px, y_px: of the point.
        low_px, high_px: ends of the interval along `is_upright`'s direction.
        is_upright: whether the interval stands.
        colour: hexadecimal, or empty for the accent.
        is_open: drawn as a ring.
    """

    x_px: float
    y_px: float
    low_px: float
    high_px: float
    is_upright: bool = True
    colour: str = ""
    is_open: bool = False


@dataclass(frozen=True)
class Tick:
    """A mark on an axis: where, and its words."""

    at_px: float
    words: str


@dataclass(frozen=True)
class Chart:
    """A drawing, measured out.

    Attributes:
        title: what it shows, for whoever cannot see it.
        width_px, height_px: of the whole.
        left_px, right_px, top_px, bottom_px: edges of the field.
        x_ticks, y_ticks: along the axes.
        x_words, y_words: what they measure.
        lines, points: drawn into the field.
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
    x_words: str
    y_words: str
    lines: tuple[Line, ...] = ()
    points: tuple[Point, ...] = ()
    diagonal: str = ""


@dataclass(frozen=True)
class Field:
    """Where values stand in pixels.

    Args:
        x, y: the axes.
        width_px, height_px: of the whole drawing.
        left_px: room for the words of the upright axis.
    """

    x: Scale
    y: Scale
    width_px: int = 330
    height_px: int = 250
    left_px: int = _LEFT_PX

    def x_px(self, value: float) -> float:
        """Pixels from the left, kept within the field."""
        room = self.width_px - self.left_px - _RIGHT_PX
        return round(self.left_px + room * _within(value, self.x), 2)

    def y_px(self, value: float) -> float:
        """Pixels from the top, kept within the field."""
        room = self.height_px - _TOP_PX - _BOTTOM_PX
        return round(self.height_px - _BOTTOM_PX - room * _within(value, self.y), 2)

    def path(self, xs: ArrayLike, ys: ArrayLike) -> str:
        """An SVG path through points; not finite ones are gaps."""
        parts, begins = [], True
        pairs = zip(np.asarray(xs, float).tolist(), np.asarray(ys, float).tolist(), strict=True)
        for x, y in pairs:
            if np.isfinite(x) and np.isfinite(y):
                parts.append(f"{'M' if begins else 'L'}{self.x_px(x):g} {self.y_px(y):g}")
                begins = False
            else:
                begins = True
        return " ".join(parts)

    def upright(self, x: float, found: Interval, colour: str = "") -> Point:
        """A point whose interval stands."""
        return Point(
            self.x_px(x),
            self.y_px(found.value),
            self.y_px(found.low),
            self.y_px(found.high),
            colour=colour,
        )

    def lying(self, found: Interval, y: float, colour: str = "", *, is_open: bool = False) -> Point:
        """A point whose interval lies."""
        return Point(
            self.x_px(found.value),
            self.y_px(y),
            self.x_px(found.low),
            self.x_px(found.high),
            is_upright=False,
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
        """The drawing.

        Args:
            with_diagonal: draw where both axes are equal.
            rows: words of the upright axis at 0, 1, 2, ..., in place of its ticks.
        """
        if rows:
            y_ticks = tuple(Tick(self.y_px(at), words) for at, words in enumerate(rows))
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
            x_words=self.x.words,
            y_words=self.y.words,
            lines=tuple(lines),
            points=tuple(points),
            diagonal=self.path(ends, ends) if with_diagonal else "",
        )


def ticks_between(low: float, high: float, *, most: int = 6) -> tuple[float, ...]:
    """Round values in a stretch: steps of 1, 2 or 5 times a power of ten."""
    if not high > low:
        return (low,)
    step = 10.0 ** np.floor(np.log10((high - low) / most))
    for factor in (1, 2, 5, 10):
        if (high - low) / (step * factor) <= most:
            step *= factor
            break
    first = np.ceil(low / step - 1e-9)
    return tuple(float(round(at * step, 10)) + 0.0 for at in np.arange(first, high / step + 1e-9))


def _within(value: float, scale: Scale) -> float:
    return float(np.clip((value - scale.low) / (scale.high - scale.low), 0.0, 1.0))
