"""Figures of a board in words: titles, reasons, alerts."""

from __future__ import annotations

from collections.abc import Mapping

from core.classroom.board import (
    FACING,
    INDEX,
    PART_FIGURES,
    PRESENT,
    Alert,
    AlertKind,
    BoardView,
    Figure,
    LearnerCounts,
    Withheld,
)
from core.classroom.exporters import FIGURE_TITLES, FLAG_TITLES, StretchFigure
from core.domain.counted import counted, interval_ends, percent
from core.domain.intervals import Interval
from core.measures import PART_TITLES
from pages.parts.classroom.figures import NowFigure
from pages.parts.shell.theme import clock_time, expression_word

FIGURE_WORDS: Mapping[str, str] = {one: FIGURE_TITLES[one] for one in (PRESENT, FACING, INDEX)}
"""Name of a large figure -> as it is written on screen, as in files."""

FULL_SCALE: Mapping[str, float] = {INDEX: 100.0}
"""Highest value of figures that are no fractions."""


def now_figures(view: BoardView) -> list[NowFigure]:
    """The large figures, in this order; a class without any has none."""
    return [
        _now(words, view.now[name], view, FULL_SCALE.get(name, 1.0))
        for name, words in FIGURE_WORDS.items()
        if name in view.now
    ]


def part_figures(view: BoardView) -> list[NowFigure]:
    """Parts of the index, as shares."""
    return [
        _now(PART_TITLES[part], view.now[name], view)
        for part, name in PART_FIGURES.items()
        if name in view.now
    ]


def mix_figures(view: BoardView) -> list[NowFigure]:
    """Shares of learners by the expression shown now."""
    return [_now(expression_word(label), one, view) for label, one in view.mix_now.items()]


def withheld_words(why: Withheld, smallest_group: int) -> str:
    """Why there is no figure."""
    return {
        Withheld.NOT_MEASURED: "not measured",
        Withheld.TOO_FEW: f"withheld: fewer than {smallest_group}",
        Withheld.ONE_CHANGED: "waits a minute: group changed by 1",
        Withheld.ONE_LEFT: "withheld: one withdrew",
    }[why]


def too_few_words(view: BoardView) -> str:
    """When figures begin, in a sentence after the counts; empty where all cover enough learners."""
    if all(one.withheld is not Withheld.TOO_FEW for one in view.now.values()):
        return ""
    return f". Figures begin with {view.smallest_group} measured learners."


def count_words(counts: LearnerCounts) -> list[str]:
    """Learners by what their devices do; those of nobody are left out."""
    named = (
        (counts.measuring, "measured"),
        (counts.paused, "paused"),
        (counts.hidden, "tab hidden"),
        (counts.no_camera, "no camera"),
        (counts.silent, "connection lost"),
        (counts.flags_only, "flags only"),
        (counts.left, "left"),
    )
    return [f"{counts.joined} joined", *(f"{count} {words}" for count, words in named if count)]


def alert_words(alert: Alert) -> str:
    """What holds, and since when."""
    since = f"since {clock_time(alert.since_s)}"
    if alert.kind is AlertKind.FLAGS and alert.flag is not None:
        who = counted(alert.learners, "learner")
        return f"{FLAG_TITLES[alert.flag]}: {who} within a minute, {since}"
    words = FIGURE_WORDS.get(alert.figure, alert.figure)
    usual, value = (_level(one, alert.figure) for one in (alert.usual, alert.value))
    return f"{words} {value}, {since}; in the ten minutes before it was {usual}"


def stretch_words(figure: StretchFigure, name: str, smallest_group: int) -> str:
    """The mean of a figure over a slide or minute, with its interval, or why there is none."""
    if figure.value is None or figure.low is None or figure.high is None:
        why = figure.why_withheld or Withheld.NOT_MEASURED
        return withheld_words(why, smallest_group)
    to_percent = 1.0 if name in FULL_SCALE else 100.0
    ends = interval_ends(figure.low * to_percent, figure.high * to_percent, ".0f")
    return f"{_level(figure.value, name)} {ends}"


def _level(value: float | None, figure: str) -> str:
    if value is None:
        return "not known"
    return f"{value:.0f}" if figure in FULL_SCALE else percent(value)


def _now(words: str, figure: Figure, view: BoardView, scale: float = 1.0) -> NowFigure:
    if figure.value is None or figure.low is None or figure.high is None:
        why = figure.withheld or Withheld.NOT_MEASURED
        return NowFigure(words, None, withheld_words(why, view.smallest_group))
    ends = (one / scale for one in (figure.value, figure.low, figure.high))
    return NowFigure(words, Interval(*ends), f"of {figure.n}", is_share=scale == 1.0)
