"""Figures of now, in large letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape

import streamlit as st

from core.domain.counted import interval_ends, percent
from core.domain.intervals import Interval
from pages.parts.shell.theme import plain

_STYLE = """<style>
.class-figures { display: flex; flex-wrap: wrap; gap: .6em 1.9em; }
/* As wide as the widest number, whatever is written below: otherwise its neighbours move. */
.class-figure { min-width: 7.8em; }
.class-figures.small { font-size: .8rem; gap: .6em 1.2em; }
.small .class-value { font-size: 2em; }
.class-title { font-size: 1em; opacity: .82; }
.class-value { font-size: 2.7em; font-variant-numeric: tabular-nums; font-weight: 600;
  line-height: 1.1; white-space: nowrap; }
.class-ends { font-size: .9em; font-variant-numeric: tabular-nums; min-height: 1.5em;
  min-width: 100%; opacity: .78; white-space: nowrap; width: 0; }
</style>"""
_NO_FIGURE = "-"


@dataclass(frozen=True)
class NowFigure:
    """One figure.

    Attributes:
        title: what it is a share of.
        interval: with its 95 % interval; None where nothing is shown.
        note: of how many, or why nothing is shown.
        is_share: whether it is written in percent; otherwise as 0 to 100.
    """

    title: str
    interval: Interval | None
    note: str = ""
    is_share: bool = True


def draw_figures(figures: Sequence[NowFigure], *, size: str = "1rem") -> None:
    """Figures beside each other.

    Args:
        size: of the letters around them, as CSS; the figures are 2.7 times as large.
    """
    shown = "".join(_html_of(one) for one in figures)
    st.html(f'{_STYLE}<div class="class-figures" style="font-size:{escape(size)}">{shown}</div>')


def draw_small_figures(title: str, figures: Sequence[NowFigure]) -> None:
    """What a figure is made of: a title, and small figures. Where there is none, and for one
    reason, the title says it once.
    """
    notes = {one.note for one in figures}
    if len(notes) == 1 and all(one.interval is None for one in figures):
        title = f"{title} ({notes.pop()})"
        figures = [replace(one, note="") for one in figures]
    st.caption(plain(title))
    if shown := "".join(_html_of(one) for one in figures):
        st.html(f'{_STYLE}<div class="class-figures small">{shown}</div>')


def _html_of(figure: NowFigure) -> str:
    value, ends = _NO_FIGURE, ""
    if figure.interval is not None:
        low, high = 100 * figure.interval.low, 100 * figure.interval.high
        value = _written(figure.interval.value, figure.is_share)
        ends = f"{interval_ends(low, high, '.0f')} "
    return (
        f'<div class="class-figure"><div class="class-title">{escape(figure.title)}</div>'
        f'<div class="class-value">{escape(value)}</div>'
        f'<div class="class-ends">{escape(ends + figure.note)}</div></div>'
    )


def _written(share: float, is_share: bool) -> str:
    return percent(share) if is_share else f"{100 * share:.0f}"
