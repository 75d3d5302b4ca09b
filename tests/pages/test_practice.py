"""The page Practice, as a visitor meets it; the camera plays when told to."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.domain.practice import AttemptOutcome
from core.practice import Phase, attempts_of, practices, unfinished
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
from tests.pages.visits import open_at, read_on


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
