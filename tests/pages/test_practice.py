"""The page Practice, as a visitor meets it; the camera plays when told to."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.domain.errors import UnknownModel
from core.domain.practice import AttemptOutcome
from core.measures import Calibration
from core.policy import Purpose, Region, UsePolicy
from core.policy import policy_file as policy_store
from core.practice import (
    Phase,
    PracticeHolders,
    attempts_of,
    begin_practice,
    delete_practice,
    own_sets,
    practices,
    unfinished,
)
from core.sessions import MeasuredCalibration, segments_of
from core.settings import Settings
from pages.parts.live import cached, camera_permission
from pages.parts.live.camera_permission import CameraPermission
from pages.parts.practice import review, setup, steps
from pages.parts.shell.navigation import HOME, LIVE_CAMERA, PRACTICE
from tests.fakes import ManualClock
from tests.pages.fake_camera import FakeCamera
from tests.pages.test_live_camera import (
    agreed,
    analyser,  # noqa: F401 - fixtures of the live page
    camera,  # noqa: F401
    guest,  # noqa: F401
    model,  # noqa: F401
    stored,
    until_shown,
)
from tests.pages.visits import as_read, open_at, read_on
from tests.practising import make_practice


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
    assert names(person) == {"ask", "end"}


def test_what_leaves_the_device_is_chosen_without_opening_anything(person: AppTest) -> None:
    open_at(person, PRACTICE)
    hidden = {one.label for each in person.expander for one in each.toggle}
    assert {one.label for one in person.toggle} - hidden == {
        "Read on this device",
        "Measure the microphone's level",
    }


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


@pytest.mark.parametrize(
    ("name", "listed"),
    [("Mine", "Mine"), ("Job interview", "Job interview (own)")],
    ids=["other name", "name of ours"],
)
def test_a_set_that_was_saved_is_chosen_and_the_form_says_so_once(
    person: AppTest, name: str, listed: str
) -> None:
    open_at(person, PRACTICE)
    type_set(person, name, "Why?")
    assert chosen_set(person).value == listed
    (said,) = person.success
    assert "Saved and chosen" in said.value
    person.run()
    assert not person.success
    press(person, "start")
    assert [one.text for one in running(person).practice.questions] == ["Why?"]


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


def answer(visitor: AppTest) -> AppTest:
    """Up to the middle of the first answer."""
    begin(visitor)
    return press(visitor, "answer")


def test_a_camera_that_is_unplugged_stops_the_time_and_the_answer_goes_on_with_the_next(
    person: AppTest,
    camera: FakeCamera,  # noqa: F811
    installation: Settings,
) -> None:
    answer(person)
    camera.ended = True
    person.run()
    person.run()
    assert "The camera stopped" in read_on(person)
    assert running(person).flow.phase is Phase.PAUSED
    camera.ended = False
    press(person, "camera-on")
    person.run()
    press(person, "resume")
    person.run()
    press(person, "finish")
    (attempt,) = attempts(installation)
    first, second = attempt.parts
    assert first.session_id != second.session_id
    assert second.offset_s >= first.ends_s - first.begins_s


def test_a_session_that_is_deleted_in_an_answer_stops_the_time_and_another_one_records(
    person: AppTest,
    camera: FakeCamera,  # noqa: F811
    installation: Settings,
) -> None:
    answer(person)
    camera.seconds, played_s = 0.1, camera.seconds  # the time to answer must not run out
    with stored(installation) as store:
        lost = attempts_of(store, practices(store)[0].id)[0].parts[0].session_id
        store.delete(lost)

    until_shown(person, lambda: steps.LOST_ADVICE in read_on(person))
    camera.seconds = played_s
    assert running(person).flow.phase is Phase.PAUSED
    press(person, "camera-on")
    person.run()
    press(person, "resume")
    person.run()
    press(person, "finish")
    (attempt,) = attempts(installation)
    (part,) = attempt.parts
    assert part.session_id != lost
    assert part.offset_s > 0
    press(person, "next")
    press(person, "answer")
    press(person, "finish")
    assert attempts(installation)[-1].parts


def test_a_camera_that_is_refused_is_explained_and_the_practice_waits(
    person: AppTest,
    camera: FakeCamera,  # noqa: F811
    installation: Settings,
) -> None:
    camera.answer = CameraPermission.REFUSED
    open_at(person, PRACTICE)
    press(person, "start")
    person.run()
    assert camera_permission.PERMISSION_TEXT[CameraPermission.REFUSED] in read_on(person)
    assert "camera-on" in names(person)
    camera.answer = CameraPermission.ALLOWED
    press(person, "camera-on")
    person.run()
    press(person, "ask")
    assert running(person).flow.phase is Phase.THINKING
    assert attempts(installation) == ()


def test_who_leaves_the_page_finds_the_practice_offered_and_goes_on(
    person: AppTest, installation: Settings
) -> None:
    answer(person)
    open_at(person, HOME)
    open_at(person, PRACTICE)
    assert "question 1 of 5" in read_on(person)
    (practice_id,) = [one.removeprefix("go-on-") for one in names(person) if "go-on" in one]
    press(person, f"go-on-{practice_id}")
    assert running(person).flow.phase is Phase.REVIEW
    assert attempts(installation)[0].outcome is AttemptOutcome.ANSWERED
    assert "ended when the page was left" in read_on(person)
    press(person, "again")
    press(person, "answer")
    press(person, "finish")
    assert running(person).flow.phase is Phase.REVIEW
    assert "ended when the page was left" not in read_on(person)


def test_an_unfinished_practice_can_be_ended_without_going_on(
    person: AppTest, installation: Settings
) -> None:
    answer(person)
    open_at(person, HOME)
    open_at(person, PRACTICE)
    (end,) = [one for one in names(person) if one.startswith("end-")]
    press(person, end)
    assert "is not finished" not in read_on(person)
    with stored(installation) as store:
        assert unfinished(store) == ()


def test_a_practice_that_was_deleted_meanwhile_is_let_go_with_a_sentence(
    person: AppTest, installation: Settings
) -> None:
    answer(person)
    with stored(installation) as store:
        delete_practice(store, practices(store)[0].id)
    person.button(key="practice-finish").click().run()
    assert not person.exception
    assert "slot:practice_run" not in person.session_state
    assert person.error[0].value
    assert "start" in names(person)


def test_a_practice_in_another_tab_is_not_offered_and_one_that_lost_it_says_so(
    person: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(person)
    monkeypatch.setattr(PracticeHolders, "keep", lambda *_: False)
    monkeypatch.setattr(PracticeHolders, "is_held", lambda *_: True)
    person.button(key="practice-finish").click().run()
    assert not person.exception
    assert steps.ELSEWHERE in as_read(person.error[0].value)
    assert not any("go-on" in one for one in names(person))


def test_thinking_and_answering_end_when_their_time_is_up(
    person: AppTest, clock: ManualClock, installation: Settings
) -> None:
    begin(person)
    clock.advance(20.0 + 90.0)
    person.run()
    person.run()
    assert running(person).flow.phase is Phase.REVIEW
    assert "First your own view" in read_on(person)
    assert attempts(installation)[0].outcome is AttemptOutcome.ANSWERED


def test_the_time_of_a_pause_does_not_count(
    person: AppTest, clock: ManualClock, installation: Settings
) -> None:
    answer(person)
    press(person, "pause")
    clock.advance(500.0)
    person.run()
    press(person, "resume")
    press(person, "finish")
    assert attempts(installation)[0].length_s < 60


def test_where_expressions_are_not_allowed_nothing_can_be_practised(
    visitor: AppTest, installation: Settings, clock: ManualClock
) -> None:
    agreed(visitor, installation, UsePolicy(Region.EU_EEA, Purpose.CLASSROOM))
    open_at(visitor, PRACTICE)
    assert visitor.error
    assert names(visitor) == set()


def test_nobody_practises_before_they_agreed_and_to_agree_starts_no_camera(
    visitor: AppTest,
    installation: Settings,
    model: None,  # noqa: F811
    camera: FakeCamera,  # noqa: F811
) -> None:
    policy = UsePolicy(Region.ELSEWHERE, Purpose.SELF_PRACTICE)
    policy_store.write(installation.data_dir / policy_store.FILE_NAME, policy)
    open_at(visitor, PRACTICE)
    assert names(visitor) == set()
    visitor.button(key="consent-only").click().run()
    assert "start" in names(visitor)
    assert not any(camera.wanted)


def test_without_a_model_one_sentence_says_what_is_missing(
    visitor: AppTest, installation: Settings, clock: ManualClock
) -> None:
    agreed(visitor, installation, UsePolicy(Region.ELSEWHERE, Purpose.SELF_PRACTICE))
    open_at(visitor, PRACTICE)
    assert not visitor.exception
    (error,) = visitor.error
    assert "model" in error.value


def test_a_model_that_is_deleted_in_a_practice_reads_to_its_end(
    person: AppTest, monkeypatch: pytest.MonkeyPatch, installation: Settings
) -> None:
    answer(person)

    def gone(*_: object) -> None:
        raise UnknownModel("There is no model.")

    monkeypatch.setattr(cached, "model_version", gone)
    press(person, "finish")
    press(person, "again")
    press(person, "answer")
    press(person, "finish")
    assert len(attempts(installation)) == 2


def test_the_picture_has_nothing_drawn_over_it(
    person: AppTest,
    camera: FakeCamera,  # noqa: F811
) -> None:
    answer(person)
    assert camera.shown
    assert all((picture == 90).all() for picture in camera.shown)


def test_a_calibration_of_the_session_before_is_that_of_the_next(
    person: AppTest,
    camera: FakeCamera,  # noqa: F811
    installation: Settings,
) -> None:
    answer(person)
    measured = MeasuredCalibration(Calibration(), datetime.now(UTC))
    person.session_state["slot:carried_calibration"] = measured
    camera.ended = True
    person.run()
    person.run()
    camera.ended = False
    press(person, "camera-on")
    person.run()
    press(person, "resume")
    person.run()
    press(person, "end")
    with stored(installation) as store:
        newest, _ = store.sessions()
        assert list(store.calibrations(newest.session.id).values()) == [measured]


def test_a_practice_of_long_ago_is_looked_back_on_and_not_offered(
    person: AppTest, installation: Settings
) -> None:
    now = datetime.now(UTC)
    with stored(installation) as store:
        for name, days in (("old", 8), ("new", 6)):
            began_at = now - timedelta(days=days)
            begin_practice(store, make_practice(name, began_at=began_at, set_name=name))
    open_at(person, PRACTICE)
    assert {one for one in names(person) if one.startswith("go-on-")} == {"go-on-new"}


def test_the_title_of_a_practice_is_that_of_its_session_and_of_no_other(
    person: AppTest, installation: Settings
) -> None:
    answer(person)
    with stored(installation) as store:
        (entry,) = store.sessions()
    assert entry.session.title == "Practice: Job interview"
    open_at(person, LIVE_CAMERA)
    assert field(person, "text_input", "Title of the next session (optional)").value == ""


def test_only_keys_that_do_something_where_the_practice_stands_are_named(person: AppTest) -> None:
    def keys_named() -> list[str]:
        (line,) = [one.value for one in person.caption if one.value.startswith("Keys")]
        return re.findall(r"`(\w+)`", line)

    open_at(person, PRACTICE)
    press(person, "start")
    person.run()
    assert keys_named() == ["Space"]
    press(person, "ask")
    assert keys_named() == ["Space", "Esc"]
    press(person, "answer")
    assert keys_named() == ["Space", "M", "Esc"]
    press(person, "pause")
    assert keys_named() == ["Space"]
    press(person, "resume")
    press(person, "finish")
    assert keys_named() == ["N", "R"]


@pytest.mark.parametrize("has_figures", [True, False])
def test_where_the_figures_of_an_answer_end_the_way_on_is_offered_again(
    person: AppTest, monkeypatch: pytest.MonkeyPatch, has_figures: bool
) -> None:
    answer(person)
    monkeypatch.setattr(review, "draw_review", lambda *_: has_figures)
    press(person, "finish")
    below = {"next-below", "again-below"} if has_figures else set()
    assert names(person) == {"next", "again", "end"} | below
    press(person, "next-below" if has_figures else "next")
    assert (running(person).flow.index, running(person).flow.phase) == (1, Phase.THINKING)


def test_a_mark_is_counted_where_it_was_pressed_and_anew_in_the_next_answer(
    person: AppTest,
) -> None:
    def mark() -> Any:
        return person.button(key="practice-mark")

    answer(person)
    person.run()
    assert mark().label == "Mark"
    press(person, "mark")
    assert mark().label == "Mark (1)"
    press(person, "mark")
    assert mark().label == "Mark (2)"
    press(person, "finish")
    press(person, "again")
    press(person, "answer")
    person.run()
    assert mark().label == "Mark"
