"""Answers of one second and of three hours are reviewed and taken home like any other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from core.domain.practice import AttemptOutcome, Practice
from core.practice import begin_attempt, begin_practice, practice_of
from core.practice.exporters import PRACTICE_EXPORTS, practice_content
from core.sessions import SessionStore
from core.settings import Settings
from tests.pages.practice.looking_back import first_review
from tests.pages.visits import words_of
from tests.practising import make_attempt, make_practice, part, record

NOW = datetime.now(UTC)
HOURS_S = 3 * 3600
MOST_BYTES = 60_000


@pytest.fixture
def store(installation: Settings) -> Iterator[SessionStore]:
    with SessionStore.open(installation.database_url) as opened:
        yield opened


def _answered(store: SessionStore, seconds: int, *, tries: int = 1) -> Practice:
    record(store, seconds=seconds)
    practice = make_practice(ended_at=NOW)
    begin_practice(store, practice)
    for number in range(1, tries + 1):
        attempt = make_attempt(
            f"a{number}",
            number=number,
            outcome=AttemptOutcome.ANSWERED,
            parts=(part(0.0, float(seconds)),),
            revealed_at=NOW,
        )
        begin_attempt(store, attempt)
    return practice_of(store, practice.id)


@pytest.mark.parametrize(("seconds", "words"), [(1, "1 s could be read"), (HOURS_S, "3 h 00 min")])
def test_an_answer_of_any_length_is_reviewed(store: SessionStore, seconds: int, words: str) -> None:
    practice = _answered(store, seconds, tries=2)
    page = first_review().run()
    assert not page.exception
    assert words in words_of(page)
    content = practice_content(store, practice, made_at=NOW)
    report = PRACTICE_EXPORTS["report.html"].write(content)
    assert len(report) < MOST_BYTES
    rows = PRACTICE_EXPORTS["seconds.csv"].write(content).decode("utf-8-sig").splitlines()
    assert len(rows) == 1 + 2 * seconds


def test_a_practice_without_any_answer_is_taken_home(store: SessionStore) -> None:
    practice = make_practice(ended_at=NOW)
    begin_practice(store, practice)
    content = practice_content(store, practice, made_at=NOW)
    for form in PRACTICE_EXPORTS.values():
        assert form.write(content)
    assert b"Not answered." in PRACTICE_EXPORTS["report.html"].write(content)
