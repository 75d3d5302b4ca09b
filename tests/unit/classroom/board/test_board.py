"""A board reads what is new, and says what holds now."""

from dataclasses import replace
from datetime import timedelta
from threading import Thread

import pytest

from core.classroom import (
    add_flag,
    add_mark,
    agree_again,
    append_room_seconds,
    append_seconds,
    close_classroom,
    delete_classroom,
    learners_of,
    set_states,
    withdraw,
)
from core.classroom.board import FACING, INDEX, PRESENT, AlertKind, Board, Withheld
from core.classroom.board.class_figures import ClassFigures
from core.classroom.board.sums import WindowSums
from core.classroom.exporters import class_report
from core.domain.classroom import (
    ClassMark,
    Flag,
    FlagKind,
    LearnerSite,
    LearnerState,
    MarkKind,
    RoomSecond,
    Shared,
)
from core.domain.errors import StoreError, UnknownClassroom
from core.measures import NOT_SURE
from core.policy import Purpose, Region, UsePolicy, class_rules
from tests.classes import EVERYTHING, IN_EUROPE, OPENED_AT, joined, opened, seconds

ELSEWHERE = class_rules(UsePolicy(Region.ELSEWHERE, Purpose.CLASSROOM))
EUROPE = class_rules(UsePolicy(Region.EU_EEA, Purpose.CLASSROOM))
HEADS = class_rules(UsePolicy(Region.EU_EEA, Purpose.CLASSROOM, heads_counted=True))
UNLISTED = replace(EVERYTHING, is_listed=False)
GOOD = {"measured": 1.0, "usable": 1.0, "present": 1.0, "facing": 1.0}


def at(second):
    return OPENED_AT + timedelta(seconds=second)


def shared(store, room, learners, *, start=0, count=10, **shares):
    rows = [(second, one) for second in range(start, start + count) for one in learners]
    append_seconds(store, room.id, seconds(rows, scores=len(room.labels), **(GOOD | shares)))


def class_of(store, count, new=UNLISTED):
    room = opened(store, new).classroom
    for number in range(1, count + 1):
        learner = joined(store, room.id, f"Learner {number}").learner
        set_states(store, {learner.id: LearnerState.MEASURING}, now=at(0))
    return room


def test_a_board_shows_what_learners_shared_a_second_ago(store):
    room = class_of(store, 6)
    shared(store, room, range(1, 7), count=12)
    view = Board(store, room.id, ELSEWHERE).refresh(at(12))
    assert (view.at_s, view.is_open, view.smallest_group) == (12, True, 5)
    assert (view.now[PRESENT].value, view.now[FACING].n) == (1.0, 6)
    assert view.now[INDEX].value == pytest.approx(100 * (0.3 + 0.35 + 0.2 * 0.5 + 0.15 * 0.5))
    assert set(view.mix_now) == {*room.labels, NOT_SURE}


def test_a_board_goes_on_where_it_stopped(store):
    room = class_of(store, 6)
    board = Board(store, room.id, ELSEWHERE)
    for second in range(30):
        shared(store, room, range(1, 7), start=second, count=1)
        view = board.refresh(at(second + 1))
    assert view.windows.start_s.tolist() == [0, 10]
    assert view.series[PRESENT].n.tolist() == [6, 6]
    assert view.series[PRESENT].value.tolist() == [1.0, 1.0]
    fresh = Board(store, room.id, ELSEWHERE).refresh(at(30))
    assert fresh.series[INDEX].value.tolist() == pytest.approx(view.series[INDEX].value.tolist())


def test_who_withdraws_is_gone_at_the_next_look(store):
    room = class_of(store, 7)
    board = Board(store, room.id, ELSEWHERE)
    shared(store, room, range(1, 8), count=30)
    assert board.refresh(at(33)).series[PRESENT].withheld == (None,) * 3
    people = learners_of(store, room.id)
    withdraw(store, people[2].id)
    view = board.refresh(at(34))
    assert view.series[PRESENT].withheld == (Withheld.ONE_LEFT,) * 3
    assert view.now[PRESENT].withheld is not None
    assert (view.counts.joined, [one.number for one in view.learners]) == (6, [1, 2, 4, 5, 6, 7])
    withdraw(store, people[3].id)
    view = board.refresh(at(35))
    assert view.series[PRESENT].n.tolist() == [5, 5, 5]
    assert view.series[PRESENT].withheld == (None,) * 3


@pytest.mark.parametrize(("gone", "why"), [(1, Withheld.ONE_LEFT), (2, None)], ids=["one", "two"])
def test_a_server_that_starts_later_withholds_what_lost_one_learner(store, gone, why):
    """It has shown nothing yet, but another one may have."""
    room = class_of(store, 8)
    shared(store, room, range(1, 9), count=20)
    shared(store, room, range(3, 9), start=20)
    for one in learners_of(store, room.id)[:gone]:
        withdraw(store, one.id)
    series = Board(store, room.id, ELSEWHERE).refresh(at(40)).series[PRESENT]
    assert series.withheld == (why, why, None)
    assert series.n.tolist() == [8 - gone, 8 - gone, 6]


def test_a_later_policy_shows_no_more_of_a_learner_than_was_agreed_to(store):
    heads = (Shared.PRESENT, Shared.FACING)
    room = class_of(store, 4, replace(IN_EUROPE, shared=heads, is_listed=True))
    shared(store, room, range(1, 5), count=10)
    view = Board(store, room.id, ELSEWHERE).refresh(at(10))
    assert [(one.present, one.facing) for one in view.learners] == [(1.0, None)] * 4
    assert {one.withheld for one in view.now.values()} == {Withheld.TOO_FEW}


def test_a_server_that_starts_later_waits_where_one_withdrew_a_moment_ago(store):
    room = class_of(store, 8)
    shared(store, room, range(1, 9), count=20)
    withdraw(store, learners_of(store, room.id)[0].id)
    shared(store, room, range(2, 9), start=20, count=80)
    for second in (25, 33, 60):
        view = Board(store, room.id, ELSEWHERE).refresh(at(second))
        assert {one.withheld for one in view.now.values()} == {Withheld.ONE_CHANGED}, second
        assert None not in view.series[PRESENT].withheld
    later = Board(store, room.id, ELSEWHERE).refresh(at(100))
    assert later.series[PRESENT].withheld[-2:] == (None, None)
    assert later.now[PRESENT].value == 1.0


def test_a_server_that_starts_later_waits_where_one_paused_a_moment_ago(store):
    room = class_of(store, 8)
    shared(store, room, range(1, 9), count=20)
    shared(store, room, range(2, 9), start=20, count=80)
    view = Board(store, room.id, ELSEWHERE).refresh(at(31))
    assert view.series[PRESENT].withheld == (None, None)
    assert {one.withheld for one in view.now.values()} == {Withheld.ONE_CHANGED}
    later = Board(store, room.id, ELSEWHERE).refresh(at(100))
    assert later.now[PRESENT].value == 1.0


def test_a_board_and_its_report_end_at_last(store, monkeypatch):
    for one in (class_report, ClassFigures.advance, WindowSums.add):
        monkeypatch.setitem(one.__globals__, "LONGEST_S", 120)  # in place of a week
    room = class_of(store, 2)
    shared(store, room, (1, 2), start=110, count=20)
    view = Board(store, room.id, ELSEWHERE).refresh(at(3600))
    assert (len(view.windows), view.at_s, view.windows.measured[-1]) == (12, 3600, 2)
    assert class_report(room, view, made_at=at(0)).minutes[-1].ends_s == 120


def test_a_server_that_looks_later_leaves_out_whose_rows_came_late_alone(store):
    """Another one has shown the window without this learner."""
    room = class_of(store, 8)
    for start in range(0, 60, 10):
        shared(store, room, range(1, 8), start=start)
    first, idle = (Board(store, room.id, ELSEWHERE) for _ in range(2))
    idle.refresh(at(12))  # and then nobody looks at it
    assert first.refresh(at(63)).series[PRESENT].n.tolist() == [7] * 6
    shared(store, room, (8,), start=10)
    shared(store, room, range(1, 8), start=60)
    second = Board(store, room.id, ELSEWHERE)
    shared(store, room, range(1, 8), start=70)
    for board in (first, second, idle):
        series = board.refresh(at(73)).series[PRESENT]
        assert (series.n.tolist(), series.withheld) == ([7] * 7, (None,) * 7)


def test_who_agrees_once_more_had_joined_where_they_were_measured(store):
    room = class_of(store, 6)
    shared(store, room, range(1, 7), count=30)
    (first, *_) = learners_of(store, room.id)
    agree_again(store, first.id, site=first.site, notice_version="2", now=at(25))
    windows = Board(store, room.id, ELSEWHERE).refresh(at(33)).windows
    assert (windows.joined.tolist(), windows.measured.tolist()) == ([6] * 3, [6] * 3)


def test_five_that_become_four_are_shown_no_more(store):
    room = class_of(store, 5)
    board = Board(store, room.id, ELSEWHERE)
    shared(store, room, range(1, 6), count=10)
    assert board.refresh(at(10)).now[PRESENT].value == 1.0
    withdraw(store, learners_of(store, room.id)[0].id)
    view = board.refresh(at(11))
    assert {one.withheld for one in view.now.values()} == {Withheld.TOO_FEW}


def test_who_came_and_was_not_measured_is_not_away(store):
    room = class_of(store, 8)
    shared(store, room, range(1, 7), count=10)
    view = Board(store, room.id, ELSEWHERE).refresh(at(20))
    assert (view.windows.joined.tolist(), view.windows.not_measured.tolist()) == ([8], [2])
    assert (view.series[PRESENT].at(0).n, view.series[PRESENT].at(0).value) == (6, 1.0)


def test_learners_are_counted_by_what_their_devices_do(store):
    room = opened(store).classroom
    states = [*LearnerState, LearnerState.MEASURING]
    people = [joined(store, room.id, f"L{at_}").learner for at_ in range(len(states))]
    joined(store, room.id, "no camera", site=LearnerSite.NOWHERE)
    set_states(
        store,
        {one.id: state for one, state in zip(people, states, strict=True)},
        now=at(20),
    )
    set_states(store, {people[-1].id: LearnerState.MEASURING}, now=at(5))
    counts = Board(store, room.id, ELSEWHERE).refresh(at(20)).counts
    assert vars(counts) == {
        "joined": 7,
        "measuring": 1,
        "paused": 1,
        "hidden": 1,
        "no_camera": 1,
        "left": 1,
        "silent": 1,
        "flags_only": 1,
    }


def test_a_list_shows_each_learner_and_without_one_only_names(store):
    listed = class_of(store, 2, EVERYTHING)
    shared(store, listed, [1], count=10)
    view = Board(store, listed.id, ELSEWHERE).refresh(at(10))
    assert (bool(view.listed), view.smallest_group) == (True, 1)
    one, other = view.learners
    assert (one.present, one.facing, one.expression) == (1.0, 1.0, listed.labels[0])
    assert one.index == pytest.approx(82.5)
    assert (other.present, other.facing, other.index, other.expression) == (None,) * 4
    unlisted = opened(store, UNLISTED, seed=1).classroom
    joined(store, unlisted.id, "Ana")
    shared(store, unlisted, [1], count=10)
    (ana,) = Board(store, unlisted.id, ELSEWHERE).refresh(at(10)).learners
    assert (ana.name, ana.present, ana.facing, ana.index) == ("Ana", None, None, None)


@pytest.mark.parametrize(
    ("rules", "figures"),
    [(EUROPE, {PRESENT}), (HEADS, {PRESENT, FACING})],
    ids=["present", "heads"],
)
def test_in_europe_there_is_no_other_figure_whatever_was_stored(store, rules, figures):
    """Also of a class that was opened elsewhere, before region or purpose were changed."""
    room = class_of(store, 6, EVERYTHING)
    shared(store, room, range(1, 7), count=10)
    append_room_seconds(store, room.id, [RoomSecond(0, 9, 9, 5, ())])
    view = Board(store, room.id, rules).refresh(at(20))
    assert set(view.series) == set(view.now) == figures
    assert set(view.dips) == figures
    assert (view.mix, view.mix_now, view.sensitivity) == ({}, {}, None)
    assert view.smallest_group == 5
    assert {(one.facing, one.index, one.expression) for one in view.learners} == {(None,) * 3}
    assert [one.present for one in view.learners] == [None] * 6  # no rows of the last ten seconds
    assert len(view.room) == (1 if FACING in figures else 0)


def test_in_europe_a_list_shows_presence_and_groups_stay_groups(store):
    room = class_of(store, 4, replace(IN_EUROPE, is_listed=True))
    shared(store, room, range(1, 5), count=10)
    view = Board(store, room.id, EUROPE).refresh(at(10))
    assert view.now[PRESENT].withheld is Withheld.TOO_FEW
    assert [one.present for one in view.learners] == [1.0] * 4


def test_flags_hands_and_questions_are_on_the_board(store):
    room = class_of(store, 6)
    said = [
        Flag(1, 5.0, FlagKind.HAND),
        Flag(2, 6.0, FlagKind.HAND),
        Flag(2, 7.0, FlagKind.FINE),
        Flag(3, 65.0, FlagKind.QUESTION, "Why is it green?"),
        Flag(4, 66.0, FlagKind.QUESTION, "And why not red?"),
        *(Flag(who, 70.0 + who, FlagKind.LOST) for who in range(1, 6)),
    ]
    for flag in said:
        add_flag(store, room.id, flag)
    board = Board(store, room.id, ELSEWHERE)
    view = board.refresh(at(76))
    assert [(one.learner, one.name, one.since_s) for one in view.hands] == [(1, "Learner 1", 5.0)]
    assert [(one.learner, one.words) for one in view.questions] == [
        (4, "And why not red?"),
        (3, "Why is it green?"),
    ]
    assert view.flags.by_kind[FlagKind.LOST].tolist() == [0, 5]
    assert view.flags.by_kind[FlagKind.HAND].tolist() == [2, 0]
    (alert,) = view.alerts
    assert (alert.kind, alert.flag, alert.since_s) == (AlertKind.FLAGS, FlagKind.LOST, 75.0)
    assert board.refresh(at(306)).hands == ()
    withdraw(store, learners_of(store, room.id)[3].id)
    assert [one.learner for one in board.refresh(at(307)).questions] == [3]


def test_a_class_that_turns_away_for_thirty_seconds_is_an_alert(store):
    room = class_of(store, 30)
    shared(store, room, range(1, 31), count=300)
    shared(store, room, range(1, 31), start=300, count=30, facing=0.0)
    (alert,) = [
        one
        for one in Board(store, room.id, ELSEWHERE).refresh(at(333)).alerts
        if one.figure == FACING
    ]
    assert (alert.kind, alert.since_s, alert.usual, alert.value) == (AlertKind.DIP, 300, 1.0, 0.0)


def test_marks_are_shown_in_order(store):
    room = class_of(store, 1)
    marks = [ClassMark(9.0, MarkKind.TOPIC, "Light"), ClassMark(3.0, MarkKind.SLIDE)]
    for mark in marks:
        add_mark(store, room.id, mark)
    assert Board(store, room.id, ELSEWHERE).refresh(at(10)).marks == (marks[1], marks[0])


def test_a_closed_class_stands_still(store):
    room = class_of(store, 6)
    shared(store, room, range(1, 7), count=20)
    close_classroom(store, room.id, now=at(20))
    view = Board(store, room.id, ELSEWHERE).refresh(at(5000))
    assert (view.at_s, view.is_open, view.now, view.mix_now, view.alerts) == (20, False, {}, {}, ())
    assert view.series[PRESENT].value.tolist() == [1.0, 1.0]


def test_a_deleted_class_is_said_to_be_gone(store):
    room = class_of(store, 1)
    board = Board(store, room.id, ELSEWHERE)
    board.refresh(at(1))
    delete_classroom(store, room.id)
    with pytest.raises(UnknownClassroom):
        board.refresh(at(2))


def test_a_database_that_is_away_loses_nothing(store, monkeypatch):
    room = class_of(store, 6)
    board = Board(store, room.id, ELSEWHERE)
    board.refresh(at(1))
    shared(store, room, range(1, 7), count=10)

    def away(*_):
        raise StoreError("the database is away", advice="Wait.")

    with monkeypatch.context() as patched:
        patched.setattr("core.classroom.board.board.amount_of_flags", away)
        with pytest.raises(StoreError):
            board.refresh(at(12))
    assert board.refresh(at(13)).series[PRESENT].value.tolist() == [1.0]


def test_tabs_that_look_together_see_one_board(store):
    room = class_of(store, 6)
    shared(store, room, range(1, 7), count=60)
    board, views = Board(store, room.id, ELSEWHERE), []
    tabs = [
        Thread(target=lambda: views.extend(board.refresh(at(63 + step)) for step in range(5)))
        for _ in range(4)
    ]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    assert len(views) == 20
    assert {tuple(one.series[PRESENT].n.tolist()) for one in views} == {(6,) * 6}


def test_two_looks_within_a_fifth_of_a_second_read_once(store):
    board = Board(store, class_of(store, 1).id, ELSEWHERE)
    first = board.refresh(at(10))
    assert board.refresh(at(10.1)) is first
    assert board.refresh(at(10.3)) is not first


def test_a_look_from_a_moment_ago_is_not_given_of_a_class_that_was_closed_since(store):
    room = class_of(store, 6)
    shared(store, room, range(1, 7), count=20)
    board = Board(store, room.id, ELSEWHERE)
    assert len(board.refresh(at(20), is_open=True).windows) < 2
    close_classroom(store, room.id, now=at(20.05))
    assert board.refresh(at(20.1)).is_open
    view = board.refresh(at(20.1), is_open=False)
    assert (view.is_open, len(view.windows)) == (False, 2)


def test_what_is_shared_is_what_policy_allows_too(store):
    room = class_of(store, 1, EVERYTHING)
    assert Board(store, room.id, HEADS).refresh(at(1)).shared == (Shared.PRESENT, Shared.FACING)
