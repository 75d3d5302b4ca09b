"""A practice goes on in one tab at a time."""

from __future__ import annotations

import gc

import pytest

from core.live import Clocks, LiveSession
from core.practice import Flow, PracticeHolders, RunningPractice
from tests.fakes import FakeAnalyser, FakeStore, ManualClock
from tests.make import make_session
from tests.practising import make_practice


@pytest.fixture
def holders() -> PracticeHolders:
    return PracticeHolders()


def live() -> LiveSession:
    clock = ManualClock()
    clocks = Clocks(seconds=clock.seconds, now=clock.now)
    made = LiveSession(FakeAnalyser(), FakeStore(), clocks=clocks, not_sure_below=0.4)
    made.begin(make_session())
    return made


def running() -> RunningPractice:
    return RunningPractice(None, make_practice(), Flow(3, 0.0, 9.0), new_id=str)  # type: ignore[arg-type]


def test_a_tab_that_records_keeps_its_practice_from_others(holders: PracticeHolders) -> None:
    mine, here, other, there = running(), live(), running(), live()
    assert holders.keep(mine, here)
    assert not holders.keep(other, there)
    assert holders.is_held(mine.practice.id)
    assert holders.keep(mine, here)


def test_a_tab_that_was_closed_or_records_no_more_lets_it_go(holders: PracticeHolders) -> None:
    mine, here, other, there = running(), live(), running(), live()
    holders.keep(mine, here)
    here.finish()
    assert not holders.is_held(mine.practice.id)
    assert holders.keep(other, there)
    there.close()
    assert holders.keep(mine, here)


def test_a_page_that_was_left_lets_it_go(holders: PracticeHolders) -> None:
    mine, here = running(), live()
    practice_id = mine.practice.id
    holders.keep(mine, here)
    del mine
    gc.collect()
    assert not holders.is_held(practice_id)


def test_only_who_holds_a_practice_lets_it_go(holders: PracticeHolders) -> None:
    mine, here, other = running(), live(), running()
    holders.keep(mine, here)
    holders.let_go(other)
    assert holders.is_held(mine.practice.id)
    holders.let_go(mine)
    assert not holders.is_held(mine.practice.id)
