"""Extracting faces in a real worker that is really killed."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections import Counter
from datetime import UTC, datetime

import numpy as np
import pytest

from core import jobs
from core.datasets.face_extraction import checkpoint, job
from core.datasets.face_extraction.plan import FacesPlan
from core.datasets.readers.face_folder import TABLE_FILE, read_faces
from core.domain import RunStatus
from core.jobs.run_folder.folder import create
from core.jobs.run_folder.lease import holder
from scripts.make_recruitview import Invented, make
from tests.face_jobs import OPENED, fake_main_face

COMMAND = (sys.executable, "-m", "tests.face_jobs")


@pytest.fixture
def worker(settings, monkeypatch):
    """Starts a worker that knows this installation; it is stopped when the test is over."""
    monkeypatch.setenv("MIEN_DATA_DIR", str(settings.data_dir))
    started = []

    def start(plan):
        folder = create(
            settings.runs_dir, "faces", plan.to_json(), now=_now(), rng=np.random.default_rng()
        )
        started.append(jobs.launch(folder, COMMAND))
        return folder

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait(10)


def _now():
    return datetime.now(UTC)


def _until(folder, *statuses):
    deadline = time.monotonic() + 30
    while (run := jobs.read_run(folder.path.parent, folder.id, now=_now())).status not in statuses:
        assert time.monotonic() < deadline, (run, jobs.console_tail(folder.path.parent, folder.id))
        time.sleep(0.05)
    return run


def _until_clips(folder, count):
    deadline = time.monotonic() + 30
    while len(list(checkpoint.clip_records(folder.path / "checkpoint"))) < count:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_killed_run_loses_one_clip_at_most_and_ends_as_if_nothing_had_happened(
    worker, settings, context, tmp_path, monkeypatch
):
    source = make(tmp_path / "rv", Invented(people=3, clips=6, seconds=1.0))
    plan = FacesPlan(str(source), "killed", licence_accepted=True, every_s=0.0)
    folder = worker(plan)
    _until_clips(folder, 2)
    os.kill(holder(folder.lease), signal.SIGKILL)
    _until(folder, RunStatus.LOST)
    assert not settings.faces_dir.exists()
    jobs.resume(settings.runs_dir, folder.id, command=COMMAND)
    assert _until(folder, RunStatus.COMPLETED).finished.result == {"faces": "killed"}

    opened = Counter((folder.path / OPENED).read_text().split())
    assert len(opened) == 6
    assert sum(opened.values()) <= 7

    monkeypatch.setattr(job, "open_main_face", fake_main_face)
    job.run({**plan.to_json(), "name": "whole"}, context)
    killed, whole = (read_faces(settings.faces_dir / name) for name in ("killed", "whole"))
    assert len(killed) == 60
    assert killed.about["files"] == whole.about["files"]
    assert TABLE_FILE in killed.about["files"]


def test_a_cancelled_run_says_so_and_can_be_taken_up_again(worker, settings, drawn_videos):
    plan = FacesPlan(str(drawn_videos), "cancelled", licence_accepted=True, every_s=0.0)
    folder = worker(plan)
    _until_clips(folder, 1)
    jobs.cancel(settings.runs_dir, folder.id)
    run = _until(folder, RunStatus.CANCELLED, RunStatus.COMPLETED)
    if run.status is RunStatus.CANCELLED:
        jobs.resume(settings.runs_dir, folder.id, command=COMMAND)
        _until(folder, RunStatus.COMPLETED)
    assert len(read_faces(settings.faces_dir / "cancelled")) == 15
