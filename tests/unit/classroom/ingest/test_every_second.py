"""Work that is done again and again, while there is some."""

from __future__ import annotations

import threading
import time

from core.classroom.ingest import every_second
from core.classroom.ingest.every_second import EverySecond


def until(holds, *, within_s=30.0):
    give_up_at = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < give_up_at, "it never came to hold"
        time.sleep(0.01)


def test_it_goes_on_while_there_is_more_and_begins_again_when_there_is():
    left = [3]

    def work():
        left[0] -= 1
        return left[0] > 0

    again = EverySecond(work, name="test", every_s=0.01)
    again.begin()
    until(lambda: left[0] == 0 and not again._runs)
    left[0] = 2
    again.soon()
    until(lambda: left[0] == 0 and not again._runs)


def test_what_the_work_raises_ends_nothing():
    calls = []

    def work():
        calls.append(len(calls))
        if len(calls) < 3:
            raise ValueError("a bug")
        return False

    EverySecond(work, name="test", every_s=0.01).begin()
    until(lambda: len(calls) == 3)


def test_where_no_thread_can_begin_the_next_call_tries_again(monkeypatch):
    done = threading.Event()

    def work():
        done.set()
        return False

    def none_left(**_):
        raise RuntimeError("can't start new thread")

    again = EverySecond(work, name="test", every_s=0.01)
    with monkeypatch.context() as ending:
        ending.setattr(every_second, "Thread", none_left)
        again.soon()
    assert not done.is_set()
    again.soon()
    assert done.wait(30.0)
