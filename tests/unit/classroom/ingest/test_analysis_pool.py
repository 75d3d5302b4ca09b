from __future__ import annotations

from threading import Event

import pytest

from core.classroom.ingest.analysis_pool import AnalysisPool

SOON_S = 10


class Held:
    """Work that begins, and goes on until the test lets it."""

    def __init__(self):
        self.began, self.may_end = Event(), Event()

    def __call__(self):
        self.began.set()
        assert self.may_end.wait(SOON_S)


@pytest.fixture
def pool():
    return AnalysisPool(threads=1)


@pytest.fixture
def held(pool):
    """Work of a stream "other" that keeps the only thread."""
    work = Held()
    pool.offer("other", work)
    assert work.began.wait(SOON_S)
    yield work
    work.may_end.set()


def test_work_is_done():
    done = Event()
    assert AnalysisPool(threads=2).offer("a", done.set)
    assert done.wait(SOON_S)


def test_a_newer_frame_takes_the_place_of_one_that_waits(pool, held):
    done, last = [], Event()
    assert pool.offer("a", lambda: done.append("first"))
    assert not pool.offer("a", lambda: (done.append("second"), last.set()))
    held.may_end.set()
    assert last.wait(SOON_S)
    assert done == ["second"]


def test_a_frame_that_comes_while_one_of_its_stream_is_analysed_is_dropped(pool, held):
    done = []
    assert not pool.offer("other", lambda: done.append("dropped"))
    last = Event()
    pool.offer("a", last.set)
    held.may_end.set()
    assert last.wait(SOON_S)
    assert done == []


def test_streams_take_turns_and_a_newer_frame_loses_none(pool, held):
    done, last = [], Event()
    pool.offer("a", lambda: done.append("a, older"))
    pool.offer("b", lambda: (done.append("b"), last.set()))
    pool.offer("a", lambda: done.append("a, newer"))
    held.may_end.set()
    assert last.wait(SOON_S)
    assert done == ["a, newer", "b"]


def test_an_error_ends_no_other_stream(pool):
    def fail():
        raise RuntimeError("this frame only")

    done = Event()
    pool.offer("a", fail)
    pool.offer("b", done.set)
    assert done.wait(SOON_S)


def test_no_more_threads_work_than_the_pool_has():
    pool = AnalysisPool(threads=2)
    works = [Held() for _ in range(3)]
    for number, work in enumerate(works):
        pool.offer(number, work)
    assert works[0].began.wait(SOON_S)
    assert works[1].began.wait(SOON_S)
    assert not works[2].began.is_set()
    for work in works:
        work.may_end.set()
    assert works[2].began.wait(SOON_S)
