"""What a person says about a try: their own report, and answers about moments."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from sqlalchemy import delete, insert, select, update

from core.domain.practice import MomentAnswer, SelfReport
from core.practice.store.practice_rows import (
    answer_from,
    key_of,
    row_of_answer,
    row_of_report,
)
from core.sessions import SessionStore
from core.storage.practice_tables import moment_answers as answers
from core.storage.practice_tables import practice_attempts
from core.storage.readable_rows import readable_ones, text_of_time


def save_report(store: SessionStore, attempt_id: str, report: SelfReport) -> None:
    """Store a person's own report on a try, in place of an earlier one. Whether it was given before
    the figures were shown follows from `SelfReport.given_at` and `Attempt.revealed_at`.

    Raises:
        UnknownPractice, StoreError.
    """
    row = row_of_report(report)
    with store.transaction("written") as connection:
        own = practice_attempts.c.key == key_of(connection, practice_attempts, attempt_id)
        connection.execute(update(practice_attempts).where(own).values(**row))


def reveal(store: SessionStore, attempt_id: str, *, at: datetime) -> None:
    """Store when the figures of a try were first shown; a later time changes nothing.

    Raises:
        UnknownPractice, StoreError.
    """
    revealed_at, first = text_of_time(at), practice_attempts.c.revealed_at.is_(None)
    with store.transaction("written") as connection:
        own = practice_attempts.c.key == key_of(connection, practice_attempts, attempt_id)
        query = update(practice_attempts).where(own, first).values(revealed_at=revealed_at)
        connection.execute(query)


def answer_moment(store: SessionStore, attempt_id: str, answer: MomentAnswer) -> None:
    """Store what a person said about a moment, in place of an earlier answer about the one of the
    same kind that begins then.

    Raises:
        UnknownPractice, StoreError.
    """
    row = row_of_answer(answer)
    with store.transaction("written") as connection:
        row["attempt_key"] = key_of(connection, practice_attempts, attempt_id)
        same = [answers.c[name] == row[name] for name in ("attempt_key", "kind", "begins_s")]
        connection.execute(delete(answers).where(*same))
        connection.execute(insert(answers).values(**row))


def moment_answers(store: SessionStore, attempt_id: str) -> tuple[MomentAnswer, ...]:
    """The answers about moments of a try that can be read, in time order; others are logged.

    Raises:
        UnknownPractice, StoreError.
    """
    with store.transaction("read") as connection:
        own = answers.c.attempt_key == key_of(connection, practice_attempts, attempt_id)
        query = select(answers).where(own).order_by(answers.c.begins_s, answers.c.key)
        rows = connection.execute(query).mappings().all()
    return tuple(
        readable_ones(
            (f"An answer about a moment of {attempt_id}", partial(answer_from, row)) for row in rows
        )
    )
