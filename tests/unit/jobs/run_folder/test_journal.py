"""Many threads, one journal; full disks; lines that are none."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest

from core.domain import (
    BatchDone,
    CheckpointSaved,
    DataReady,
    EpochEnded,
    Finished,
    LogMessage,
    PartDone,
    ResourcesUsed,
    RunStatus,
    SamplesSeen,
    Started,
    Waiting,
)
from core.jobs import Journal, read_events
from core.jobs.run_folder.journal import event_of, kind_of, time_of
from core.settings import PROJECT_DIR

GOLDEN = PROJECT_DIR / "tests" / "golden" / "events.jsonl"
NOW = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture
def journal(tmp_path):
    return Journal(tmp_path / "events.jsonl", clock=lambda: datetime.now(UTC))


def test_threads_that_write_at_once_lose_no_line_and_mix_none(tmp_path, journal):
    threads_count, each = 8, 300
    together = Barrier(threads_count)

    def write(thread):
        together.wait()
        for number in range(each):
            journal.append(BatchDone(thread, number, each, loss=0.1234567))
            journal.append(ResourcesUsed(float(thread), 1234.5))

    threads = [Thread(target=write, args=(number,)) for number in range(threads_count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = (tmp_path / "events.jsonl").read_bytes().splitlines()
    assert len(lines) == threads_count * each * 2
    times = [json.loads(line)["at"] for line in lines]
    assert times == sorted(times)
    events, _ = read_events(tmp_path / "events.jsonl")
    for thread in range(threads_count):
        batches = [one for one in events if isinstance(one, BatchDone) and one.epoch == thread]
        assert [one.batch for one in batches] == list(range(each))


def test_a_line_cut_by_a_full_disk_raises_and_loses_only_itself(tmp_path, journal, monkeypatch):
    journal.append(LogMessage("one"))
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, line: write(descriptor, line[:9]))
    with pytest.raises(OSError, match="No space left"):
        journal.append(LogMessage("lost"))
    monkeypatch.setattr(os, "write", write)
    journal.append(LogMessage("two"))
    assert read_events(tmp_path / "events.jsonl")[0] == [LogMessage("one"), LogMessage("two")]


def test_the_kind_of_a_line_is_found_whatever_comes_first_in_it():
    assert kind_of(b'{"kind": "Said", "at": "x"') == "Said"
    assert kind_of(b'{"at": "x", "kind": "Said"}') == "Said"
    for strange in (b"", b"  ", b"[1]", b"3", b"{", b'{"kind": 3}', b'{"kind"', b"\xff"):
        assert kind_of(strange) in {"", "3"}


@pytest.mark.parametrize(
    "line",
    [
        b'{"kind": "BatchDone", "epoch": "x", "batch": 1, "batches": 2}',
        b'{"kind": "BatchDone", "epoch": 1, "batch": 1, "batches": 2, "loss": "low"}',
        b'{"kind": "BatchDone", "epoch": 1}',
        b'{"kind": "EpochEnded", "epoch": 1, "epochs": 2, "metrics": {"loss": null}}',
        b'{"kind": "EpochEnded", "epoch": 1, "epochs": 2, "metrics": []}',
        b'{"kind": "DataReady", "counts": {"Training": "many"}}',
        b'{"kind": "Finished", "outcome": "bored"}',
        b'{"kind": "Said", "sentence": 3}',
        b'{"kind": "Said", "sentence": "x", "louder": true}',
        b'{"kind": "Said", "sentence": "x", "is_warning": "no"}',
        b'{"kind": ["Said"]}',
        b'{"kind": "Said", "sentence": ' + b"[" * 100_000,
    ],
)
def test_values_of_a_wrong_type_are_no_event(line):
    assert event_of(line) is None


EVENTS = (
    Started(4711, {"numpy": "2.4.6"}),
    Waiting("2026-11-21-0136-calm-otter"),
    DataReady({"Training": 28709}),
    BatchDone(1, 2, 3, 0.5),
    BatchDone(1, 2, 3),
    PartDone(1, 2, "Finding faces", 0.25),
    EpochEnded(1, 3, {"loss": 0.5, "accuracy": 0.25}),
    SamplesSeen(1, [7, 8], [[0.25, 0.75], [1.0, 0.0]]),
    ResourcesUsed(1.5, 640.25),
    CheckpointSaved(1),
    LogMessage("Nothing was found.", is_warning=True),
    Finished(RunStatus.FAILED, "It is gone.", "Look elsewhere.", {"model": "calm-otter"}),
)


def test_every_event_is_written_as_before_and_read_to_the_same(tmp_path):
    journal = Journal(tmp_path / "events.jsonl", clock=lambda: NOW)
    for event in EVENTS:
        journal.append(event)
    assert (tmp_path / "events.jsonl").read_text() == GOLDEN.read_text()
    assert read_events(GOLDEN)[0] == list(EVENTS)


def test_a_sentence_of_an_earlier_version_is_no_warning():
    assert event_of(b'{"kind": "Said", "sentence": "x"}') == LogMessage("x", is_warning=False)


def test_the_time_of_a_line_is_read_where_it_has_one():
    assert time_of(b'{"kind": "Said", "at": "2026-11-21T00:00:00+00:00"}') == NOW
    for without in (b"{}", b'{"at": 3}', b'{"at": "soon"}', b"x"):
        assert time_of(without) is None


def test_the_names_of_metrics_in_earlier_journals_are_read_as_those_of_today():
    line = b'{"kind": "EpochEnded", "at": "x", "epoch": 1, "epochs": 2, "metrics": {"loss": 2.0, '
    line += b'"accuracy_learns": 0.5, "loss_learns": 1.5, "accuracy_chooses": 0.25, '
    line += b'"loss_chooses": 1.75}}'
    named = {"train_accuracy": 0.5, "train_loss": 1.5, "val_accuracy": 0.25, "val_loss": 1.75}
    assert event_of(line) == EpochEnded(1, 2, {"loss": 2.0, **named})
    finished = (
        b'{"kind": "Finished", "at": "x", "outcome": "completed", "error": "", "advice": "", '
        b'"result": {"accuracy_chooses": "0.5", "content_hash": "a"}}'
    )
    assert event_of(finished).result == {"val_accuracy": "0.5", "content_hash": "a"}
