"""What is drawn over the time of a lesson, from a board's view."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.classroom.board import FACING, INDEX, PRESENT, WINDOW_S, BoardView, Withheld
from core.classroom.exporters import FLAG_TITLES
from core.domain.classroom import ClassMark, MarkKind
from pages.parts.classroom.charts import LessonChart, ShareLine
from pages.parts.classroom.view_words import FIGURE_WORDS, FULL_SCALE

_STYLES = {PRESENT: ("#1F6FB2", "solid"), FACING: ("#34A464", "dash"), INDEX: ("#BA8B0C", "dot")}
NOT_MEASURED, WITHHELD = "Nobody measured", "Withheld"


def lesson_chart(view: BoardView, *, for_all: bool = False) -> LessonChart:
    """Shares of a lesson, windows without a figure, dips, flags by minute, and marks.

    Args:
        for_all: for a projector: without dips and flags.
    """
    count = len(view.windows)
    lines = [name for name in FIGURE_WORDS if name in view.series]
    unmeasured, withheld = np.zeros((2, count), dtype=bool)
    for name in lines:
        reasons = np.array([one or "" for one in view.series[name].withheld], dtype=object)
        is_unmeasured = reasons == Withheld.NOT_MEASURED
        unmeasured |= is_unmeasured
        withheld |= (reasons != "") & ~is_unmeasured
    joined = view.windows.joined
    missing = view.windows.not_measured
    return LessonChart(
        middle_s=view.windows.start_s.astype(np.float64) + WINDOW_S / 2,
        step_s=WINDOW_S,
        lines=[_line(view, name) for name in lines],
        gaps={NOT_MEASURED: unmeasured, WITHHELD: withheld},
        not_measured=np.divide(
            missing, joined, out=np.zeros(count, dtype=np.float64), where=joined > 0
        ),
        flags={} if for_all else _flags(view),
        marks=mark_words(view.marks),
        dips=() if for_all else _dips(view),
    )


def mark_words(marks: Sequence[ClassMark]) -> list[tuple[float, str]]:
    """Seconds and words of each mark, as charts write them: slides are counted."""
    slides, words = 0, []
    for mark in marks:
        slides += mark.kind is MarkKind.SLIDE
        own = mark.label or ("Topic" if mark.kind is MarkKind.TOPIC else "")
        words.append((mark.time_s, own or f"Slide {slides}"))
    return words


def _flags(view: BoardView) -> dict[str, np.ndarray]:
    return {
        words: view.flags.by_kind[kind]
        for kind, words in FLAG_TITLES.items()
        if kind in view.flags.by_kind
    }


def _dips(view: BoardView) -> list[tuple[float, float]]:
    """Stretches in which any figure dips: one that goes on ends now."""
    found = sorted(
        (one.begins_s, float(view.at_s) if one.ends_s is None else one.ends_s)
        for dips in view.dips.values()
        for one in dips
    )
    merged: list[tuple[float, float]] = []
    for begins_s, ends_s in found:
        if merged and begins_s <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], ends_s))
        else:
            merged.append((begins_s, ends_s))
    return merged


def _line(view: BoardView, name: str) -> ShareLine:
    series, scale = view.series[name], FULL_SCALE.get(name, 1.0)
    colour, dash = _STYLES[name]
    value, low, high = (one / scale for one in (series.value, series.low, series.high))
    return ShareLine(FIGURE_WORDS[name], colour, dash, value, low, high)
