"""Rows of practices and their tries, and the values they are."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, select

from core.domain.errors import UnknownPractice
from core.domain.observation import AnalysisSite
from core.domain.plain_values import from_plain, parse_json, to_plain
from core.domain.practice import (
    Attempt,
    AttemptOutcome,
    AttemptPart,
    MomentAnswer,
    MomentKind,
    Practice,
    SelfReport,
    Verdict,
)
from core.domain.question_set import Question
from core.storage import practice_tables
from core.storage.readable_rows import text_of_time, time_of

_PLAIN = (
    *("id", "person", "set_name", "language", "think_s", "answer_s"),
    *("purpose", "question_index"),
)
_KIND_OF = {
    practice_tables.practices.name: "practice",
    practice_tables.practice_attempts.name: "try",
    practice_tables.question_sets.name: "own set of questions",
}


def row_of_practice(practice: Practice) -> dict[str, Any]:
    """A practice's row."""
    return {name: getattr(practice, name) for name in _PLAIN} | {
        "questions": text_of_questions(practice.questions),
        "site": practice.site.value,
        "with_sound": int(practice.with_sound),
        "began_at": text_of_time(practice.began_at),
        "ended_at": text_of_time(practice.ended_at),
        "consent_at": text_of_time(practice.consent_at),
    }


def practice_from(row: Mapping[Any, Any]) -> Practice:
    """A practice from its row; see `readable` for what damaged ones raise."""
    times = {name: time_of(row[name]) for name in ("began_at", "ended_at", "consent_at")}
    return Practice(
        **{name: row[name] for name in _PLAIN},
        **times,
        questions=questions_from(row["questions"]),
        site=AnalysisSite(row["site"]),
        with_sound=bool(row["with_sound"]),
    )


def attempt_from(
    row: Mapping[Any, Any], practice_id: str, parts: Sequence[Mapping[Any, Any]]
) -> Attempt:
    """A try from its row and those of its parts (with `session_id`), in order."""
    return Attempt(
        id=row["id"],
        practice_id=practice_id,
        question_index=row["question_index"],
        number=row["number"],
        began_at=time_of(row["began_at"]),
        outcome=None if row["outcome"] is None else AttemptOutcome(row["outcome"]),
        parts=tuple(part_from(one) for one in parts),
        with_sound=bool(row["with_sound"]),
        report=_report_from(row),
        revealed_at=time_of(row["revealed_at"]),
    )


def part_from(row: Mapping[Any, Any]) -> AttemptPart:
    """A part of an answer from its row with `session_id`."""
    return AttemptPart(row["session_id"], row["offset_s"], row["begins_s"], row["ends_s"])


def row_of_report(report: SelfReport | None) -> dict[str, Any]:
    """The columns of a try's report; empty without one."""
    if report is None:
        return dict.fromkeys(("calm", "satisfied", "report_words", "reported_at"))
    return {
        "calm": report.calm,
        "satisfied": report.satisfied,
        "report_words": report.words,
        "reported_at": text_of_time(report.given_at),
    }


def row_of_answer(answer: MomentAnswer) -> dict[str, Any]:
    """The row of an answer about a moment, without its try."""
    return vars(answer) | {
        "kind": answer.kind.value,
        "verdict": answer.verdict.value,
        "answered_at": text_of_time(answer.answered_at),
    }


def answer_from(row: Mapping[Any, Any]) -> MomentAnswer:
    """An answer about a moment from its row."""
    return MomentAnswer(
        kind=MomentKind(row["kind"]),
        begins_s=row["begins_s"],
        ends_s=row["ends_s"],
        verdict=Verdict(row["verdict"]),
        words=row["words"],
        answered_at=time_of(row["answered_at"]),
    )


def text_of_questions(questions: Sequence[Question]) -> str:
    """Questions as they are stored: a JSON list."""
    return json.dumps(to_plain(questions), ensure_ascii=False)


def questions_from(text: str) -> tuple[Question, ...]:
    """The inverse of `text_of_questions`.

    Raises:
        ValueError: damaged.
    """
    return from_plain(tuple[Question, ...], parse_json(text))


def key_of(connection: Connection, table: Table, id_: str) -> int:
    """The key of a practice, a try or an own set.

    Raises:
        UnknownPractice: there is none of that id.
    """
    key = connection.execute(select(table.c.key).where(table.c.id == id_)).scalar()
    if key is None:
        raise unknown(table, id_)
    return int(key)


def unknown(table: Table, id_: str) -> UnknownPractice:
    """The error for an id that no practice, try or own set has."""
    return UnknownPractice(
        f"There is no {_KIND_OF[table.name]} {id_!r}.",
        advice="It may have been deleted; see the list.",
    )


def _report_from(row: Mapping[Any, Any]) -> SelfReport | None:
    if row["reported_at"] is None:
        return None
    given_at = time_of(row["reported_at"])
    return SelfReport(row["calm"], row["satisfied"], row["report_words"], given_at)
