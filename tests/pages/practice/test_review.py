"""After an answer: the person's own view first, then what was measured, then moments."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.domain.practice import AttemptOutcome, Practice, Verdict
from core.practice import (
    add_example,
    attempts_of,
    begin_attempt,
    begin_practice,
    moment_answers,
    practices,
)
from core.sessions import SessionStore
from core.settings import Settings
from tests.pages.practice.looking_back import first_review
from tests.pages.visits import words_of
from tests.practising import make_attempt, make_practice, part, record

NOW = datetime.now(UTC)


@pytest.fixture
def store(installation: Settings) -> Iterator[SessionStore]:
    with SessionStore.open(installation.database_url) as opened:
        yield opened


def _example(store: SessionStore) -> Practice:
    return add_example(store, "Ana", now=NOW, rng=np.random.default_rng(1))


def _waiting(store: SessionStore) -> Practice:
    """A practice with one answer of a minute that was not looked at."""
    record(store, seconds=60)
    practice = make_practice(ended_at=NOW)
    begin_practice(store, practice)
    outcome = AttemptOutcome.ANSWERED
    begin_attempt(store, make_attempt(outcome=outcome, parts=(part(0.0, 60.0),)))
    return practice


def _figures(page: AppTest) -> dict[str, str]:
    return {one.label: one.value for one in page.metric}


def test_nothing_measured_is_on_the_page_before_the_own_view(store: SessionStore) -> None:
    _waiting(store)
    page = first_review().run()
    assert not page.exception
    assert not page.metric
    assert not page.get("plotly_chart")
    assert "could be read" not in words_of(page)
    assert [one.value for one in page.get("button_group")] == [None, None]


def test_a_view_that_is_half_given_is_asked_for_and_shows_nothing(store: SessionStore) -> None:
    _waiting(store)
    page = first_review().run()
    page.segmented_control(key="calm-a1").set_value(7)
    page.button(key="give-report-a1").click().run()
    assert not page.exception
    assert "Choose a number for both" in words_of(page)
    (attempt,) = attempts_of(store, "p1")
    assert attempt.report is None
    assert attempt.revealed_at is None


def test_a_given_view_is_stored_before_the_figures_are_shown(store: SessionStore) -> None:
    _waiting(store)
    page = first_review().run()
    page.segmented_control(key="calm-a1").set_value(0)
    page.segmented_control(key="satisfied-a1").set_value(10)
    page.text_input(key="report-words-a1").set_value("<script>x</script> *so*")
    page.button(key="give-report-a1").click().run()
    assert not page.exception
    (attempt,) = attempts_of(store, "p1")
    assert attempt.report is not None
    assert (attempt.report.calm, attempt.report.satisfied) == (0, 10)
    assert attempt.report.words == "<script>x</script> *so*"
    assert attempt.revealed_at is not None
    assert attempt.report.given_at <= attempt.revealed_at
    assert _figures(page)["Calm, your own view"] == "0 of 10"
    assert "<script>" not in "".join(one.value.replace("\\<", "") for one in page.markdown)


def test_figures_can_be_shown_without_a_view(store: SessionStore) -> None:
    _waiting(store)
    page = first_review().run()
    page.button(key="skip-report-a1").click().run()
    assert not page.exception
    (attempt,) = attempts_of(store, "p1")
    assert attempt.report is None
    assert attempt.revealed_at is not None
    assert "You gave no view of your own" in words_of(page)
    assert "could be read" in words_of(page)


def test_a_revealed_answer_shows_its_figures_and_jumps_to_a_remark(store: SessionStore) -> None:
    made = _example(store)
    page = first_review().run()
    assert not page.exception
    assert "100 % of 44 s could be read" in words_of(page)
    assert _figures(page)["Calm, your own view"] == "4 of 10"
    assert len(page.get("plotly_chart")) >= 4
    assert "Lost the thread" in page.get("plotly_chart")[0].proto.spec
    assert "dotted lines your marks" in words_of(page)
    assert not any("is shown" in one.value for one in page.caption)
    first = attempts_of(store, made.id)[0]
    page.button(key=f"show-{first.id}-0").click().run()
    assert not page.exception
    assert any("is shown" in one.value for one in page.caption)
    page.button(key=f"show-all-{first.id}").click().run()
    assert not any("is shown" in one.value for one in page.caption)


def test_a_remark_about_the_whole_answer_leaves_its_charts_as_they_are(
    store: SessionStore,
) -> None:
    _waiting(store)
    page = first_review().run()
    page.button(key="skip-report-a1").click().run()
    assert "You faced the screen for 60 of 60 seconds." in words_of(page)
    charts = [one.proto.spec for one in page.get("plotly_chart")]
    page.button(key="show-a1-0").click().run()
    assert not page.exception
    assert not any("is shown" in one.value for one in page.caption)
    assert [one.proto.spec for one in page.get("plotly_chart")] == charts


def test_a_moment_is_confirmed_and_changed_once(store: SessionStore) -> None:
    made = _example(store)
    page = first_review().run()
    first = attempts_of(store, made.id)[0]
    verdicts = [one for one in page.get("button_group") if one.key.startswith("moment-verdict")]
    assert verdicts
    verdicts[0].set_value(Verdict.CONFIRMED).run()
    assert not page.exception
    (said,) = moment_answers(store, first.id)
    assert said.verdict is Verdict.CONFIRMED
    assert "you confirmed 1 of 1" in words_of(page)
    again = next(one for one in page.get("button_group") if one.key == verdicts[0].key)
    again.set_value(Verdict.REJECTED).run()
    (said,) = moment_answers(store, first.id)
    assert said.verdict is Verdict.REJECTED


def test_words_about_a_moment_wait_for_a_verdict_and_say_so(store: SessionStore) -> None:
    made = _example(store)
    page = first_review().run()
    first = attempts_of(store, made.id)[0]
    words = next(one for one in page.text_input if one.key.startswith("moment-words"))
    said = "your words are kept with it"
    assert said not in words_of(page)
    words.set_value("I read my notes").run()
    assert said in words_of(page)
    assert moment_answers(store, first.id) == ()
    of = words.key.removeprefix("moment-words")
    verdict = next(one for one in page.get("button_group") if one.key == f"moment-verdict{of}")
    verdict.set_value(Verdict.REJECTED).run()
    (kept,) = moment_answers(store, first.id)
    assert (kept.verdict, kept.words) == (Verdict.REJECTED, "I read my notes")
    assert said not in words_of(page)


def test_tries_at_one_question_are_compared_with_a_verdict(store: SessionStore) -> None:
    _example(store)
    page = first_review().run()
    (table,) = [one.value for one in page.table]
    assert list(table.columns) == ["Try 1", "Try 2", "Try 2 against try 1"]
    row = table.loc["Calm, own view"]
    assert (row["Try 1"], row["Try 2"]) == ("4 of 10", "6 of 10")
    verdicts = set(table["Try 2 against try 1"])
    assert any(one.startswith(("no clear difference", "higher by", "lower by")) for one in verdicts)


def test_an_answer_that_cannot_be_read_gets_the_remedy_and_no_figure(store: SessionStore) -> None:
    record(store, seconds=5)
    begin_practice(store, make_practice(ended_at=NOW))
    attempt = make_attempt(
        outcome=AttemptOutcome.ANSWERED, parts=(part(0.0, 60.0),), revealed_at=NOW
    )
    begin_attempt(store, attempt)
    page = first_review().run()
    assert not page.exception
    assert "too little to say anything" in words_of(page)
    assert not page.metric
    assert not page.get("plotly_chart")


def test_a_skipped_question_and_a_deleted_session_have_a_sentence(store: SessionStore) -> None:
    begin_practice(store, make_practice(ended_at=NOW))
    begin_attempt(store, make_attempt(outcome=AttemptOutcome.SKIPPED))
    assert "skipped" in words_of(first_review().run())
    record(store, seconds=60)
    newer = make_practice("p2", ended_at=NOW, began_at=NOW)
    begin_practice(store, newer)
    outcome = AttemptOutcome.ANSWERED
    begin_attempt(store, make_attempt("a2", "p2", outcome=outcome, parts=(part(0.0, 60.0),)))
    store.delete("s1")
    page = first_review().run()
    assert not page.exception
    assert practices(store)[0].id == "p2"
    assert "was deleted" in words_of(page)
