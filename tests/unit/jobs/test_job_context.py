from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.domain import PartDone
from core.jobs import JobContext, Journal, RunCancelled, job_context
from core.jobs.job_context import REPORT_EVERY_S, ProgressReporter
from core.jobs.run_folder.journal import read_events


@pytest.fixture
def clock(monkeypatch):
    times = [100.0]
    monkeypatch.setattr(job_context, "monotonic", lambda: times[0])
    return times


@pytest.fixture
def context(tmp_path, settings):
    journal = Journal(tmp_path / "events.jsonl", clock=lambda: datetime.now(UTC))
    return JobContext(
        tmp_path,
        journal,
        lambda: (tmp_path / "cancel").exists(),
        settings,
        lambda: datetime.now(UTC),
    )


def _reported(context):
    return read_events(context.folder / "events.jsonl")[0]


def test_each_part_is_reported_when_it_starts(context, clock):
    reporter = ProgressReporter(context, 2)
    reporter.part(1, "Light")
    reporter.part(2, "Labels")
    assert _reported(context) == [PartDone(1, 2, "Light", 0.0), PartDone(2, 2, "Labels", 0.0)]


def test_progress_is_reported_twice_a_second_at_most(context, clock):
    on_progress = ProgressReporter(context, 1).part(1, "Light")
    for done in range(100):
        on_progress(done, 100)
    assert len(_reported(context)) == 1
    clock[0] += REPORT_EVERY_S
    on_progress(50, 100)
    on_progress(51, 100)
    assert _reported(context)[1:] == [PartDone(1, 1, "Light", 0.5)]


@pytest.mark.parametrize(("done", "total", "fraction"), [(0, 0, 0.0), (5, 4, 1.0), (3, 4, 0.75)])
def test_a_fraction_stays_one(context, clock, done, total, fraction):
    on_progress = ProgressReporter(context, 1).part(1, "Light")
    clock[0] += REPORT_EVERY_S
    on_progress(done, total)
    assert _reported(context)[-1].fraction == fraction


def test_a_stop_request_takes_effect_at_once(context, clock):
    on_progress = ProgressReporter(context, 1).part(1, "Light")
    on_progress(1, 10)
    (context.folder / "cancel").touch()
    with pytest.raises(RunCancelled):
        on_progress(2, 10)
