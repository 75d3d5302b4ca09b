"""What a worker uses, measured and reported without disturbing it."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from types import SimpleNamespace

import psutil
import pytest

from core.domain import ResourcesUsed
from core.jobs.resources import ResourceMeter, ResourceReporter


class FakeProcess:
    """A process whose figures are set by hand."""

    def __init__(self, *children):
        self.cpu_s, self.ended_s, self.rss, self._children = 0.0, 0.0, 10_000_000, children
        self.gone = False

    def cpu_times(self):
        if self.gone:
            raise psutil.NoSuchProcess(1)
        return SimpleNamespace(
            user=self.cpu_s, system=0.0, children_user=self.ended_s, children_system=0.0
        )

    def memory_info(self):
        return SimpleNamespace(rss=self.rss)

    def children(self, *, recursive):
        assert recursive
        return self._children


@pytest.fixture
def clock():
    return SimpleNamespace(s=100.0)


def _meter(process, clock):
    return ResourceMeter(process, clock=lambda: clock.s)


def test_cores_are_processor_seconds_a_second_and_children_count(clock):
    child = FakeProcess()
    process = FakeProcess(child)
    meter = _meter(process, clock)
    clock.s, process.cpu_s, child.cpu_s = 105.0, 5.0, 2.5
    assert meter.measure() == ResourcesUsed(1.5, 20.0)
    clock.s = 110.0
    assert meter.measure() == ResourcesUsed(0.0, 20.0)


def test_a_child_that_ended_keeps_counting_and_one_that_vanished_takes_nothing_away(clock):
    child = FakeProcess()
    process = FakeProcess(child)
    meter = _meter(process, clock)
    clock.s, child.cpu_s = 105.0, 4.0
    assert meter.measure().cores == 0.8
    clock.s, child.gone, process.ended_s = 110.0, True, 5.0
    assert meter.measure() == ResourcesUsed(0.2, 10.0)
    clock.s, process.ended_s = 115.0, 0.0
    assert meter.measure().cores == 0.0
    assert meter.measure().cores == 0.0  # no time has passed


def test_a_busy_child_of_this_process_is_seen():
    meter = ResourceMeter(psutil.Process(), clock=time.monotonic)
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        time.sleep(1.0)
        used = meter.measure()
    finally:
        busy.kill()
        busy.wait()
    assert used.cores > 0.2
    assert 10 < used.memory_mb < 100_000


def _until(met):
    deadline = time.monotonic() + 10
    while not met():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_figures_are_reported_until_the_work_is_done():
    events = []
    with ResourceReporter(events.append, every_s=0.02):
        _until(lambda: len(events) >= 3)
    count = len(events)
    time.sleep(0.1)
    assert len(events) == count
    assert "resources" not in {thread.name for thread in threading.enumerate()}


def test_a_disk_that_is_full_for_a_while_costs_some_figures_and_nothing_else():
    calls = []

    def refuse_twice(used):
        calls.append(used)
        if len(calls) <= 2:
            raise OSError(28, "No space left on device")

    with ResourceReporter(refuse_twice, every_s=0.02):
        _until(lambda: len(calls) >= 4)


def test_a_system_that_reports_nothing_leaves_the_work_alone(monkeypatch):
    def deny(*_):
        raise psutil.AccessDenied

    monkeypatch.setattr(psutil, "Process", deny)
    events = []
    with ResourceReporter(events.append, every_s=0.01):
        time.sleep(0.1)
    assert events == []


def test_an_error_of_the_work_itself_passes_through():
    with pytest.raises(ZeroDivisionError), ResourceReporter(print, every_s=60):
        raise ZeroDivisionError
