"""Reading runs as they grow."""

from __future__ import annotations

import os
from itertools import pairwise
from threading import Thread

import pytest

from core import jobs
from core.domain import (
    BatchDone,
    EpochEnded,
    Finished,
    LogMessage,
    LossPoint,
    Progress,
    ResourcesUsed,
    RunStatus,
    SamplesSeen,
    Started,
    Waiting,
)
from core.domain.errors import UnknownRun
from core.jobs import Lease, RunCache, monitor
from core.jobs.monitor import RunReader
from core.jobs.run_folder.journal import read_lines
from core.jobs.run_state import MOST_MESSAGES, MOST_POINTS
from tests.unit.jobs.conftest import append_events, now, read_run


@pytest.fixture
def lines_read(monkeypatch):
    """How many lines each reading of a journal gave."""
    counts = []

    def count(path, *, since=0):
        lines, cursor = read_lines(path, since=since)
        counts.append(len(lines))
        return lines, cursor

    monkeypatch.setattr(monitor, "read_lines", count)
    return counts


def test_a_cached_run_is_read_on_from_the_last_line(with_events, runs_dir, lines_read):
    folder, cache = with_events(Started(1), LogMessage("one")), RunCache()
    for _ in range(3):
        assert jobs.read_run(runs_dir, folder.id, now=now(), cache=cache).messages == ("one",)
    append_events(folder, LogMessage("two"))
    assert jobs.read_run(runs_dir, folder.id, now=now(), cache=cache).messages == ("one", "two")
    assert lines_read == [2, 1]


def test_a_list_of_runs_reads_no_journal_twice_and_remembers_so_many(
    with_events, runs_dir, lines_read
):
    folders, cache = [with_events(LogMessage("x")) for _ in range(4)], RunCache(listed=4)
    for _ in range(3):
        assert len(jobs.all_runs(runs_dir, now=now(), cache=cache)) == 4
    assert lines_read == [1] * 4
    append_events(folders[2], Finished(RunStatus.COMPLETED))
    found = jobs.all_runs(runs_dir, now=now(), cache=cache)
    (completed,) = [run for run in found if run.status is RunStatus.COMPLETED]
    assert completed.progress == Progress(1.0, "Done.")
    assert lines_read == [1] * 5
    cache = RunCache(listed=3)
    for _ in range(2):
        jobs.all_runs(runs_dir, now=now(), cache=cache)
        assert sum(map(len, cache._known.values())) == 3


def test_a_list_leaves_out_the_figures_and_keeps_the_epochs(with_events, runs_dir):
    folder = with_events(
        Started(1),
        BatchDone(1, 5, 10, 0.5),
        ResourcesUsed(1.5, 900.0),
        SamplesSeen(1, [3], [[0.2, 0.8]]),
        EpochEnded(1, 4, {"loss": 0.4}),
    )
    whole, (listed,) = read_run(folder), jobs.all_runs(runs_dir, now=now())
    assert whole.batch_losses == (LossPoint(0.5, 0.5),)
    assert (whole.resources[0].cores, whole.resources[0].memory_mb) == (1.5, 900.0)
    assert 0.0 <= whole.resources[0].time_s < 10.0
    assert whole.samples.scores == [[0.2, 0.8]]
    assert (listed.batch_losses, listed.resources, listed.samples) == ((), (), None)
    assert (listed.epochs, listed.batch) == (whole.epochs, BatchDone(1, 5, 10, 0.5))


def test_figures_of_a_long_run_stay_few_and_reach_to_its_end(with_events):
    folder = with_events(Started(1), *[BatchDone(1, at, 5000, 1.0) for at in range(1, 4001)])
    points = read_run(folder).batch_losses
    assert MOST_POINTS / 2 <= len(points) <= MOST_POINTS
    assert (points[0].epochs, points[-1].epochs) == (1 / 5000, 4000 / 5000)
    gaps = {round((b.epochs - a.epochs) * 5000) for a, b in pairwise(points)}
    assert len(gaps) <= 2  # evenly, but for the newest


def test_batches_without_a_loss_draw_no_curve(with_events):
    run = read_run(with_events(Started(1), BatchDone(1, 1, 2), BatchDone(1, 2, 2)))
    assert (run.batch_losses, run.batch) == ((), BatchDone(1, 2, 2))


def test_the_newest_messages_are_kept(with_events):
    numbers = [str(number) for number in range(MOST_MESSAGES + 5)]
    assert read_run(with_events(*map(LogMessage, numbers))).messages == tuple(numbers[5:])


def test_epochs_that_were_done_twice_count_as_they_were_done_last(with_events):
    run = read_run(
        with_events(
            *(Started(1), BatchDone(1, 1, 2, 0.9), EpochEnded(1, 5, {"loss": 0.9})),
            *(BatchDone(2, 1, 2, 0.8), EpochEnded(2, 5, {"loss": 0.8}), BatchDone(3, 1, 2, 0.7)),
            *(Started(2), BatchDone(2, 1, 2, 0.6), EpochEnded(2, 5, {"loss": 0.5})),
        )
    )
    assert [(one.epoch, one.metrics["loss"]) for one in run.epochs] == [(1, 0.9), (2, 0.5)]
    assert run.batch_losses == (LossPoint(0.5, 0.9), LossPoint(1.5, 0.6))


def test_a_queued_run_names_the_run_before_it_until_it_starts(with_events):
    folder = with_events(Waiting("one"), Waiting("other"))
    lease = Lease(folder.lease)
    assert lease.take()
    try:
        waiting = read_run(folder)
        assert (waiting.status, waiting.behind) == (RunStatus.QUEUED, "other")
        assert waiting.progress == Progress(0.0, "Waits for other to end.")
        append_events(folder, Waiting())
        assert read_run(folder).progress.sentence == "Waits for a free slot."
        append_events(folder, Started(1))
        working = read_run(folder)
        assert (working.status, working.behind) == (RunStatus.RUNNING, "")
        assert working.progress.sentence == "Starting."
        folder.cancel.touch()
        assert read_run(folder).status is RunStatus.CANCELLING
    finally:
        lease.release()
    assert read_run(folder).status is RunStatus.LOST


def test_the_outcome_holds_until_the_run_is_resumed(with_events):
    folder = with_events(Started(1), Finished(RunStatus.FAILED, error="It broke."))
    append_events(folder, ResourcesUsed(1.0, 1.0))
    assert read_run(folder).finished.error == "It broke."
    for event in (Waiting("x"), Started(2)):
        append_events(folder, event)
        assert read_run(folder).finished is None
        append_events(folder, Finished(RunStatus.CANCELLED))
    assert read_run(folder).status is RunStatus.CANCELLED


def test_started_at_is_the_time_of_the_first_start(with_events):
    folder = with_events(Waiting("x"))
    assert read_run(folder).started_at is None
    append_events(folder, Started(1))
    first = read_run(folder).started_at
    append_events(folder, Started(2))
    assert read_run(folder).started_at == first is not None


def test_a_replaced_journal_is_read_from_its_start(with_events, runs_dir):
    folder = with_events(LogMessage("one"), LogMessage("two"))
    reader = RunReader(runs_dir, folder.id)
    assert reader.read(now=now()).messages == ("one", "two")
    os.truncate(folder.events, 0)
    append_events(folder, LogMessage("three"))
    assert reader.read(now=now()).messages == ("three",)
    beside = folder.path / "beside"
    beside.write_bytes(folder.events.read_bytes() * 3)
    beside.replace(folder.events)
    assert reader.read(now=now()).messages == ("three",) * 3
    folder.events.unlink()
    assert reader.read(now=now()).messages == ()


def test_a_missing_run_raises_and_one_that_comes_back_is_read_anew(with_events, runs_dir):
    folder = with_events(LogMessage("one"))
    reader = RunReader(runs_dir, folder.id)
    reader.read(now=now())
    plan = folder.plan.read_text()
    folder.plan.unlink()
    with pytest.raises(UnknownRun):
        reader.read(now=now())
    folder.plan.write_text(plan.replace('"train"', '"audit"'))
    assert reader.read(now=now()).kind == "audit"


def test_threads_that_read_at_once_count_every_line_once(with_events, runs_dir):
    folder, cache, seen = with_events(Started(1)), RunCache(), []

    def watch():
        for _ in range(100):
            seen.append(jobs.read_run(runs_dir, folder.id, now=now(), cache=cache))

    tabs = [Thread(target=watch) for _ in range(4)]
    for tab in tabs:
        tab.start()
    for number in range(1, 41):
        append_events(folder, EpochEnded(number, 40, {}), LogMessage(str(number)))
    for tab in tabs:
        tab.join()
    last = jobs.read_run(runs_dir, folder.id, now=now(), cache=cache)
    assert [epoch.epoch for epoch in last.epochs] == list(range(1, 41))
    assert last.messages == tuple(str(number) for number in range(1, 41))
    for run in seen:
        assert [epoch.epoch for epoch in run.epochs] == list(range(1, len(run.epochs) + 1))


@pytest.mark.parametrize("name", [".turns", ".", "..", "a\0b", "x" * 300])
def test_names_that_cannot_be_a_run_are_unknown(with_events, runs_dir, name):
    with_events()
    (runs_dir / ".turns").mkdir()
    (runs_dir / ".turns" / "plan.json").write_text("{}")
    with pytest.raises(UnknownRun):
        jobs.read_run(runs_dir, name, now=now())
