"""Learners join, are found again, and take out everything they shared."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from core.classroom import (
    add_flag,
    agree_again,
    append_seconds,
    close_classroom,
    delete_classroom,
    flags_of,
    learner_of_secret,
    learners_of,
    read_seconds,
    reopen_classroom,
    seconds_of_learner,
    set_states,
    withdraw,
)
from core.classroom.store import withdrawals
from core.classroom.store.seconds import remove_learners
from core.domain.classroom import Flag, FlagKind, LearnerSite, LearnerState
from core.domain.errors import ClassroomRefusal, StoreError, UnknownLearner
from core.sessions import SessionStore
from core.storage import classroom_tables
from tests.classes import OPENED_AT, joined, opened, pairs, seconds

LATER = OPENED_AT + timedelta(minutes=5)


@pytest.fixture
def room(store):
    return opened(store).classroom


def test_whoever_joins_is_found_again_by_the_own_secret_alone(store, room):
    ana, secret = vars(joined(store, room.id)).values()
    ben = joined(store, room.id, "Ben", site=LearnerSite.NOWHERE).learner
    assert (ana.number, ben.number, ana.consent_at) == (1, 2, OPENED_AT)
    assert learner_of_secret(store, secret) == (room, ana)
    assert learners_of(store, room.id) == (ana, ben)
    for wrong in ("", "x", "\ud800", secret[:-1], ana.id):
        assert learner_of_secret(store, wrong) is None
    with store.transaction("read") as connection:
        rows = connection.execute(select(classroom_tables.learners)).all()
    assert secret not in {str(value) for row in rows for value in row}


def test_a_closed_class_takes_nobody_and_its_learners_stay(store, room):
    secret = joined(store, room.id).secret
    close_classroom(store, room.id, now=LATER)
    with pytest.raises(ClassroomRefusal, match="closed"):
        joined(store, room.id, "Ben")
    with pytest.raises(ClassroomRefusal, match="closed"):
        add_flag(store, room.id, Flag(1, 3.0, FlagKind.LOST))
    found, _ = learner_of_secret(store, secret)
    assert found.closed_at == LATER
    reopen_classroom(store, room.id)
    assert joined(store, room.id, "Ben").learner.number == 2


def test_a_full_class_says_so(store, room):
    table = classroom_tables.classrooms
    with store.transaction("written") as connection:
        connection.execute(update(table).values(learner_count=1000))
    with pytest.raises(ClassroomRefusal, match="full: 1000 people"):
        joined(store, room.id)
    assert learners_of(store, room.id) == ()


@pytest.mark.parametrize("name", ["", " ", "\u202e\0\n", "x" * 41])
def test_a_name_that_says_nothing_or_too_much_joins_nothing(store, room, name):
    with pytest.raises(ValueError, match="a name is one line of 1 to 40"):
        joined(store, room.id, name)
    assert joined(store, room.id, " Zo\u00eb\r\n\u202e B. ").learner.name == "Zo\u00eb B."
    assert [one.number for one in learners_of(store, room.id)] == [1]


def test_300_who_join_at_once_by_two_processes_have_300_numbers(url, store, room):
    """Two stores share nothing but the database, as two processes do."""
    with SessionStore.open(url) as other, ThreadPoolExecutor(8) as threads:
        places = [(store, other)[number % 2] for number in range(300)]
        found = list(threads.map(lambda one: joined(one, room.id).learner.number, places))
    assert sorted(found) == list(range(1, 301))
    assert [one.number for one in learners_of(store, room.id)] == list(range(1, 301))


def test_states_are_stored_and_those_who_withdrew_passed_over(store, room):
    ana, ben = (joined(store, room.id, name).learner for name in ("Ana", "Ben"))
    withdraw(store, ben.id)
    states = {ben.id: LearnerState.PAUSED, ana.id: LearnerState.MEASURING}
    set_states(store, states, now=LATER)
    set_states(store, {}, now=LATER)
    (found,) = learners_of(store, room.id)
    assert (found.state, found.seen_at) == (LearnerState.MEASURING, LATER)


def test_who_withdraws_leaves_no_row_no_flag_and_no_number(store, room):
    ana, ben = (joined(store, room.id, name) for name in ("Ana", "Ben"))
    append_seconds(store, room.id, seconds([(0, 1), (0, 2), (1, 1)]))
    append_seconds(store, room.id, seconds([(2, 1)]))
    for number in (1, 2):
        add_flag(store, room.id, Flag(number, 1.0, FlagKind.QUESTION, "Why?"))
    withdraw(store, ana.learner.id)
    append_seconds(store, room.id, seconds([(3, 1), (3, 2)]))  # sent before, and late
    assert pairs(read_seconds(store, room.id)[0]) == [(0, 2), (3, 2)]
    assert [one.learner for one in flags_of(store, room.id)] == [2]
    assert learners_of(store, room.id) == (ben.learner,)
    assert learner_of_secret(store, ana.secret) is None
    for ask in (withdraw, seconds_of_learner):
        with pytest.raises(UnknownLearner, match="Nobody takes part"):
            ask(store, ana.learner.id)
    with pytest.raises(UnknownLearner):
        add_flag(store, room.id, Flag(1, 4.0, FlagKind.LOST))
    assert joined(store, room.id, "Ana").learner.number == 3


def test_the_last_key_stays_where_the_last_block_loses_its_only_learner(store, room):
    ana = joined(store, room.id).learner
    joined(store, room.id, "Ben")
    append_seconds(store, room.id, seconds([(0, 1)]))
    last = read_seconds(store, room.id)[1]
    withdraw(store, ana.id)
    append_seconds(store, room.id, seconds([(1, 2)]))
    assert pairs(read_seconds(store, room.id, after=last)[0]) == [(1, 2)]


def test_nothing_of_a_withdrawal_is_done_where_the_database_refuses(store, room, monkeypatch):
    ana = joined(store, room.id).learner
    append_seconds(store, room.id, seconds([(0, 1)]))

    def refuse(*_):
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr("core.classroom.store.withdrawals.remove_learners", refuse)
        with pytest.raises(StoreError, match="disk full"):
            withdraw(store, ana.id)
    assert learners_of(store, room.id) == (ana,)
    assert len(read_seconds(store, room.id)[0]) == 1


class _Turn:
    """A lock that tells who waits for it."""

    def __init__(self):
        self._lock, self.asked = threading.Lock(), threading.Semaphore(0)

    def __enter__(self):
        self.asked.release()
        self._lock.acquire()

    def __exit__(self, *_):
        self._lock.release()


def test_those_who_withdraw_while_another_does_are_taken_out_together(store, room, monkeypatch):
    """A class that is over: to take one out of a long lesson takes as long as to take out all."""
    gone = [joined(store, room.id, f"L{number}").learner for number in range(1, 21)]
    joined(store, room.id, "Zoe")
    append_seconds(store, room.id, seconds([(0, number) for number in range(1, 22)]))
    waiting = withdrawals._Waiting()
    waiting.turn, taken = _Turn(), []
    monkeypatch.setitem(withdrawals._waiting_of, store, waiting)

    def after_all_have_asked(connection, key, numbers):
        if not taken:  # the first: the others come meanwhile
            assert all(waiting.turn.asked.acquire(timeout=20) for _ in gone)
        taken.append(len(numbers))
        remove_learners(connection, key, numbers)

    monkeypatch.setattr(withdrawals, "remove_learners", after_all_have_asked)
    with ThreadPoolExecutor(len(gone)) as threads:
        done = list(threads.map(lambda one: withdraw(store, one.id), gone))
    assert done == [None] * len(gone)
    assert (sum(taken), len(taken)) == (len(gone), 2)
    assert pairs(read_seconds(store, room.id)[0]) == [(0, 21)]
    assert [one.name for one in learners_of(store, room.id)] == ["Zoe"]


def test_of_those_who_withdraw_together_each_hears_of_the_own(store, room):
    ana, ben = (joined(store, room.id, name).learner for name in ("Ana", "Ben"))

    def tried(learner_id):
        try:
            withdraw(store, learner_id)
        except UnknownLearner:
            return "unknown"
        return "deleted"

    with ThreadPoolExecutor(8) as threads:
        told = list(threads.map(tried, [ana.id, "nobody", ben.id, ana.id, ana.id, "nobody"]))
    assert (told[1], told[2], told[5]) == ("unknown", "deleted", "unknown")
    assert "deleted" in (told[0], *told[3:5])
    assert learners_of(store, room.id) == ()


def test_a_deleted_class_finds_no_learner(store, room):
    secret = joined(store, room.id).secret
    delete_classroom(store, room.id)
    assert learner_of_secret(store, secret) is None


def test_a_damaged_learner_hides_no_other(store, room, caplog):
    joined(store, room.id)
    ben = joined(store, room.id, "Ben").learner
    table = classroom_tables.learners
    with store.transaction("written") as connection:
        connection.execute(update(table).where(table.c.number == 1).values(site="moon"))
    with caplog.at_level(logging.WARNING):
        assert learners_of(store, room.id) == (ben,)
    assert "left out: a learner" in caplog.text


def test_consent_is_given_again_to_other_words_and_another_place(store, room):
    ana, secret = vars(joined(store, room.id)).values()
    agree_again(store, ana.id, site=LearnerSite.NOWHERE, notice_version="new", now=LATER)
    _, again = learner_of_secret(store, secret)
    assert again == replace(ana, site=LearnerSite.NOWHERE, notice_version="new", consent_at=LATER)


def test_nobody_agrees_again_after_withdrawing(store, room):
    ana = joined(store, room.id).learner
    withdraw(store, ana.id)
    with pytest.raises(UnknownLearner):
        agree_again(store, ana.id, site=LearnerSite.BROWSER, notice_version="new", now=LATER)
