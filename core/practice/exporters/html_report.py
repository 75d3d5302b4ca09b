"""A practice as one self-contained page: no script, no address; five questions fit two sheets."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.domain.counted import counted
from core.domain.practice import AttemptOutcome, SelfReport
from core.domain.wording import listed, utc_moment
from core.measures import NOT_CALIBRATED
from core.practice.answer_measures import BY_NAME, RATING, AnswerMeasure
from core.practice.answers import hindrance_text, remark_text, remedy_text
from core.practice.exporters.content import PracticeContent, is_shown
from core.practice.measured_answer import MeasuredAnswer
from core.storage.html_templates import rendered
from core.storage.svg_chart import Axis, Chart, Line, PlotArea, ticks_between

Floats = NDArray[np.float64]

_TEMPLATES = Path(__file__).with_name("templates")
_COLUMNS = tuple(
    BY_NAME[name]
    for name in (
        *("usable_share", "facing_share", "expressiveness", "tension", "confident_share"),
        *("speaking_share", "pauses", "calm", "satisfied"),
    )
)
_CHARTS = ("facing_share", "tension")
_MOST_POINTS = 600  # more than the chart has pixels
_WIDTH_PX, _HEIGHT_PX = 330, 100
_NOT_STORED = "nothing is stored of it: it was deleted, or cut off at its begin"


@dataclass(frozen=True)
class TryRow:
    """One try in the table of its question.

    Attributes:
        number: of the try.
        cells: one for each column, as people read it.
    """

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class QuestionPart:
    """What the page says of one question.

    Attributes:
        number: from 1.
        text: as it was asked.
        state: where there is no answer; empty otherwise.
        tries: in order.
        notes: tries, such as "1, 2", and why they have no figures or that some are not calibrated.
        shown_try: number of the try that remarks and charts are of.
        remarks: sentences.
        charts: title and chart.
        reports: number of a try and what the person said of it.
    """

    number: int
    text: str
    state: str
    tries: tuple[TryRow, ...]
    notes: tuple[tuple[str, str], ...]
    shown_try: int
    remarks: tuple[str, ...]
    charts: tuple[tuple[str, Chart], ...]
    reports: tuple[tuple[int, SelfReport], ...]


def html_report(content: PracticeContent) -> bytes:
    """The page, UTF-8; all text in it is escaped, and it fetches nothing."""
    practice = content.practice
    answered = sum(is_shown(one) for one in content.answers)
    columns = _columns(content)
    return rendered(
        _TEMPLATES,
        "practice.html.jinja",
        practice=practice,
        is_example=content.is_example,
        began_at=utc_moment(practice.began_at.isoformat()),
        made_at=utc_moment(content.made_at.isoformat()),
        amounts=f"{counted(len(practice.questions), 'question')}, "
        f"{counted(answered, 'answer')} looked at",
        titles=[one.title for one in columns],
        questions=[_question(content, at, columns) for at in range(len(practice.questions))],
        limits=_limits(columns),
    ).encode()


def _columns(content: PracticeContent) -> tuple[AnswerMeasure, ...]:
    """Those that some try has: a practice without a microphone has no columns of sound."""
    shown = [one for one in content.answers if is_shown(one)]
    always = {"usable_share", "facing_share"}
    return tuple(
        one
        for one in _COLUMNS
        if one.name in always or any(one.value(answer) is not None for answer in shown)
    )


def _question(
    content: PracticeContent, index: int, columns: tuple[AnswerMeasure, ...]
) -> QuestionPart:
    tries = [one for one in content.answers if one.attempt.question_index == index]
    shown = [one for one in tries if is_shown(one)]
    readable = [one for one in shown if one.is_readable]
    last = readable[-1] if readable else None
    return QuestionPart(
        number=index + 1,
        text=content.practice.questions[index].text,
        state="" if shown else _state(tries),
        tries=tuple(
            TryRow(one.attempt.number, tuple(each.written(each.value(one)) for each in columns))
            for one in shown
        ),
        notes=_notes(shown, columns),
        shown_try=0 if last is None else last.attempt.number,
        remarks=() if last is None else tuple(remark_text(one) for one in last.remarks),
        charts=() if last is None else _charts(last),
        reports=tuple(
            (one.attempt.number, one.attempt.report)
            for one in shown
            if one.attempt.report is not None and one.attempt.report.words
        ),
    )


def _state(tries: list[MeasuredAnswer]) -> str:
    if not tries:
        return "Not answered."
    answered = [one for one in tries if one.attempt.outcome is AttemptOutcome.ANSWERED]
    if not answered:
        return "Skipped."
    if any(one.attempt.parts for one in answered):
        return "Answered, but not looked at yet: its figures are shown after your own view."
    return f"Answered; {_NOT_STORED}."


def _notes(
    answers: list[MeasuredAnswer], columns: tuple[AnswerMeasure, ...]
) -> tuple[tuple[str, str], ...]:
    """Each note once, with the numbers of its tries."""
    tries: dict[str, list[str]] = {}
    for one in answers:
        if note := _note(one, columns):
            tries.setdefault(note, []).append(str(one.attempt.number))
    return tuple((listed(numbers), note) for note, numbers in tries.items())


def _note(answer: MeasuredAnswer, columns: tuple[AnswerMeasure, ...]) -> str:
    if not answer.attempt.parts:
        return _NOT_STORED
    if not answer.is_readable:
        found = answer.figures.hindrance
        why = "" if found is None else f": {hindrance_text(found)}; {remedy_text(found)}"
        return f"too little could be read{why}"
    relative = [
        one.title
        for one in columns
        if one.basis(answer) == NOT_CALIBRATED and one.value(answer) is not None
    ]
    return f"not calibrated: {', '.join(relative)}" if relative else ""


def _limits(columns: tuple[AnswerMeasure, ...]) -> list[tuple[str, str]]:
    """What the columns cannot tell, each sentence once."""
    titles: dict[str, list[str]] = {}
    for one in columns:
        if one.unit != RATING and one.limits:
            titles.setdefault(one.limits, []).append(one.title)
    return [(listed(names), sentence) for sentence, names in titles.items()]


def _charts(answer: MeasuredAnswer) -> tuple[tuple[str, Chart], ...]:
    found = []
    for name in _CHARTS:
        measure = BY_NAME[name]
        values = measure.per_second(answer)
        if values is not None and np.isfinite(values).sum() > 1:
            found.append((measure.title, _chart(measure, answer, values)))
    return tuple(found)


def _chart(measure: AnswerMeasure, answer: MeasuredAnswer, values: Floats) -> Chart:
    length_s = max(1.0, answer.figures.length_s)
    is_share = measure.within == (0.0, 1.0)
    low, high = (0.0, 1.0) if is_share else _range(values)
    ticks = (0.0, 0.5, 1.0) if is_share else ticks_between(low, high, most=3)
    plot = PlotArea(
        Axis(0.0, length_s, ticks_between(0.0, length_s), "seconds"),
        Axis(low, high, ticks, "" if is_share else measure.unit, is_percent=is_share),
        width_px=_WIDTH_PX,
        height_px=_HEIGHT_PX,
        left_px=52,
    )
    line = Line(measure.title, plot.path(*_thinned(answer.series.time_s, values)))
    words = f"{measure.title} over the answer, mean {measure.written(measure.value(answer))}"
    return plot.chart(words, [line])


def _thinned(times_s: Floats, values: Floats) -> tuple[Floats, Floats]:
    """At most `_MOST_POINTS` of an answer of hours: means of as many seconds each."""
    together = -(-len(values) // _MOST_POINTS)
    if together <= 1:
        return times_s, values
    firsts = np.arange(0, len(values), together)
    known = np.isfinite(values)
    counts = np.add.reduceat(known.astype(float), firsts)
    sums = np.add.reduceat(np.where(known, values, 0.0), firsts)
    means = np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
    return times_s[firsts], means


def _range(values: Floats) -> tuple[float, float]:
    low, high = min(0.0, float(np.nanmin(values))), float(np.nanmax(values))
    return low, high if high > low else low + 1.0
