"""The page Practice, as a visitor meets it; the camera plays when told to."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.domain.practice import AttemptOutcome
from core.practice import Phase, attempts_of, own_sets, practices, unfinished
from core.sessions import segments_of
from core.settings import Settings
from pages.parts.practice import setup, steps
from pages.parts.shell.navigation import PRACTICE
from tests.fakes import ManualClock
from tests.pages.fake_camera import FakeCamera
from tests.pages.test_live_camera import (
    analyser,  # noqa: F401 - fixtures of the live page
    camera,  # noqa: F401
    guest,  # noqa: F401
    model,  # noqa: F401
    stored,
)
from tests.pages.visits import as_read, open_at, read_on


@pytest.fixture
def clock(camera: FakeCamera, monkeypatch: pytest.MonkeyPatch) -> ManualClock:  # noqa: F811
    """Moves on as frames come, for the practice too."""
    monkeypatch.setattr(steps, "monotonic", camera._clock.seconds)
    return camera._clock


@pytest.fixture
def person(guest: AppTest, clock: ManualClock) -> AppTest:  # noqa: F811
    """Someone who agreed to the notice, and practises."""
    return guest


def press(visitor: AppTest, name: str) -> AppTest:
    visitor.button(key=f"practice-{name}").click().run()
    assert not visitor.exception
    assert not visitor.error
    return visitor


def begin(visitor: AppTest) -> AppTest:
    """Up to the first question."""
    open_at(visitor, PRACTICE)
    assert not visitor.exception
    press(visitor, "start")
    visitor.run()
    return press(visitor, "ask")


def running(visitor: AppTest) -> Any:
    return visitor.session_state["slot:practice_run"]


def attempts(installation: Settings) -> Any:
    with stored(installation) as store:
        return attempts_of(store, practices(store)[0].id)


def names(visitor: AppTest) -> set[str]:
    """Of the practice's buttons on screen."""
    found = [one.key for one in visitor.button if one.key and one.key.startswith("practice-")]
    return {one.removeprefix("practice-") for one in found}


def test_one_press_starts_a_practice_with_five_questions(
    person: AppTest, installation: Settings
) -> None:
    open_at(person, PRACTICE)
    press(person, "start")
    with stored(installation) as store:
        (practice,) = unfinished(store)
    assert len(practice.questions) == setup.QUESTIONS
    assert (practice.think_s, practice.answer_s) == (20, 90)
    assert practice.consent_at is not None
    assert "Not calibrated" in read_on(person)
    assert names(person) >= {"ask", "skip", "end"}


@pytest.mark.parametrize("answers", [0, 1])
def test_a_practice_without_an_answer_leaves_no_session(
    person: AppTest, installation: Settings, answers: int
) -> None:
    begin(person)
    for _ in range(answers):
        press(person, "answer")
        press(person, "finish")
    press(person, "end")
    with stored(installation) as store:
        assert len(store.sessions()) == answers
        assert unfinished(store) == ()


def test_a_practice_of_an_answer_another_try_and_a_skip(
    person: AppTest, installation: Settings
) -> None:
    begin(person)
    assert running(person).flow.phase is Phase.THINKING
    press(person, "answer")
    press(person, "finish")
    press(person, "again")
    press(person, "answer")
    press(person, "finish")
    press(person, "next")
    press(person, "skip")
    press(person, "end")
    found = attempts(installation)
    assert [(one.question_index, one.number, one.outcome) for one in found] == [
        (0, 1, AttemptOutcome.ANSWERED),
        (0, 2, AttemptOutcome.ANSWERED),
        (1, 1, AttemptOutcome.SKIPPED),
    ]
    assert all(one.length_s > 0 for one in found[:2])
    with stored(installation) as store:
        (session,) = store.sessions()
        assert len(segments_of(store, session.session.id)) == 2
        assert unfinished(store) == ()
    assert "The practice is over" in read_on(person)


def field(visitor: AppTest, kind: str, label: str) -> Any:
    return next(one for one in getattr(visitor, kind) if one.label == label)


def type_set(visitor: AppTest, name: str, text: str) -> AppTest:
    field(visitor, "text_input", "Name").set_value(name)
    field(visitor, "text_area", "Questions").set_value(text)
    field(visitor, "button", "Save").click().run()
    assert not visitor.exception
    return visitor


def chosen_set(visitor: AppTest) -> Any:
    return next(one for one in visitor.selectbox if one.label == "Questions")


def test_an_own_set_is_typed_practised_and_deleted(person: AppTest, installation: Settings) -> None:
    open_at(person, PRACTICE)
    type_set(person, "Mine", "What is <b>new</b>? | A figure\nAnd why?")
    assert not person.error
    assert chosen_set(person).value == "Mine"
    press(person, "start")
    with stored(installation) as store:
        (practice,) = unfinished(store)
        (own,) = own_sets(store)
    assert [one.text for one in practice.questions] == ["What is <b>new</b>?", "And why?"]
    assert practice.questions[0].good_answer == "A figure"
    press(person, "end")
    press(person, "anew")
    field(person, "button", "Delete this set").click().run()
    assert not person.exception
    with stored(installation) as store:
        assert own_sets(store) == ()
    assert chosen_set(person).value != own.question_set.name


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("Mine", "", "There is no question in it"),
        ("Mine", "x" * 2000, "a question has at most 500"),
        ("", "Why?", "The name of a set"),
        ("Job interview", "Why?", ""),
    ],
    ids=["empty", "2,000 characters", "without a name", "as one of ours"],
)
def test_a_set_that_cannot_be_used_is_explained_and_nothing_typed_is_lost(
    person: AppTest, installation: Settings, name: str, text: str, says: str
) -> None:
    open_at(person, PRACTICE)
    type_set(person, name, text)
    if says:
        assert says in as_read(person.error[0].value)
        assert field(person, "text_area", "Questions").value == text
    with stored(installation) as store:
        assert len(own_sets(store)) == (0 if says else 1)


def test_a_set_of_the_same_name_is_not_written_over(person: AppTest) -> None:
    open_at(person, PRACTICE)
    type_set(person, "Mine", "Why?")
    # The first form is the new set's; the chosen one can be changed below it.
    type_set(person, "Mine", "What else?")
    assert person.error


def test_time_to_answer_is_kept_within_its_limits(person: AppTest) -> None:
    open_at(person, PRACTICE)
    seconds = field(person, "number_input", "Seconds to answer")
    assert (seconds.min, seconds.max) == (10, 1800)


def test_a_question_that_looks_like_markup_is_shown_as_it_was_typed(person: AppTest) -> None:
    open_at(person, PRACTICE)
    type_set(person, "Mine", "# Is *this* [a](http://x.y) question?")
    press(person, "start")
    person.run()
    press(person, "ask")
    assert "Is *this* [a]" in as_read(person.header[0].value)
    assert "[a](http" not in person.header[0].value
