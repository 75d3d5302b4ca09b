from __future__ import annotations

import pytest

from core.classroom import FlagLimit
from core.classroom.flag_limit import ANY_AFTER_S, SAME_AFTER_S
from core.domain.classroom import FlagKind


def test_a_first_flag_is_sent_at_once():
    assert FlagLimit().wait_s("one", FlagKind.LOST, 100.0) == 0


def test_the_same_flag_waits_longer_than_another():
    limit = FlagLimit()
    limit.wait_s("one", FlagKind.LOST, 100.0)
    assert limit.wait_s("one", FlagKind.LOST, 101.0) == pytest.approx(SAME_AFTER_S - 1)
    assert limit.wait_s("one", FlagKind.FINE, 101.0) == pytest.approx(ANY_AFTER_S - 1)
    assert limit.wait_s("one", FlagKind.FINE, 100.0 + ANY_AFTER_S) == 0
    assert limit.wait_s("one", FlagKind.LOST, 100.0 + SAME_AFTER_S) == 0


def test_a_press_that_waits_does_not_make_the_wait_longer():
    limit = FlagLimit()
    limit.wait_s("one", FlagKind.LOST, 100.0)
    for clock_s in (101.0, 105.0, 110.0):
        assert limit.wait_s("one", FlagKind.LOST, clock_s) > 0
    assert limit.wait_s("one", FlagKind.LOST, 100.0 + SAME_AFTER_S) == 0


def test_each_learner_waits_for_their_own_flags_alone():
    limit = FlagLimit()
    limit.wait_s("one", FlagKind.LOST, 100.0)
    assert limit.wait_s("two", FlagKind.LOST, 100.0) == 0


def test_a_flag_that_was_not_stored_may_be_sent_again_at_once():
    limit = FlagLimit()
    limit.wait_s("one", FlagKind.HAND, 100.0)
    limit.take_back("one", FlagKind.HAND)
    assert limit.wait_s("one", FlagKind.HAND, 100.0) == 0


def test_those_who_were_not_heard_of_for_longest_are_forgotten(monkeypatch):
    monkeypatch.setattr("core.classroom.flag_limit._LEARNERS", 2)
    limit = FlagLimit()
    for name in ("one", "two", "three"):
        limit.wait_s(name, FlagKind.LOST, 100.0)
    assert limit.wait_s("three", FlagKind.LOST, 101.0) > 0
    assert limit.wait_s("one", FlagKind.LOST, 101.0) == 0
