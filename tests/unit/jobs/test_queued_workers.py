"""Queueing with real workers, real locks and real kills."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from datetime import datetime
from itertools import pairwise

import psutil
import pytest

from core import jobs
from core.domain import RunStatus
from core.jobs.job_queue import QUEUE_DIR
from core.jobs.run_folder.lease import holder
from core.settings import PROJECT_DIR
from tests.unit.jobs.conftest import COMMAND, COMMAND_WITHOUT_SLOT, until, until_there

SMALL_MB = 80.0


def _worked(folder):
    """When a run worked: from its first word to its last."""
    lines = [json.loads(line) for line in folder.events.read_text().splitlines()]
    at = {line["kind"]: datetime.fromisoformat(line["at"]) for line in reversed(lines)}
    return at["Started"], at["Finished"]


def _kinds(folder):
    return [json.loads(line)["kind"] for line in folder.events.read_text().splitlines()]


def _at_work(begin, kind="train"):
    folder = begin(kind, tenths=600)
    until(folder, RunStatus.RUNNING)
    until_there(folder.events)
    return folder


def test_a_second_training_waits_for_the_first_and_an_audit_for_neither(begin, runs_dir):
    first = _at_work(begin)
    second = begin("train", tenths=1)
    waiting = until(second, RunStatus.QUEUED)
    assert waiting.behind == first.id
    assert waiting.progress.sentence == f"Waits for {first.id} to end."
    assert waiting.started_at is None
    assert not waiting.status.is_over
    until(begin("audit", tenths=1), RunStatus.COMPLETED)
    assert until(second, RunStatus.QUEUED)
    jobs.cancel(runs_dir, first.id)
    done = until(second, RunStatus.COMPLETED)
    assert done.behind == ""
    assert done.started_at >= _worked(first)[1]


def test_a_waiting_worker_is_small(begin):
    _at_work(begin)
    waiting = begin("train", tenths=1)
    until(waiting, RunStatus.QUEUED)
    process = psutil.Process(holder(waiting.lease))
    assert process.memory_info().rss / 1e6 < SMALL_MB
    before = process.cpu_times()
    time.sleep(2.0)
    after = process.cpu_times()
    assert (after.user + after.system) - (before.user + before.system) < 0.1


def test_a_worker_imports_nothing_heavy_before_it_has_a_slot():
    heavy = {"tensorflow", "keras", "cv2", "pandas", "scipy", "sklearn", "mediapipe", "av"}
    code = f"import core.jobs.worker, sys; sys.exit(bool({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], cwd=PROJECT_DIR).returncode == 0


def test_runs_started_in_one_instant_go_one_by_one_in_the_order_they_were_started(begin):
    folders = [begin("train", tenths=2) for _ in range(4)]
    for folder in folders:
        until(folder, RunStatus.COMPLETED)
    for one, next_one in pairwise(map(_worked, folders)):
        assert one[1] <= next_one[0]


def test_as_many_work_as_there_are_slots_and_no_more(begin, monkeypatch):
    monkeypatch.setenv("MIEN_TRAININGS", "2")
    folders = [begin("train", tenths=8) for _ in range(4)]
    for folder in folders:
        until(folder, RunStatus.COMPLETED)
    worked = [_worked(folder) for folder in folders]
    at_once = [sum(began <= moment < ended for began, ended in worked) for moment, _ in worked]
    assert max(at_once) == 2


def test_a_queued_run_can_be_cancelled_and_the_next_moves_up(begin, runs_dir):
    first = _at_work(begin)
    waiting = [begin("train", tenths=1) for _ in range(3)]
    for folder, before in zip(waiting, [first, *waiting], strict=False):
        assert until(folder, RunStatus.QUEUED).behind == before.id
    jobs.cancel(runs_dir, waiting[0].id)
    until(waiting[0], RunStatus.CANCELLED)
    assert jobs.force_stop(runs_dir, waiting[1].id)
    until(waiting[1], RunStatus.CANCELLED)
    assert set(_kinds(waiting[0])) == {"Waiting", "Finished"}
    deadline = time.monotonic() + 10
    while until(waiting[2], RunStatus.QUEUED).behind != first.id:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    jobs.cancel(runs_dir, first.id)
    until(waiting[2], RunStatus.COMPLETED)


def test_a_waiting_run_that_is_killed_is_lost_lets_others_pass_and_can_be_resumed(begin, runs_dir):
    first = _at_work(begin)
    killed, last = begin("train", tenths=1), begin("train", tenths=1)
    until(killed, RunStatus.QUEUED)
    until(last, RunStatus.QUEUED)
    assert jobs.force_stop(runs_dir, killed.id, kill=True)
    assert until(killed, RunStatus.LOST).behind == ""
    jobs.cancel(runs_dir, first.id)
    until(last, RunStatus.COMPLETED)
    jobs.resume(runs_dir, killed.id, command=COMMAND)
    until(killed, RunStatus.COMPLETED)


def test_a_killed_run_gives_its_slot_to_the_next_and_lines_up_behind_it_when_resumed(
    begin, runs_dir
):
    first = _at_work(begin)
    second = begin("train", tenths=30)
    until(second, RunStatus.QUEUED)
    os.kill(holder(first.lease), signal.SIGKILL)
    until(first, RunStatus.LOST)
    until(second, RunStatus.RUNNING)
    jobs.resume(runs_dir, first.id, command=COMMAND)
    assert until(first, RunStatus.QUEUED).behind == second.id
    until(second, RunStatus.COMPLETED)
    until(first, RunStatus.COMPLETED)


def test_a_run_that_is_part_of_another_does_not_queue(begin, runs_dir):
    first = _at_work(begin)
    waiting = begin("train", tenths=1)
    until(waiting, RunStatus.QUEUED)
    part = begin("train", COMMAND_WITHOUT_SLOT, tenths=3)
    until(part, RunStatus.COMPLETED)
    assert "Waiting" not in _kinds(part)
    assert until(waiting, RunStatus.QUEUED).behind == first.id
    jobs.cancel(runs_dir, first.id)
    until(waiting, RunStatus.COMPLETED)
    left = [path.name for path in (runs_dir / QUEUE_DIR / "training").iterdir()]
    assert left == ["slot-1"]


def test_a_waiting_run_outlives_the_server_that_started_it(begin, make, runs_dir):
    first = _at_work(begin)
    folder = make("train", tenths=1)
    code = (
        "import sys, time; from pathlib import Path; from core.jobs import RunFolder, launch;"
        f"launch(RunFolder(Path(sys.argv[1])), {COMMAND!r}); print('up', flush=True);"
        "time.sleep(600)"
    )
    server = subprocess.Popen(
        [sys.executable, "-c", code, str(folder.path)], cwd=PROJECT_DIR, stdout=subprocess.PIPE
    )
    try:
        until(folder, RunStatus.QUEUED)
    finally:
        server.kill()
        server.communicate()
    jobs.cancel(runs_dir, first.id)
    until(folder, RunStatus.COMPLETED)


def test_a_number_of_trainings_that_is_none_is_one_sentence_and_stops_no_audit(begin, monkeypatch):
    monkeypatch.setenv("MIEN_TRAININGS", "many")
    training, audit = begin("train", tenths=1), begin("audit", tenths=1)
    failed = until(training, RunStatus.FAILED).finished
    assert failed.error == "MIEN_TRAININGS is no whole number from 1 to 64: 'many'."
    assert "such as 1" in failed.advice
    until(audit, RunStatus.COMPLETED)


@pytest.mark.parametrize("words", [(), ("--fly", "x")])
def test_a_worker_without_a_folder_prints_its_usage(words):
    done = subprocess.run(
        [sys.executable, "-m", "core.jobs.worker", *words], cwd=PROJECT_DIR, capture_output=True
    )
    assert done.returncode == 2
    assert b"usage: python -m core.jobs.worker" in done.stderr


def test_a_worker_without_its_folder_reports_that(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "core.jobs.worker", str(tmp_path / "gone")],
        cwd=PROJECT_DIR,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "there is no folder" in done.stderr
    assert "Traceback" not in done.stderr
