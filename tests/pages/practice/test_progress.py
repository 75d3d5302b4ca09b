"""Looking back: an example, practices and tries to open and delete, progress over days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from core.domain.practice import AttemptOutcome
from core.domain.question_set import Question
from core.practice import attempts_of, begin_attempt, begin_practice, is_example, practices
from core.sessions import SessionStore
from core.settings import Settings
from pages.parts.sessions import cached
from tests.make import make_moment, make_observation
from tests.pages.practice.looking_back import history
from tests.pages.visits import words_of
from tests.practising import make_attempt, make_practice, make_self_report, part, record

NOW = datetime.now(UTC)


@pytest.fixture
def store(installation: Settings) -> Iterator[SessionStore]:
    with SessionStore.open(installation.database_url) as opened:
        yield opened


def _practise(store: SessionStore, days: int) -> None:
    """A practice with one revealed answer a day."""
    for day in range(days):
        session_id, practice_id = f"s{day}", f"p{day}"
        record(store, session_id, seconds=40)
        began_at = NOW - timedelta(days=days - day)
        begin_practice(
            store,
            make_practice(practice_id, began_at=began_at, ended_at=began_at + timedelta(hours=1)),
        )
        attempt = make_attempt(
            f"a{day}",
            practice_id,
            began_at=began_at,
            outcome=AttemptOutcome.ANSWERED,
            parts=(part(0.0, 40.0, session_id),),
            report=make_self_report(calm=day % 11),
            revealed_at=began_at,
        )
        begin_attempt(store, attempt)


def test_an_example_can_be_tried_without_a_camera_and_is_marked(store: SessionStore) -> None:
    page = history().run()
    assert "No practices yet" in words_of(page)
    page.button(key="add-practice-example").click().run()
    assert not page.exception
    assert "This is an example" in words_of(page)
    assert "could be read" in words_of(page)
    (made,) = practices(store)
    assert is_example(made)
    assert made.person == "Ana"


def test_one_try_one_practice_and_all_are_deleted_each_after_a_sentence(
    store: SessionStore,
) -> None:
    _practise(store, 3)
    page = history().run()
    assert not page.exception
    for words in ("This try goes", "The practice with 1 try goes", "All 3 practices go"):
        assert words in words_of(page)
    page.button(key="delete-try-a2").click().run()
    assert attempts_of(store, "p2") == ()
    page.button(key="delete-practice-p2").click().run()
    assert [one.id for one in practices(store)] == ["p1", "p0"]
    page.button(key="delete-practices-all").click().run()
    assert not page.exception
    assert practices(store) == ()
    assert "No practices yet" in words_of(page)


def test_rows_of_a_deleted_try_are_not_shown_once_there_are_as_many_again(
    store: SessionStore,
) -> None:
    _practise(store, 1)
    page = history().run()
    assert cached.rows_of("s0", 41).time_s[0] == 0
    page.button(key="delete-try-a0").click().run()
    assert not page.exception
    more = [make_moment(at, make_observation(at)) for at in np.arange(50.0, 91.0)]
    store.append("s0", more, now=NOW)
    assert store.entry("s0").rows == 41
    assert cached.rows_of("s0", 41).time_s[0] == 50


def test_fewer_than_eight_answers_are_too_few_to_say(store: SessionStore) -> None:
    _practise(store, 2)
    page = history().run()
    assert "Too few to say: 2 answers with both, of 8 that are needed" in words_of(page)


def test_each_measure_over_days_is_drawn_with_its_number_of_answers(store: SessionStore) -> None:
    _practise(store, 2)
    page = history().run()
    assert "2 answers on 2 days" in words_of(page)
    page.segmented_control(key="practice-over-days").set_value("tension").run()
    assert not page.exception


def test_names_that_hold_markup_are_drawn_as_letters(store: SessionStore) -> None:
    hostile = "<script>alert(1)</script> **x** =1+1 \u202e\u05ea\u05e9 😀"
    practice = make_practice(ended_at=NOW, questions=(Question(hostile),), set_name="[a](http://b)")
    begin_practice(store, practice)
    begin_attempt(store, make_attempt(outcome=AttemptOutcome.SKIPPED))
    page = history().run()
    assert not page.exception
    assert any("\\<script>" in one.value for one in page.markdown)
    assert not any("<script>" in one.value.replace("\\<", "") for one in page.markdown)


def test_somebody_else_s_practices_are_not_listed(store: SessionStore) -> None:
    begin_practice(store, replace(make_practice(ended_at=NOW), person="Ben"))
    assert "No practices yet" in words_of(history().run())
