"""A lesson by minute, and by slide or topic: what its board showed, and no more.

Everything follows from figures that were shown (`BoardView`), so that no table tells of one learner
what the board did not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core.classroom.board.agreement import SAYING_FLAGS, DipAgreement, dip_agreement
from core.classroom.board.alerts import Dip
from core.classroom.board.shown_here import MIX
from core.classroom.board.sums import LONGEST_S
from core.classroom.board.view import (
    PRESENT,
    WINDOW_S,
    AskedQuestion,
    BoardView,
    FigureSeries,
    Withheld,
)
from core.classroom.exporters.class_words import limits_of
from core.domain.classroom import Classroom, FlagKind, MarkKind

MINUTE_S = 60


@dataclass(frozen=True)
class StretchFigure:
    """One figure over a stretch of the lesson.

    Attributes:
        value: mean of its shown windows, in the unit of `core.classroom.board.Figure`; None where
            none was shown.
        low, high: means of the ends of their 95 % intervals: as wide as that of one window, since
            the learners are the same ones.
        shown_s: seconds of the shown windows.
        withheld_s: reason -> seconds without a figure.
    """

    value: float | None
    low: float | None
    high: float | None
    shown_s: int
    withheld_s: Mapping[Withheld, int]

    @property
    def why_withheld(self) -> Withheld | None:
        """The reason of most seconds without a figure; None where all were shown."""
        return max(self.withheld_s, key=self.withheld_s.__getitem__, default=None)


@dataclass(frozen=True)
class Stretch:
    """A minute, or a slide or topic.

    Attributes:
        number: of the minute, or of the mark, from 1; 0 is what came before the first mark.
        label: of the mark, as the teacher wrote it: to be escaped. Empty for a minute.
        begins_s, ends_s: seconds of the class. Windows count where their middle lies between.
        joined, measured, usable: mean numbers of learners (`ClassWindows`); None where the stretch
            has no window.
        figures, mix: by name, as those of `BoardView`.
        flags: presses of each kind.
        dip_s: figure -> seconds of the stretch in a dip.
    """

    number: int
    label: str
    begins_s: float
    ends_s: float
    joined: float | None
    measured: float | None
    usable: float | None
    figures: Mapping[str, StretchFigure]
    mix: Mapping[str, StretchFigure]
    flags: Mapping[FlagKind, int]
    dip_s: Mapping[str, float]


@dataclass(frozen=True, eq=False)
class ClassReport:
    """A lesson as its teacher takes it home.

    Attributes:
        classroom: the class.
        view: its board when the report was made.
        made_at: aware, UTC.
        minutes, slides: in order; no slides without marks.
        agreement: how far dips of `core.classroom.board.times.WATCHED` and flags agree.
    """

    classroom: Classroom
    view: BoardView
    made_at: datetime
    minutes: tuple[Stretch, ...]
    slides: tuple[Stretch, ...]
    agreement: DipAgreement

    @property
    def length_s(self) -> int:
        """Seconds of the lesson so far."""
        return self.view.at_s

    @property
    def dips(self) -> Mapping[str, tuple[Dip, ...]]:
        """Figure -> its dips, in order."""
        return self.view.dips

    @property
    def questions(self) -> tuple[AskedQuestion, ...]:
        """What learners asked, in order."""
        return tuple(reversed(self.view.questions))

    @property
    def limits(self) -> tuple[str, ...]:
        """What not to conclude from it, sentence by sentence."""
        return limits_of({*self.view.series, *([MIX] if self.view.mix else ())})


def class_report(classroom: Classroom, view: BoardView, *, made_at: datetime) -> ClassReport:
    """What a lesson was like so far.

    Args:
        view: of the class.
        made_at: aware, UTC.
    """
    minutes = stretches(view, MINUTE_S)
    return ClassReport(classroom, view, made_at, minutes, _slides(view), _agreement(minutes))


def stretches(view: BoardView, each_s: int) -> tuple[Stretch, ...]:
    """A lesson in stretches of one length; the last one may be shorter."""
    length_s = max(min(view.at_s, LONGEST_S), 1)
    borders = [*range(0, length_s, each_s), length_s]
    return tuple(
        _stretch(view, number, "", (begins_s, ends_s))
        for number, (begins_s, ends_s) in enumerate(pairwise(borders), start=1)
    )


def _slides(view: BoardView) -> tuple[Stretch, ...]:
    """From mark to mark; what came before the first is one too, where a window lies there."""
    length_s = max(view.at_s, 1)
    marks = [one for one in view.marks if one.time_s < length_s]
    if not marks:
        return ()
    labels = ["Before the first mark", *_labels([(one.kind, one.label) for one in marks])]
    borders = [0.0, *(one.time_s for one in marks), float(length_s)]
    found = [
        _stretch(view, number, label, border)
        for number, (label, border) in enumerate(zip(labels, pairwise(borders), strict=True))
    ]
    return tuple(found if found[0].joined is not None else found[1:])


def _labels(marks: Sequence[tuple[MarkKind, str]]) -> list[str]:
    """What the teacher wrote; slides without a label are counted."""
    slides, labels = 0, []
    for kind, label in marks:
        slides += kind is MarkKind.SLIDE
        counted = f"Slide {slides}" if kind is MarkKind.SLIDE else "Topic"
        labels.append(label.strip() or counted)
    return labels


def _stretch(view: BoardView, number: int, label: str, border: tuple[float, float]) -> Stretch:
    begins_s, ends_s = border
    # A slice, not a mask: a class that was left open for days has tens of thousands of windows.
    inside = slice(*np.searchsorted(view.windows.start_s + WINDOW_S / 2, border))
    counts = (view.windows.joined, view.windows.measured, view.windows.usable)
    joined, measured, usable = (_mean(one[inside].astype(np.float64)) for one in counts)
    return Stretch(
        number,
        label,
        begins_s,
        ends_s,
        joined,
        measured,
        usable,
        figures={name: _figure(one, inside) for name, one in view.series.items()},
        mix={name: _figure(one, inside) for name, one in view.mix.items()},
        flags={
            kind: int(((times >= begins_s) & (times < ends_s)).sum())
            for kind, times in view.flags.times_s.items()
        },
        dip_s={name: _overlap_s(dips, border, view.at_s) for name, dips in view.dips.items()},
    )


def _figure(series: FigureSeries, inside: slice) -> StretchFigure:
    whys = series.withheld[inside]
    shown = np.isfinite(series.value[inside])
    ends = (series.value, series.low, series.high)
    value, low, high = (_mean(one[inside][shown]) for one in ends)
    withheld_s = {why: WINDOW_S * whys.count(why) for why in Withheld if why in whys}
    return StretchFigure(value, low, high, WINDOW_S * int(shown.sum()), withheld_s)


def _mean(values: NDArray[np.float64]) -> float | None:
    return float(values.mean()) if len(values) else None


def _overlap_s(dips: Sequence[Dip], border: tuple[float, float], at_s: float) -> float:
    begins_s, ends_s = border
    parts = (
        min(ends_s, at_s if one.ends_s is None else one.ends_s) - max(begins_s, one.begins_s)
        for one in dips
    )
    return float(sum(max(0.0, one) for one in parts))


def _agreement(minutes: Sequence[Stretch]) -> DipAgreement:
    """Over minutes in which presence was shown."""
    shown = [one for one in minutes if one.figures[PRESENT].value is not None]
    return dip_agreement(
        np.array([any(seconds > 0 for seconds in one.dip_s.values()) for one in shown], dtype=bool),
        np.array([any(one.flags[kind] for kind in SAYING_FLAGS) for one in shown], dtype=bool),
    )
