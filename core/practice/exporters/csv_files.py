"""A practice as CSV files: a row a try, a row a second, a row a moment, and the codebook."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import numpy as np

from core.measures import MEASURES
from core.practice.answer_measures import ANSWER_MEASURES, COUNT, RATING, AnswerMeasure
from core.practice.exporters.content import PracticeContent, is_shown
from core.practice.measured_answer import MeasuredAnswer
from core.storage.csv_table import Cell, csv_bytes

MARK = "mark"
"""The kind of a mark, in the file of moments."""


_WITH_BASIS = tuple(one.name for one in ANSWER_MEASURES if one.measure_id and not one.relative_to)
_SERIES = {
    "usable": ("fraction", "share of the second in which the face could be read", ""),
    "facing": ("fraction", "share of the second with the head to the screen", "facing"),
    "expressiveness": ("ranges", "movement of the face in the second", "expressiveness"),
    "tension": ("SD", "tension above the own calm face", "tension"),
    "confident": ("fraction", "probability that confident is shown", "confident_stressed"),
    "stressed": ("fraction", "probability that stressed is shown", "confident_stressed"),
    "speaking": ("fraction", "share of the second with speech", ""),
}
"""Column of the file of seconds -> unit, meaning, measure."""

_FIRST = ("practice_id", "attempt_id", "question_number", "question", "try")
_STATE = ("began_at", "outcome", "length_s")
_LAST = ("words", "reported_at", "revealed_at")


def answers_csv(content: PracticeContent) -> bytes:
    """A row a try; figures are empty where they were not measured, or not looked at yet."""
    head = [
        *_FIRST,
        *_STATE,
        *(one.name for one in ANSWER_MEASURES),
        *(f"{name}_basis" for name in _WITH_BASIS),
        *_LAST,
    ]
    return csv_bytes(head, (_answer_row(content, one) for one in content.answers))


def _answer_row(content: PracticeContent, answer: MeasuredAnswer) -> list[Cell]:
    attempt, report = answer.attempt, answer.attempt.report
    shown = is_shown(answer)
    return [
        *_names(content, answer),
        _time(attempt.began_at),
        None if attempt.outcome is None else attempt.outcome.value,
        answer.figures.length_s,
        *(_value(one, answer) if shown else None for one in ANSWER_MEASURES),
        *(answer.figures.basis.get(name) if shown else None for name in _WITH_BASIS),
        None if report is None else report.words,
        None if report is None else _time(report.given_at),
        None if attempt.revealed_at is None else _time(attempt.revealed_at),
    ]


def _value(measure: AnswerMeasure, answer: MeasuredAnswer) -> Cell:
    """Counts and ratings as whole numbers."""
    value = measure.value(answer)
    return round(value) if value is not None and measure.unit in {COUNT, RATING} else value


def seconds_csv(content: PracticeContent) -> bytes:
    """A row a second of each try that was looked at; empty where not measured."""
    return csv_bytes(["attempt_id", "t_s", *_SERIES], _second_rows(content))


def _second_rows(content: PracticeContent) -> Iterable[list[Cell]]:
    for answer in filter(is_shown, content.answers):
        columns = [getattr(answer.series, name) for name in _SERIES]
        for at, time_s in enumerate(answer.series.time_s.tolist()):
            values = [float(column[at]) for column in columns]
            yield [answer.attempt.id, time_s, *(None if np.isnan(one) else one for one in values)]


def moments_csv(content: PracticeContent) -> bytes:
    """A row a moment of each try that was looked at, with what the person said of it, and a row a
    mark.
    """
    head = ["attempt_id", "kind", "begins_s", "ends_s", "verdict", "words", "answered_at"]
    return csv_bytes(head, _moment_rows(content))


def _moment_rows(content: PracticeContent) -> Iterable[list[Cell]]:
    for answer in filter(is_shown, content.answers):
        said = {(one.kind, one.begins_s): one for one in answer.answers}
        offered = {(one.kind, one.begins_s): one for one in answer.moments}
        for key in sorted({**said, **offered}, key=lambda one: (one[1], one[0])):
            given, moment = said.get(key), offered.get(key) or said[key]
            row: list[Cell] = [answer.attempt.id, moment.kind.value, moment.begins_s, moment.ends_s]
            if given is None:
                yield [*row, None, None, None]
            else:
                yield [*row, given.verdict.value, given.words, _time(given.answered_at)]
        for mark in answer.marks:
            yield [answer.attempt.id, MARK, mark.time_s, mark.time_s, None, mark.words, None]


def codebook_csv() -> bytes:
    """What each column of the other files means: unit, meaning, version of its measure, limits."""
    head = ["file", "column", "unit", "meaning", "measure", "version", "limits"]
    return csv_bytes(head, [*_answers_codebook(), *_seconds_codebook(), *_moments_codebook()])


def _answers_codebook() -> list[list[Cell]]:
    file = "answers.csv"
    rows: list[list[Cell]] = [
        [file, name, unit, meaning, None, None, None]
        for name, unit, meaning in (
            ("practice_id", "", "the practice"),
            ("attempt_id", "", "the try; the same in every file"),
            ("question_number", "count", "place of the question, from 1"),
            ("question", "", "as it was asked; a leading ' keeps it from running as a formula"),
            ("try", "count", "number of the try at this question, from 1"),
            ("began_at", "ISO 8601", "when it began, UTC"),
            ("outcome", "", "answered or skipped"),
            ("length_s", "s", "of the answer, with what nothing recorded"),
        )
    ]
    rows += [
        [file, one.name, one.unit, one.meaning, one.measure_id, one.version, one.limits]
        for one in ANSWER_MEASURES
    ]
    rows += [
        [
            *(file, f"{name}_basis", ""),
            f"what {name} is relative to, or why it is empty",
            *(None, None, None),
        ]
        for name in _WITH_BASIS
    ]
    rows += [
        [file, "words", "", "the person's own, one line", None, None, None],
        [file, "reported_at", "ISO 8601", "when the own view was given, UTC", None, None, None],
        [
            *(file, "revealed_at", "ISO 8601"),
            "when figures were first shown, UTC; empty: not yet, and then figures are empty too",
            *(None, None, None),
        ],
    ]
    return rows


def _seconds_codebook() -> list[list[Cell]]:
    file = "seconds.csv"
    rows: list[list[Cell]] = [
        [file, "attempt_id", "", "the try", None, None, None],
        [file, "t_s", "s", "middle of the second, since the answer began", None, None, None],
    ]
    for name, (unit, meaning, measure_id) in _SERIES.items():
        measure = MEASURES.get(measure_id)
        version, limits = (None, None) if measure is None else (measure.version, measure.limits)
        rows.append([file, name, unit, meaning, measure_id, version, limits])
    return rows


def _moments_codebook() -> list[list[Cell]]:
    return [
        ["moments.csv", name, unit, meaning, None, None, None]
        for name, unit, meaning in (
            ("attempt_id", "", "the try"),
            ("kind", "", f"what the measures offered it as; {MARK}: the person set it meanwhile"),
            ("begins_s", "s", "since the answer began"),
            ("ends_s", "s", "since the answer began"),
            ("verdict", "", "confirmed or rejected by the person; empty: not answered"),
            ("words", "", "the person's explanation, or the text of the mark"),
            ("answered_at", "ISO 8601", "when, UTC"),
        )
    ]


def _names(content: PracticeContent, answer: MeasuredAnswer) -> list[Cell]:
    attempt = answer.attempt
    question = content.question_of(answer)
    return [
        content.practice.id,
        attempt.id,
        attempt.question_index + 1,
        question,
        attempt.number,
    ]


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")
