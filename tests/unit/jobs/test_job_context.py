from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.domain import PartDone
from core.jobs import JobContext, Journal, RunCancelled, job_context
from core.jobs.job_context import TELL_EVERY_S, ProgressReporter
from core.jobs.run_folder.journal import read_events


@pytest.fixture
def clock(monkeypatch):
    times = [100.0]
    monkeypatch.setattr(job_context, "monotonic", lambda: times[0])
    return times


@pytest.fixture
def place(tmp_path, settings):
    journal = Journal(tmp_path / "events.jsonl", clock=lambda: datetime.now(UTC))
    return JobContext(
        tmp_path,
        journal,
        lambda: (tmp_path / "cancel").exists(),
        settings,
        lambda: datetime.now(UTC),
    )


def _told(place):
    return read_events(place.folder / "events.jsonl")[0]


def test_each_part_is_told_when_it_begins(place, clock):
    teller = ProgressReporter(place, 2)
    teller.part(1, "Light")
    teller.part(2, "Labels")
    assert _told(place) == [PartDone(1, 2, "Light", 0.0), PartDone(2, 2, "Labels", 0.0)]


def test_progress_is_told_twice_a_second_at_most(place, clock):
    tell = ProgressReporter(place, 1).part(1, "Light")
    for done in range(100):
        tell(done, 100)
    assert len(_told(place)) == 1
    clock[0] += TELL_EVERY_S
    tell(50, 100)
    tell(51, 100)
    assert _told(place)[1:] == [PartDone(1, 1, "Light", 0.5)]


@pytest.mark.parametrize(("done", "total", "fraction"), [(0, 0, 0.0), (5, 4, 1.0), (3, 4, 0.75)])
def test_a_fraction_stays_one(place, clock, done, total, fraction):
    tell = ProgressReporter(place, 1).part(1, "Light")
    clock[0] += TELL_EVERY_S
    tell(done, total)
    assert _told(place)[-1].fraction == fraction


def test_whoever_asked_to_stop_is_heard_at_once(place, clock):
    tell = ProgressReporter(place, 1).part(1, "Light")
    tell(1, 10)
    (place.folder / "cancel").touch()
    with pytest.raises(RunCancelled):
        tell(2, 10)
