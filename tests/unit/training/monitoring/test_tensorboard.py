"""With the real package, in its own process."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from urllib.request import urlopen

import numpy as np
import pytest
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.event_file_writer import EventFileWriter

from core.domain.errors import RunError
from core.jobs import is_held
from core.jobs.run_folder.folder import create
from core.training import TrainingPlan
from core.training.monitoring import tensorboard
from core.training.monitoring.tensorboard_links import LOGS


@pytest.fixture
def board(settings):
    yield settings
    tensorboard.stop(settings)


def _wait_until_stopped(settings):
    until = time.monotonic() + 10
    while is_held(settings.data_dir / "tensorboard" / "lease"):
        assert time.monotonic() < until
        time.sleep(0.05)


def test_one_server_answers_on_this_machine_until_it_is_stopped(board):
    assert tensorboard.address(board) == ""
    assert tensorboard.stop(board) is False
    assert not tensorboard.is_starting(board, now=datetime.now(UTC))
    tensorboard.start(board)
    tensorboard.start(board)  # pressed twice: one of them goes away by itself
    assert tensorboard.is_starting(board, now=datetime.now(UTC))
    address = tensorboard.wait_for_address(board, give_up_after_s=60)
    assert address.startswith("http://127.0.0.1:")
    with urlopen(f"{address}data/runs", timeout=20) as answer:
        assert answer.read() == b"[]"
    tensorboard.start(board)
    assert tensorboard.address(board) == address
    assert tensorboard.stop(board) is True
    _wait_until_stopped(board)
    assert not tensorboard.is_starting(board, now=datetime.now(UTC))
    assert tensorboard.address(board) == ""


def test_it_shows_runs_under_readable_names(board):
    plan = TrainingPlan("two-block", dataset="faces").to_json()
    run = create(board.runs_dir, "train", plan, now=datetime.now(UTC), rng=np.random.default_rng(1))
    # As written by TensorFlow: one figure of one epoch.
    for curve in ("training", "validation"):
        logs = run.path / LOGS / curve
        logs.mkdir(parents=True)
        writer = EventFileWriter(str(logs))
        value = Summary.Value(tag="epoch/accuracy", simple_value=0.5)
        writer.add_event(Event(step=1, summary=Summary(value=[value])))
        writer.close()
    tensorboard.start(board)
    address = tensorboard.wait_for_address(board, give_up_after_s=60)
    wanted = {f"two-block on faces ({run.id})/{curve}" for curve in ("training", "validation")}
    until = time.monotonic() + 30
    found: set[str] = set()
    while found != wanted and time.monotonic() < until:
        with urlopen(f"{address}data/runs", timeout=20) as answer:
            found = set(json.loads(answer.read()))
        time.sleep(0.5)
    assert found == wanted


def test_without_the_package_one_sentence_says_what_to_install(settings, monkeypatch):
    monkeypatch.setattr(tensorboard, "find_spec", lambda _: None)
    with pytest.raises(RunError, match="not installed") as found:
        tensorboard.start(settings)
    assert "requirements.txt" in found.value.advice


def test_a_server_that_does_not_start_is_reported_with_its_console(settings):
    with pytest.raises(RunError, match="did not answer") as found:
        tensorboard.wait_for_address(settings, give_up_after_s=0.2)
    assert "console.log" in found.value.advice


def test_a_folder_that_cannot_be_written_is_reported(settings):
    (settings.data_dir / "tensorboard" / "console.log").mkdir(parents=True)
    with pytest.raises(RunError, match="cannot be started"):
        tensorboard.start(settings)
