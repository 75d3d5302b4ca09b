"""Messages of learners become seconds of the class, each once and in its own second."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.classroom import (
    agree_again,
    close_classroom,
    delete_classroom,
    learners_of,
    reopen_classroom,
    withdraw,
)
from core.classroom.ingest.class_desk import CLOSED, DELETED, NO_MODEL, OTHER_SITE, WITHDRAWN
from core.classroom.ingest.class_ingest import SILENT_S
from core.classroom.ingest.learner_stream import OTHER_TAB
from core.domain.classroom import LearnerSite, LearnerState, Shared
from core.domain.errors import NotAllowedHere, UnknownModel
from core.domain.row_answer import MAX_MESSAGE_BYTES, AnswerKind
from core.eye import TokenSigner
from core.policy import Purpose
from core.sessions import SessionStore
from tests.classes import EVERYTHING, IN_EUROPE
from tests.examples import examples
from tests.eye_messages import face_entry
from tests.lessons import (
    EUROPE,
    SECRET,
    Browser,
    Lesson,
    by_learner,
    make_lesson,
    plain_face,
)
from tests.mutations import spoil_json
from tests.new_databases import migrated_once


def test_each_learner_has_a_row_for_each_second(lesson):
    ana, ben = lesson.join("Ana"), lesson.join("Ben")
    for _ in range(5):
        lesson.clock.advance(1.0)
        for browser in (ana, ben):
            assert lesson.ingest.accept(browser.token, browser.body()).kind is AnswerKind.STORED
    rows = lesson.stored()
    assert by_learner(rows) == {1: [0, 1, 2, 3, 4], 2: [0, 1, 2, 3, 4]}
    assert rows.measured.tolist() == pytest.approx([1.0] * 10, abs=1e-5)
    assert rows.present.tolist() == [1.0] * 10
    assert rows.scores[0, 3] == pytest.approx(0.8, abs=0.01)  # happy


def test_the_answer_has_the_newest_complete_second(lesson):
    ana = lesson.join()
    first = lesson.send(ana)
    assert (first.second, first.next_number) == (None, 1)
    lesson.send(ana)
    answer = lesson.send(ana)
    assert answer.row is None  # nobody asks for a number of the own face
    assert answer.second is not None
    assert (answer.second.second, answer.second.present) == (1, 1.0)
    assert answer.second.facing == 1.0
    assert len(answer.second.scores) == 7


def test_rows_that_waited_land_in_their_own_seconds(lesson):
    ana = lesson.join()
    lesson.send(ana)
    lesson.send(ana)
    lesson.clock.advance(1.0)
    on_its_way = ana.body()
    lesson.clock.advance(200.0)
    for body in (on_its_way, *(ana.body() for _ in range(21))):
        lesson.clock.advance(0.25)
        assert lesson.ingest.accept(ana.token, body).kind is AnswerKind.STORED
    rows = lesson.stored()
    assert rows.second.tolist() == list(range(len(rows)))
    assert rows.measured[:203].tolist() == pytest.approx([1.0] * 203, abs=1e-5)


def test_rows_of_a_first_message_that_was_late_land_in_their_own_seconds_too(lesson):
    ana = lesson.join()
    lesson.clock.advance(1.0)
    late = ana.body()
    lesson.clock.advance(20.0)
    lesson.ingest.accept(ana.token, late)
    for _ in range(4):
        lesson.send(ana)
    assert by_learner(lesson.stored()) == {1: list(range(25))}


@pytest.mark.parametrize("ahead_s", [3600.0, 86_400.0 * 20], ids=["an hour", "twenty days"])
def test_what_the_clock_of_a_browser_says_does_not_matter(lesson, ahead_s):
    ana = lesson.join(ahead_s=ahead_s)
    for _ in range(3):
        lesson.send(ana, client_unix_s=12.0)
    assert by_learner(lesson.stored()) == {1: [0, 1, 2]}


def test_time_in_which_the_browser_did_not_read_is_not_measured(lesson):
    ana = lesson.join()
    for _ in range(3):
        lesson.send(ana)
    for _ in range(2):
        lesson.send(ana, after_s=5.0, rows=[], state="hidden")
    for _ in range(2):
        lesson.send(ana)
    rows = lesson.stored()
    # The last row before holds for as long as in a session, one second at most.
    assert rows.second.tolist() == [0, 1, 2, 3, 13, 14]
    assert rows.measured.tolist() == pytest.approx([1, 1, 1, 0.8, 1, 1], abs=1e-5)
    assert set(rows.present.tolist()) == {1.0}


def test_a_machine_that_slept_has_a_gap_and_goes_on_in_the_right_second(lesson):
    ana = lesson.join()
    for _ in range(3):
        lesson.send(ana)
    lesson.clock.advance(900.0)
    ana.began_s += 900.0  # its clock stood still
    for _ in range(9):
        lesson.send(ana)
    seconds = by_learner(lesson.stored())[1]
    assert seconds[:3] == [0, 1, 2]
    assert seconds[-1] == 911
    assert not [one for one in seconds if 13 < one < 903]


@examples(5)
@given(delays=st.lists(st.tuples(st.floats(0, 20), st.booleans()), min_size=3, max_size=12))
def test_delays_and_repetitions_change_no_second(delays, migrated_folder, tmp_path_factory):
    folder = tmp_path_factory.mktemp("lesson")
    with migrated_once(migrated_folder), SessionStore.open(f"sqlite:///{folder}/s.db") as store:
        lesson = make_lesson(store)
        ana = lesson.join()
        for delay_s, again in [(0.0, False), (0.0, False), *delays, (0.0, False)]:
            lesson.clock.advance(1.0)
            body = ana.body()
            lesson.clock.advance(delay_s)
            for _ in range(1 + again):
                assert lesson.ingest.accept(ana.token, body).kind is AnswerKind.STORED
        until_s = ana.next_row_s
        rows = lesson.stored()
    assert rows.second.tolist() == list(range(math.ceil(until_s - 1e-6)))
    assert rows.measured[:-1].tolist() == pytest.approx([1.0] * (len(rows) - 1), abs=1e-5)


def test_rows_from_before_the_consent_are_left_out(lesson):
    lesson.clock.advance(30.0)
    ana = lesson.join()
    ana.began_s -= 20.0  # read for twenty seconds before
    for _ in range(3):
        lesson.send(ana)
    assert by_learner(lesson.stored()) == {1: [30, 31, 32]}


def test_a_message_that_is_sent_again_counts_once_and_one_too_early_waits(lesson):
    ana = lesson.join()
    lesson.clock.advance(1.0)
    bodies = [ana.body(), ana.body(), ana.body()]
    assert lesson.ingest.accept(ana.token, bodies[1]).kind is AnswerKind.OTHER_NUMBER
    assert lesson.ingest.accept(ana.token, bodies[0]).kind is AnswerKind.STORED
    again = lesson.ingest.accept(ana.token, bodies[0])
    assert (again.kind, again.next_number) == (AnswerKind.STORED, 1)


@pytest.mark.parametrize("spoil", [lambda token: token[:-2] + "xx", lambda _: "", lambda _: "a.b"])
def test_a_forged_token_writes_nothing(lesson, spoil):
    ana = lesson.join()
    assert lesson.ingest.accept(spoil(ana.token), ana.body()).kind is AnswerKind.NO_TOKEN


def test_a_token_of_another_purpose_writes_nothing(lesson):
    ana = lesson.join()
    name = f"{lesson.classroom.id} {ana.learner.id}"
    other = TokenSigner(SECRET).token(name, 1, now=lesson.clock.now())
    assert lesson.ingest.accept(other, ana.body()).kind is AnswerKind.NO_TOKEN


def test_too_large_a_message_and_one_that_is_none_are_refused(lesson):
    ana = lesson.join()
    large = b" " * (MAX_MESSAGE_BYTES + 1)
    assert lesson.ingest.accept(ana.token, large).kind is AnswerKind.TOO_LARGE
    assert lesson.ingest.accept(ana.token, b"{}").kind is AnswerKind.INVALID


def test_more_messages_than_a_camera_gives_wait(lesson):
    ana = lesson.join()
    lesson.clock.advance(1.0)
    kinds = [lesson.ingest.accept(ana.token, ana.body(rows=[])).kind for _ in range(50)]
    assert kinds[-1] is AnswerKind.TOO_FAST
    assert kinds[0] is AnswerKind.STORED


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"outputs": None}, "blendshapes are not shared here"),
        ({"blendshapes": []}, "outputs are not shared here"),
    ],
    ids=["blendshapes", "outputs"],
)
def test_a_class_in_the_eu_takes_neither_blendshapes_nor_outputs(store, changes, sentence):
    lesson = make_lesson(store, IN_EUROPE, policy=EUROPE)
    ana = lesson.join()
    answer = lesson.send(ana, face=face_entry(**changes))
    assert answer.kind is AnswerKind.INVALID
    assert answer.sentence == f"The message is not valid: {sentence}."


def test_a_class_in_the_eu_keeps_presence_alone(store):
    lesson = make_lesson(store, IN_EUROPE, policy=EUROPE)
    ana = lesson.join()
    for _ in range(4):
        answer = lesson.send(ana, face=plain_face())
    assert answer.second is not None
    assert (answer.second.present, answer.second.facing) == (1.0, None)
    assert (answer.second.expression, answer.second.scores) == (None, ())
    rows = lesson.stored()
    assert rows.scores.shape == (4, 0)
    for name in ("facing", "eyes_open", "expression"):
        assert (getattr(rows, name) != getattr(rows, name)).all()


def test_a_class_without_expressions_takes_faces_without_outputs(store):
    shared = (Shared.PRESENT, Shared.FACING, Shared.ENGAGEMENT)
    lesson = make_lesson(store, replace(EVERYTHING, shared=shared, labels=(), card_name=""))
    ana = lesson.join()
    for _ in range(4):
        answer = lesson.send(ana, face=face_entry(outputs=None))
    assert answer.second is not None
    assert answer.second.eyes_open == 1.0
    assert answer.second.scores == ()


def closed(lesson, _):
    close_classroom(lesson.store, lesson.classroom.id, now=lesson.clock.now())


def deleted(lesson, _):
    delete_classroom(lesson.store, lesson.classroom.id)


def withdrew(lesson, browser):
    withdraw(lesson.store, browser.learner.id)


def moved_to_the_eu(lesson, _):
    lesson.policy = EUROPE


def for_practising_alone(lesson, _):
    lesson.policy = replace(lesson.policy, purpose=Purpose.SELF_PRACTICE)


def not_chosen(lesson, _):
    lesson.policy = None


@pytest.mark.parametrize(
    ("happens", "sentence"),
    [
        (closed, CLOSED),
        (deleted, DELETED),
        (withdrew, WITHDRAWN),
        (moved_to_the_eu, "This class shares more than"),
        (for_practising_alone, "This installation is for practising alone"),
        (not_chosen, "Region and purpose of this installation are not chosen"),
    ],
    ids=["closed", "deleted", "withdrew", "another region", "another purpose", "none chosen"],
)
def test_a_learner_is_told_why_nothing_more_is_taken(lesson, happens, sentence):
    ana = lesson.join()
    for _ in range(3):
        lesson.send(ana)
    lesson.clock.advance(1.0)
    happens(lesson, ana)
    lesson.ingest.desk.refresh()  # as it does once a second
    answer = lesson.send(ana)
    assert answer.kind is AnswerKind.OVER
    assert answer.sentence.startswith(sentence)


def test_a_class_with_heads_takes_nothing_once_the_second_switch_is_off(store):
    policy = replace(EUROPE, heads_counted=True)
    heads = replace(IN_EUROPE, shared=(Shared.PRESENT, Shared.FACING))
    lesson = make_lesson(store, heads, policy=policy)
    ana = lesson.join()
    for _ in range(3):
        assert lesson.send(ana, face=plain_face()).kind is AnswerKind.STORED
    lesson.policy = EUROPE
    lesson.ingest.desk.refresh()
    answer = lesson.send(ana, face=plain_face())
    assert answer.kind is AnswerKind.OVER
    assert answer.sentence.startswith("This class shares more than")


def test_what_was_shared_until_the_class_closed_is_in_it_and_it_may_go_on(lesson):
    ana = lesson.join()
    for _ in range(3):
        lesson.send(ana)
    closed(lesson, ana)
    lesson.ingest.desk.refresh()
    lesson.send(ana)
    reopen_classroom(lesson.store, lesson.classroom.id)
    lesson.ingest.desk.refresh()
    ana.token, ana.sequence = lesson.ingest.open(lesson.classroom, ana.learner), 0
    for _ in range(3):
        lesson.send(ana)
    assert by_learner(lesson.stored()) == {1: [0, 1, 2, 4, 5, 6]}


def test_nothing_of_a_learner_who_withdrew_is_stored_later(lesson):
    ana, ben = lesson.join("Ana"), lesson.join("Ben")
    for _ in range(3):
        lesson.clock.advance(1.0)
        for browser in (ana, ben):
            lesson.ingest.accept(browser.token, browser.body())
    withdraw(lesson.store, ana.learner.id)
    assert set(by_learner(lesson.stored())) == {2}


@pytest.mark.parametrize("site", [LearnerSite.NOWHERE, LearnerSite.SERVER])
def test_a_browser_is_not_heard_any_more_once_its_learner_chose_another_way(lesson, site):
    """On another device: this one is told, and sends no more."""
    ana = lesson.join()
    assert lesson.send(ana).kind is AnswerKind.STORED
    agree_again(lesson.store, ana.learner.id, site=site, notice_version="1", now=lesson.clock.now())
    lesson.ingest.desk.refresh()
    answer = lesson.send(ana)
    assert (answer.kind, answer.sentence) == (AnswerKind.OVER, OTHER_SITE)
    back = replace(ana.learner, site=LearnerSite.BROWSER)
    ana.token, ana.sequence = lesson.ingest.open(lesson.classroom, back), 0
    assert lesson.send(ana).kind is AnswerKind.STORED


def test_a_class_that_may_take_nothing_opens_for_nobody(lesson):
    ana = lesson.join()
    lesson.policy = EUROPE
    with pytest.raises(NotAllowedHere, match="shares more than"):
        lesson.ingest.open(lesson.classroom, ana.learner)


def test_a_class_whose_model_was_deleted_says_so(lesson, monkeypatch):
    ana = lesson.join()
    other = lesson.process()

    def gone(_name):
        raise UnknownModel("no model")

    sources = other.desk._sources
    object.__setattr__(sources, "card_of", gone)
    other.accept(ana.token, b"")
    other.desk.refresh()
    assert other.accept(ana.token, b"").sentence == NO_MODEL


def test_the_same_learner_in_a_second_tab_takes_over(lesson):
    ana = lesson.join()
    for _ in range(3):
        lesson.send(ana)
    second = lesson.ingest.open(lesson.classroom, ana.learner)
    old = lesson.send(ana)
    assert (old.kind, old.sentence) == (AnswerKind.OVER, OTHER_TAB)
    ana.token, ana.sequence = second, 0
    for _ in range(3):
        assert lesson.send(ana).kind is AnswerKind.STORED
    assert by_learner(lesson.stored()) == {1: [0, 1, 2, 4, 5, 6]}


def test_a_process_that_knows_nobody_looks_up_the_class_and_goes_on_in_the_same_row(lesson):
    ana = lesson.join()
    for _ in range(3):
        lesson.send(ana)
    lesson.ingest.writer.close(wait_s=5.0)  # what is not complete is lost with the process
    lesson.ingest = lesson.process()
    lesson.clock.advance(1.0)
    body = ana.body()
    assert lesson.ingest.accept(ana.token, body).kind is AnswerKind.NOT_NOW
    lesson.ingest.desk.refresh()
    told = lesson.ingest.accept(ana.token, body)
    assert (told.kind, told.next_number) == (AnswerKind.OTHER_NUMBER, 0)
    entry = json.loads(body) | {"sequence": 0}
    assert lesson.ingest.accept(ana.token, json.dumps(entry).encode()).kind is AnswerKind.STORED
    ana.sequence = 1
    for _ in range(3):
        assert lesson.send(ana).kind is AnswerKind.STORED
    assert by_learner(lesson.stored()) == {1: [0, 1, 3, 4, 5, 6]}
    assert [one.number for one in learners_of(lesson.store, lesson.classroom.id)] == [1]


def test_who_joined_at_another_process_a_moment_ago_is_looked_up_too(lesson):
    lesson.join("Ana")
    other = lesson.process()
    other.desk.look(lesson.classroom.id)
    other.desk.refresh()
    ben = lesson.join("Ben")
    body = ben.body()
    assert other.accept(ben.token, body).kind is AnswerKind.NOT_NOW
    other.desk.refresh()
    assert other.accept(ben.token, body).kind is AnswerKind.STORED


def test_another_process_knows_within_a_look_that_a_class_was_closed(lesson):
    ana = lesson.join()
    other = lesson.process()
    other.accept(ana.token, ana.body())
    other.desk.refresh()
    closed(lesson, ana)
    other.desk.refresh()
    assert other.accept(ana.token, ana.body()).sentence == CLOSED


def test_what_the_device_does_is_stored_with_when_it_was_heard(lesson):
    ana = lesson.join()
    assert _state_of(lesson) == LearnerState.NO_CAMERA
    for state, expected in [
        ("reading", LearnerState.MEASURING),
        ("hidden", LearnerState.HIDDEN),
        ("no_camera", LearnerState.NO_CAMERA),
        ("reading", LearnerState.MEASURING),
        ("stopped", LearnerState.MEASURING),  # the page says whether it was a pause
    ]:
        lesson.send(ana, state=state)
        lesson.ingest.writer.close(wait_s=5.0)
        assert _state_of(lesson) == expected
    learner = learners_of(lesson.store, lesson.classroom.id)[0]
    assert lesson.classroom.second_at(learner.seen_at) == 4


def test_who_goes_on_a_moment_after_a_pause_is_measured_at_once(lesson):
    ana = lesson.join()
    lesson.send(ana)
    lesson.ingest.writer.set_state(ana.learner.id, LearnerState.PAUSED)
    lesson.stored()
    assert _state_of(lesson) == LearnerState.PAUSED
    token = lesson.ingest.open(lesson.classroom, ana.learner)
    lesson.send(Browser(ana.learner, token, lesson.clock))
    lesson.stored()
    assert _state_of(lesson) == LearnerState.MEASURING


def _state_of(lesson: Lesson) -> LearnerState:
    return learners_of(lesson.store, lesson.classroom.id)[0].state


def test_the_rest_of_a_browser_that_fell_silent_is_stored(lesson):
    ana = lesson.join()
    for _ in range(3):
        lesson.send(ana)
    lesson.clock.advance(SILENT_S + 1)
    assert lesson.ingest.sweep() is False
    lesson.ingest.writer.close(wait_s=5.0)
    assert by_learner(lesson.stored()) == {1: [0, 1, 2]}


@examples(25)
@given(seed=st.integers(0, 2**32 - 1))
def test_nothing_that_a_browser_may_send_is_more_than_refused(
    seed, migrated_folder, tmp_path_factory
):
    rng = np.random.default_rng(seed)
    folder = tmp_path_factory.mktemp("lesson")
    with migrated_once(migrated_folder), SessionStore.open(f"sqlite:///{folder}/s.db") as store:
        lesson = make_lesson(store)
        ana = lesson.join()
        for _ in range(6):
            lesson.clock.advance(1.0)
            spoilt = spoil_json(json.loads(ana.body()), rng)
            answer = lesson.ingest.accept(ana.token, spoilt)
            assert answer.kind in {
                AnswerKind.INVALID,
                AnswerKind.STORED,
                AnswerKind.OTHER_NUMBER,
                AnswerKind.OVER,
                AnswerKind.TOO_LARGE,
            }
            ana.sequence = answer.next_number or ana.sequence
        rows = lesson.stored()
        assert len(rows) == len(set(rows.second.tolist()))
        assert ((rows.second >= 0) & (rows.second <= lesson.second() + 1)).all()
