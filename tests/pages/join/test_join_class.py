"""Learners join a class, take part, and leave: by every step and every obstacle."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import product
from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import core.classroom as room
from core.classroom import (
    JoinRequest,
    NewClassroom,
    OpenedClassroom,
    agree_again,
    classroom,
    close_classroom,
    delete_classroom,
    flags_of,
    join,
    learners_of,
    link_token,
    open_classroom,
    set_states,
    withdraw,
)
from core.domain.classroom import (
    CODE_ALPHABET,
    FlagKind,
    Learner,
    LearnerSite,
    LearnerState,
    Shared,
)
from core.domain.errors import StoreError
from core.domain.row_answer import AnswerKind
from core.policy import Purpose, Region, UsePolicy, class_notice_version, policy_file
from core.sessions import SessionStore
from core.settings import Settings
from pages.parts.eye.cached import class_ingest, server_learners
from pages.parts.join import class_eye, finding, flags, own_data, taking_part
from pages.parts.live.browser_eye import EyeReport, EyeRequest, EyeState
from pages.parts.live.camera_permission import CameraPermission
from pages.parts.shell.navigation import HOME, JOIN_CLASS
from tests.fakes import FakeAnalyser, ManualClock
from tests.pages.visits import as_read, open_at, words_of

FILES = SimpleNamespace(names={"component": "component.0123.js"})
HOSTILE = "<b>Eve</b> [x](http://evil.example) :smile: $a$"


@pytest.fixture
def store(installation: Settings) -> SessionStore:
    installation.data_dir.mkdir(parents=True, exist_ok=True)
    _choose(installation, Region.ELSEWHERE, Purpose.CLASSROOM)
    return SessionStore.open(installation.database_url)


@pytest.fixture
def opened(store: SessionStore) -> OpenedClassroom:
    """An open class in which learners share presence and heads towards the screen."""
    return _open(store, (Shared.PRESENT, Shared.FACING))


def _choose(installation: Settings, region: Region, purpose: Purpose) -> None:
    path = policy_file.path_in(installation.data_dir)
    policy_file.write(path, UsePolicy(region, purpose))


def _open(
    store: SessionStore, shared: tuple[Shared, ...], title: str = "Optics"
) -> OpenedClassroom:
    new = NewClassroom(title, "elsewhere", "classroom", shared, is_listed=False)
    return open_classroom(store, new, now=datetime.now(UTC), rng=np.random.default_rng(len(title)))


class FakeEye:
    """A browser that says what it is told to say."""

    def __init__(self) -> None:
        self.report = EyeReport(EyeState.READING, CameraPermission.ALLOWED, way="worker")
        self.requests: list[EyeRequest] = []

    def __call__(self, request: EyeRequest) -> EyeReport:
        self.requests.append(request)
        return self.report


@pytest.fixture(autouse=True)
def eye(monkeypatch: pytest.MonkeyPatch) -> FakeEye:
    fake = FakeEye()
    monkeypatch.setattr(class_eye, "browser_eye", fake)
    monkeypatch.setattr(class_eye, "browser_files", lambda _: FILES)
    monkeypatch.setattr(class_eye, "are_current", lambda _: True)
    return fake


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> ManualClock:
    """By which flags wait; it stands still."""
    manual = ManualClock()
    monkeypatch.setattr(flags, "monotonic", manual.seconds)
    return manual


@pytest.fixture
def guest(visitor: AppTest, opened: OpenedClassroom) -> AppTest:
    """Somebody who opened the link of the class."""
    visitor.query_params["class"] = link_token(opened.teacher_secret)
    return open_at(visitor, JOIN_CLASS)


def _join(guest: AppTest) -> AppTest:
    return _press(guest, "I agree, join the class")


def _press(visitor: AppTest, label: str) -> AppTest:
    button = next(one for one in visitor.button if one.label == label)
    visitor = button.click().run()
    assert not visitor.exception
    return visitor


def _secret_of(page: AppTest) -> str:
    secret = page.query_params["me"]
    return secret if isinstance(secret, str) else secret[0]


def _labels(visitor: AppTest) -> set[str]:
    return {one.label for one in visitor.button}


def _only_learner(store: SessionStore, opened: OpenedClassroom) -> Learner:
    (learner,) = learners_of(store, opened.classroom.id)
    return learner


def _stored_state(store: SessionStore, opened: OpenedClassroom) -> LearnerState:
    class_ingest().close()
    return _only_learner(store, opened).state


def _member(
    store: SessionStore, opened: OpenedClassroom, *, state: LearnerState, seen_s_ago: float = 1.0
) -> tuple[Learner, str]:
    """Somebody who joined before, in another tab."""
    seen_at = datetime.now(UTC) - timedelta(seconds=seen_s_ago)
    request = JoinRequest("calm otter", LearnerSite.BROWSER, notice_version(opened))
    joined = join(store, opened.classroom.id, request, now=seen_at)
    set_states(store, {joined.learner.id: state}, now=seen_at)
    return joined.learner, joined.secret


def notice_version(opened: OpenedClassroom) -> str:
    return class_notice_version(opened.classroom)


def test_who_opens_the_link_reads_what_is_shared_before_anything_begins(guest, store, opened, eye):
    words = words_of(guest)
    assert "whether a face is before your camera" in words
    assert "no picture leaves this device" in str(guest.radio[0].options)
    assert eye.requests == []
    assert learners_of(store, opened.classroom.id) == ()


def test_consent_lets_a_learner_in_with_one_press_under_the_pseudonym_offered(
    guest, store, opened, eye
):
    offered = guest.text_input(key="join-name").value
    joined = _join(guest)
    learner = _only_learner(store, opened)
    assert (learner.name, learner.site) == (offered, LearnerSite.BROWSER)
    assert learner.notice_version == notice_version(opened)
    assert offered in words_of(joined)
    assert joined.query_params["me"]
    assert "class" not in joined.query_params
    assert eye.requests[-1].start.startswith(f"{learner.id} ")


@pytest.mark.parametrize("typed", ["{code}", " {code} ", "{lower}", "{spaced}"])
def test_a_code_is_found_however_it_is_typed(visitor, store, opened, typed):
    code = opened.classroom.code
    typed = typed.format(code=code, lower=code.lower(), spaced=f"{code[:3]}-{code[3:]}")
    page = open_at(visitor, JOIN_CLASS)
    page.text_input(key="join-code").set_value(typed)
    page = _press(page, "Next")
    assert "I agree, join the class" in _labels(page)
    page = _join(page)
    assert _only_learner(store, opened).number == 1


@pytest.mark.parametrize(
    ("typed", "sentence"), [("abc", finding.NO_CODE), ("22222A", finding.NO_CLASS)]
)
def test_a_wrong_code_is_told_in_a_sentence(visitor, store, opened, typed, sentence):
    page = open_at(visitor, JOIN_CLASS)
    page.text_input(key="join-code").set_value(typed)
    assert sentence in words_of(_press(page, "Next"))


def test_who_guesses_codes_waits_and_may_still_use_the_link(visitor, store, opened, monkeypatch):
    monkeypatch.setattr(finding, "address_of_visitor", lambda: "192.0.2.1")
    page = open_at(visitor, JOIN_CLASS)
    for one, other in list(product(CODE_ALPHABET, repeat=2))[:40]:
        page.text_input(key="join-code").set_value(f"2222{one}{other}")
        page = _press(page, "Next")
        if "Too many" in words_of(page):
            break
    assert "Too many" in words_of(page)
    page.text_input(key="join-code").set_value(opened.classroom.code)
    assert "I agree, join the class" not in _labels(_press(page, "Next"))
    page.query_params["class"] = link_token(opened.teacher_secret)
    assert "I agree, join the class" in _labels(page.run())


def test_a_link_of_no_class_says_so_and_offers_the_code(visitor, store):
    visitor.query_params["class"] = "nothing"
    page = open_at(visitor, JOIN_CLASS)
    assert finding.NO_LINK in words_of(page)
    assert "Next" in _labels(page)


def test_a_closed_class_lets_nobody_in_and_says_so(visitor, store, opened):
    close_classroom(store, opened.classroom.id, now=datetime.now(UTC))
    visitor.query_params["class"] = link_token(opened.teacher_secret)
    page = open_at(visitor, JOIN_CLASS)
    assert finding.CLOSED in words_of(page)
    assert "I agree, join the class" not in _labels(page)


def test_a_class_that_closes_before_the_press_lets_nobody_in(guest, store, opened):
    close_classroom(store, opened.classroom.id, now=datetime.now(UTC))
    assert finding.CLOSED in words_of(_join(guest))
    assert learners_of(store, opened.classroom.id) == ()


@pytest.mark.parametrize("name", [HOSTILE, "\x00\x1b[31m", "  ", "\u202eevil"])
def test_a_hostile_name_is_one_plain_line_or_the_pseudonym(guest, store, opened, name):
    guest.text_input(key="join-name").set_value(name[:40])
    page = _join(guest)
    learner = _only_learner(store, opened)
    assert learner.name.isprintable()
    assert learner.name.strip()
    assert not any("](http://" in one.value for one in (*page.markdown, *page.caption))


def test_a_name_has_no_more_characters_than_its_field(guest, store, opened):
    guest.text_input(key="join-name").set_value("x" * 4000)
    _join(guest)
    assert len(_only_learner(store, opened).name) <= 40


def test_only_head_and_quality_are_sent_where_the_class_shares_no_more(guest, eye):
    _join(guest)
    request = eye.requests[-1]
    assert (request.rows.url, request.rows.per_s) == ("/class/rows", 5)
    assert request.rows.with_expression is False
    assert request.model is None
    assert set(request.rows.numbers["shares"]) == {"measured", "present", "usable", "facing"}


def test_without_a_camera_no_camera_is_asked_for_and_flags_are_there(guest, store, opened, eye):
    guest.radio(key="join-site").set_value(LearnerSite.NOWHERE)
    page = _join(guest)
    assert eye.requests == []
    assert taking_part.WITHOUT_CAMERA in words_of(page)
    assert "Too fast" in _labels(page)
    assert "Pause" not in _labels(page)


def test_pause_stops_what_leaves_and_tells_the_board_and_going_on_begins_anew(
    guest, store, opened, eye
):
    page = _join(guest)
    before = eye.requests[-1]
    page = _press(page, "Pause")
    assert (eye.requests[-1].start, eye.requests[-1].token) == ("", "")
    assert _stored_state(store, opened) is LearnerState.PAUSED
    assert taking_part.PAUSED in words_of(page)
    assert class_ingest().accept(before.token, b"{}").kind is not AnswerKind.STORED
    _press(page, "Go on")
    assert eye.requests[-1].start != before.start
    assert eye.requests[-1].token != before.token


def test_a_pause_ends_the_camera_of_another_tab_too(guest, store, opened):
    page = _join(guest)
    (learner,) = learners_of(store, opened.classroom.id)
    stream = server_learners().open(opened.classroom, learner, FakeAnalyser)
    _press(page, "Pause")
    assert stream.ended


def test_who_leaves_can_come_back_as_the_same_learner(guest, store, opened, eye):
    page = _press(_join(guest), "Leave")
    assert taking_part.LEFT in words_of(page)
    assert "Too fast" not in _labels(page)
    assert _stored_state(store, opened) is LearnerState.LEFT
    _press(page, "Come back")
    assert eye.requests[-1].start.startswith(_only_learner(store, opened).id)


@pytest.mark.parametrize("kind", [one for one in FlagKind if one is not FlagKind.QUESTION])
def test_a_flag_is_stored_and_answered(guest, store, opened, kind):
    page = _join(guest)
    page = page.button(key=f"flag-{kind.value}").click().run()
    (flag,) = flags_of(store, opened.classroom.id)
    assert (flag.learner, flag.kind, flag.words) == (1, kind, "")
    assert "Sent at " in words_of(page)
    assert ('"All fine" takes it down' in words_of(page)) is (kind is FlagKind.HAND)
    assert flags.FLAG_TEXT[kind][0] in words_of(page)


def test_a_flag_pressed_again_at_once_waits_and_says_for_how_long(guest, store, opened, clock):
    page = _join(guest)
    page = page.button(key="flag-lost").click().run()
    page = page.button(key="flag-lost").click().run()
    assert len(flags_of(store, opened.classroom.id)) == 1
    assert "Not sent: wait 15 seconds" in words_of(page)
    clock.advance(15.0)
    page.button(key="flag-lost").click().run()
    assert len(flags_of(store, opened.classroom.id)) == 2


def test_a_question_is_stored_in_its_words_and_its_field_is_empty_again(guest, store, opened):
    page = _join(guest)
    page.text_input(key="flag-words-0").set_value(HOSTILE)
    page = _press(page, "Send the question")
    (flag,) = flags_of(store, opened.classroom.id)
    assert (flag.kind, flag.words) == (FlagKind.QUESTION, HOSTILE)
    assert page.text_input(key="flag-words-1").value == ""


def test_a_question_that_has_to_wait_keeps_its_words(guest, store, opened):
    page = _join(guest)
    page = page.button(key="flag-lost").click().run()
    page.text_input(key="flag-words-0").set_value("Why?")
    page = _press(page, "Send the question")
    assert "Not sent: wait" in words_of(page)
    assert page.text_input(key="flag-words-0").value == "Why?"


@pytest.mark.parametrize("words", ["", "\x00 "], ids=["empty", "nothing that can be seen"])
def test_a_question_that_is_none_says_so(guest, store, opened, words):
    page = _join(guest)
    page.text_input(key="flag-words-0").set_value(words)
    assert flags.NO_WORDS in words_of(_press(page, "Send the question"))
    assert flags_of(store, opened.classroom.id) == ()


def test_a_question_has_no_more_characters_than_its_field(guest, store, opened):
    page = _join(guest)
    page.text_input(key="flag-words-0").set_value("x" * 4000)
    _press(page, "Send the question")
    assert all(len(one.words) <= 280 for one in flags_of(store, opened.classroom.id))


@pytest.mark.parametrize(
    ("end", "sentence"),
    [
        (lambda store, id_: close_classroom(store, id_, now=datetime.now(UTC)), flags.CLOSED),
        (delete_classroom, flags.GONE),
        (lambda store, id_: withdraw(store, f"{id_}-1"), flags.GONE),
    ],
    ids=["closed", "deleted", "withdrawn in another tab"],
)
def test_a_flag_of_a_class_that_is_over_is_not_sent_and_says_so(
    guest, store, opened, end: Callable[[SessionStore, str], None], sentence
):
    page = _join(guest)
    secret = _secret_of(page)
    end(store, opened.classroom.id)
    assert flags._send(secret, FlagKind.LOST, "", datetime.now(UTC)) == sentence


def test_deleting_asks_once_and_then_nothing_is_left(guest, store, opened):
    page = _join(guest)
    page = page.button(key="flag-lost").click().run()
    page = _press(page, "Delete what I shared")
    assert len(learners_of(store, opened.classroom.id)) == 1
    page = _press(page, "Delete everything")
    assert learners_of(store, opened.classroom.id) == ()
    assert flags_of(store, opened.classroom.id) == ()
    assert own_data.DELETED in "\n".join(one.value for one in page.success)
    assert "me" not in page.query_params


def test_deleting_can_be_thought_better_of(guest, store, opened):
    page = _press(_press(_join(guest), "Delete what I shared"), "Keep it")
    assert len(learners_of(store, opened.classroom.id)) == 1
    assert "Delete what I shared" in _labels(page)


@pytest.mark.parametrize("end", [delete_classroom, lambda store, id_: withdraw(store, f"{id_}-1")])
def test_an_own_link_of_which_nothing_is_left_says_so(visitor, store, opened, end):
    _, secret = _member(store, opened, state=LearnerState.MEASURING)
    end(store, opened.classroom.id)
    visitor.query_params["me"] = secret
    page = open_at(visitor, JOIN_CLASS)
    assert own_data.GONE in words_of(page)
    assert "Next" in _labels(page)


def test_a_closed_class_still_gives_the_own_rows_and_deletes_them(visitor, store, opened, eye):
    _, secret = _member(store, opened, state=LearnerState.MEASURING)
    close_classroom(store, opened.classroom.id, now=datetime.now(UTC))
    visitor.query_params["me"] = secret
    page = open_at(visitor, JOIN_CLASS)
    assert taking_part.CLOSED in words_of(page)
    assert {"My rows (CSV)", "Delete what I shared"} <= _labels(page)
    assert "Too fast" not in _labels(page)
    assert eye.requests == []


def test_a_tab_of_a_server_that_was_started_again_goes_on_by_itself(visitor, store, opened, eye):
    learner, secret = _member(store, opened, state=LearnerState.MEASURING)
    visitor.query_params["me"] = secret
    open_at(visitor, JOIN_CLASS)
    assert eye.requests[-1].start.startswith(f"{learner.id} ")
    assert eye.requests[-1].continues == (f"{learner.id} ", -1.0)
    assert eye.requests[-1].token == ""  # what runs in the browser has one


def test_a_tab_that_reads_no_more_gets_another_token(visitor, store, opened, eye):
    _, secret = _member(store, opened, state=LearnerState.MEASURING)
    visitor.query_params["me"] = secret
    eye.report = EyeReport(EyeState.TOKEN, refused="")
    open_at(visitor, JOIN_CLASS)
    assert [bool(one.token) for one in eye.requests] == [False, True]


@pytest.mark.parametrize(
    ("state", "seen_s_ago", "sentence"),
    [
        (LearnerState.PAUSED, 1.0, taking_part.PAUSED),
        (LearnerState.LEFT, 1.0, taking_part.LEFT),
        (LearnerState.MEASURING, 3600.0, taking_part.AWAY),
    ],
)
def test_no_camera_starts_for_who_paused_left_or_was_away_for_long(
    visitor, store, opened, eye, state, seen_s_ago, sentence
):
    _, secret = _member(store, opened, state=state, seen_s_ago=seen_s_ago)
    visitor.query_params["me"] = secret
    page = open_at(visitor, JOIN_CLASS)
    assert {one.start for one in eye.requests} == {""}
    assert sentence in words_of(page)


def test_the_newer_tab_takes_over_and_the_other_says_so(guest, store, opened, eye):
    page = _join(guest)
    learner = _only_learner(store, opened)
    older = eye.requests[-1].token
    class_ingest().open(opened.classroom, learner)
    answer = class_ingest().accept(older, b"{}")
    assert answer.kind is AnswerKind.OVER
    eye.report = EyeReport(EyeState.OVER, sentence=answer.sentence)
    page = page.run()
    assert answer.sentence in words_of(page)
    _press(page, "Try again")
    assert eye.requests[-1].token != older


@pytest.mark.parametrize(
    ("report", "words"),
    [
        (EyeReport(EyeState.REFUSED, CameraPermission.REFUSED), "was denied"),
        (EyeReport(EyeState.REFUSED, CameraPermission.MISSING), "No camera was found"),
        (EyeReport(EyeState.UNABLE, obstacle="no_webgl"), "no WebGL"),
        (EyeReport(EyeState.ENDED), "stopped by itself"),
    ],
)
def test_a_camera_that_gives_nothing_is_told_and_flags_stay(guest, eye, report, words):
    eye.report = report
    page = _join(guest)
    assert words in words_of(page)
    assert {"Try again", "Too fast", "Leave"} <= _labels(page)


def test_another_token_is_asked_for_once_where_the_server_does_not_know_the_one(guest, eye):
    page = _join(guest)
    refused = eye.requests[-1].token
    eye.report = EyeReport(EyeState.TOKEN, refused=refused)
    page = page.run()
    assert eye.requests[-1].token != refused
    assert eye.requests[-1].start == eye.requests[0].start
    drawn = len(eye.requests)
    page.run()
    assert len(eye.requests) == drawn + 1


def test_a_hostile_title_is_shown_as_it_was_written(visitor, store):
    opened = _open(store, (Shared.PRESENT,), HOSTILE)
    visitor.query_params["class"] = link_token(opened.teacher_secret)
    page = open_at(visitor, JOIN_CLASS)
    for one in (page, _join(page)):
        drawn = (*one.markdown, *one.caption, *one.title, *one.subheader)
        assert not any("](http://" in each.value for each in drawn)
    assert classroom(store, opened.classroom.id).title == HOSTILE


def test_another_notice_is_agreed_to_before_anything_leaves(visitor, store, opened, eye):
    learner, secret = _member(store, opened, state=LearnerState.MEASURING)
    agree_again(
        store,
        learner.id,
        site=LearnerSite.BROWSER,
        notice_version="earlier",
        now=datetime.now(UTC),
    )
    visitor.query_params["me"] = secret
    page = open_at(visitor, JOIN_CLASS)
    assert taking_part.OTHER_NOTICE in words_of(page)
    assert eye.requests == []
    _press(page, "I agree")
    assert eye.requests[-1].token
    assert _only_learner(store, opened).notice_version == notice_version(opened)


def test_who_has_no_camera_after_all_takes_part_without_and_may_come_back_to_it(
    guest, store, opened, eye
):
    eye.report = EyeReport(EyeState.REFUSED, CameraPermission.MISSING)
    page = _press(_join(guest), "Take part without a camera")
    assert _only_learner(store, opened).site is LearnerSite.NOWHERE
    assert taking_part.WITHOUT_CAMERA in words_of(page)
    drawn = len(eye.requests)
    _press(page, "Take part with my camera")
    assert _only_learner(store, opened).site is LearnerSite.BROWSER
    assert len(eye.requests) == drawn + 1


def test_a_class_that_shares_more_than_is_allowed_here_lets_nobody_in(
    visitor, installation, store, opened
):
    _choose(installation, Region.EU_EEA, Purpose.CLASSROOM)
    visitor.query_params["class"] = link_token(opened.teacher_secret)
    page = open_at(visitor, JOIN_CLASS)
    assert "more than region and purpose of this installation allow" in words_of(page)
    assert "I agree, join the class" not in _labels(page)


def test_a_flag_is_not_taken_where_the_class_is_not_allowed_any_more(
    guest, store, opened, installation
):
    page = _join(guest)
    _choose(installation, Region.ELSEWHERE, Purpose.SELF_PRACTICE)
    page = _press(page, flags.FLAG_TEXT[FlagKind.LOST][0])
    assert "Not sent. This installation is for practising alone" in as_read(words_of(page))
    assert flags_of(store, opened.classroom.id) == ()


def test_who_takes_part_where_it_is_not_allowed_any_more_reads_why_and_can_delete(
    visitor, installation, store, opened, eye
):
    _, secret = _member(store, opened, state=LearnerState.LEFT)
    _choose(installation, Region.EU_EEA, Purpose.CLASSROOM)
    visitor.query_params["me"] = secret
    page = _press(open_at(visitor, JOIN_CLASS), "Come back")
    assert "more than region and purpose of this installation allow" in words_of(page)
    assert "Delete what I shared" in _labels(page)


def test_where_the_eu_classroom_shares_presence_no_word_on_the_page_says_more(
    visitor, installation, store, eye
):
    _choose(installation, Region.EU_EEA, Purpose.CLASSROOM)
    new = NewClassroom("Optics", "eu-eea", "classroom", (Shared.PRESENT,), is_listed=False)
    opened = open_classroom(store, new, now=datetime.now(UTC), rng=np.random.default_rng(1))
    visitor.query_params["class"] = link_token(opened.teacher_secret)
    page = open_at(visitor, JOIN_CLASS)
    before = words_of(page)
    page = _join(page)
    rows = eye.requests[-1].rows
    said = json.dumps([before, words_of(page), rows.numbers, dict(rows.status)]).lower()
    for word in ("expression", "attention", "engagement", "interest", "index", "emotion"):
        assert word not in said


def test_while_the_database_is_away_the_camera_goes_on_and_can_be_paused(
    guest, store, opened, eye, monkeypatch
):
    page = _join(guest)
    start = eye.requests[-1].start

    def refuse(*_: object) -> None:
        raise StoreError("The database does not answer.", advice="Wait.")

    with monkeypatch.context() as away:
        for module in (room, flags):
            away.setattr(module, "learner_of_secret", refuse)
        page = page.run()
        assert "The database does not answer." in words_of(page)
        assert eye.requests[-1].start == start
        page = page.button(key="flag-lost").click().run()
        assert "Not sent. The database does not answer." in words_of(page)
        _press(page, "Pause")
        assert eye.requests[-1].start == ""
    assert _stored_state(store, opened) is LearnerState.PAUSED


def test_who_was_on_another_page_comes_back_as_the_same_learner(guest, store, opened):
    page = _join(guest)
    secret = _secret_of(page)
    page.switch_page(HOME.path).run()
    del page.query_params["me"]
    page = open_at(page, JOIN_CLASS)
    assert _secret_of(page) == secret
    assert "Pause" in _labels(page)
    assert len(learners_of(store, opened.classroom.id)) == 1


def test_the_link_of_another_class_leads_there_from_a_tab_that_takes_part(guest, store):
    page = _join(guest)
    other = _open(store, (Shared.PRESENT,), "Mechanics")
    del page.query_params["me"]
    page.query_params["class"] = link_token(other.teacher_secret)
    assert "Mechanics" in "\n".join(one.value for one in open_at(page, JOIN_CLASS).subheader)
