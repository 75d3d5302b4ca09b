"""Runs with real workers, stopped when the test is over."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from core import jobs
from core.jobs import Journal, RunFolder
from core.jobs.run_folder.folder import create

COMMAND = (sys.executable, "-m", "tests.jobs")
COMMAND_WITHOUT_SLOT = (*COMMAND, "--no-slot")


@pytest.fixture
def runs_dir(tmp_path):
    return tmp_path / "runs"


@pytest.fixture
def make(runs_dir):
    """Make the folder of a run; nothing is started."""
    return lambda kind="nap", **plan: create(
        runs_dir, kind, plan, now=now(), rng=np.random.default_rng()
    )


@pytest.fixture
def begin(make):
    """Start a test job; its worker is stopped when the test is over."""
    workers = []

    def start(kind, command=COMMAND, **plan):
        folder = make(kind, **plan)
        workers.append(jobs.launch(folder, command))
        return folder

    yield start
    for worker in workers:
        if worker.poll() is None:
            worker.kill()
        worker.wait(10)


@pytest.fixture
def with_events(make):
    """A run whose worker wrote these events and is gone; it was launched long ago."""

    def create_with(*events, kind="train"):
        folder = make(kind)
        folder.mark_launched(0)
        append_events(folder, *events)
        return folder

    return create_with


def append_events(folder: RunFolder, *events):
    journal = Journal(folder.events, clock=now)
    for event in events:
        journal.append(event)


def now():
    return datetime.now(UTC)


def read_run(folder: RunFolder):
    return jobs.read_run(folder.path.parent, folder.id, now=now())


def until(folder: RunFolder, *statuses, within_s=30.0):
    """The run as soon as it has one of these; fails with what it printed."""
    deadline = time.monotonic() + within_s
    while (run := read_run(folder)).status not in statuses:
        assert time.monotonic() < deadline, (run, jobs.console_tail(folder.path.parent, folder.id))
        time.sleep(0.05)
    return run


def until_there(path: Path):
    deadline = time.monotonic() + 30
    while not path.exists() or path.stat().st_size == 0:
        assert time.monotonic() < deadline
        time.sleep(0.05)
