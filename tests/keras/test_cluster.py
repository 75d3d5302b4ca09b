"""Two trainings on a real Ray cluster, started for these tests on this machine and ended after."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import pytest

from core.domain import EpochEnded, LogMessage, Run, RunStatus
from core.evaluation.predictions.evaluation_store import list_evaluations
from core.jobs import WORKER_WITHOUT_SLOT, cancel, follow, launch, read_run
from core.jobs.run_folder.folder import RunFolder, create
from core.models import LITERT_FILE, list_cards, verified_file
from core.models.prediction import litert_logits
from core.training import TrainingPlan
from core.training.remote.file_transfer import resume_locally
from tests.datasets_on_disk import make_pictures, write_csv

pytestmark = [pytest.mark.keras, pytest.mark.timeout(600)]

RAY = Path(sys.executable).with_name("ray")
TOKEN = "of-this-account-and-this-test-alone"
GIVE_UP_AFTER_S = 280.0  # TensorFlow wakes up twice in each run, on busy machines too


def _free_ports(count: int) -> list[int]:
    """Below those that Ray gives to its workers."""
    found = []
    for port in range(7100, 9000):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                found.append(port)
        if len(found) == count:
            return found
    raise RuntimeError("no free port")


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """Address of a cluster that asks for its token."""
    with _head({"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": TOKEN}) as address:
        yield address


@pytest.fixture
def open_cluster() -> Iterator[str]:
    """Address of a cluster that asks for none."""
    with _head({"RAY_AUTH_MODE": "disabled"}) as address:
        yield address


@contextmanager
def _head(environment: dict[str, str]) -> Iterator[str]:
    """A cluster of one machine with two cores, for clients outside it."""
    home = mkdtemp(prefix="ray-")  # sockets lie in it: their paths have to be short
    gcs, client = _free_ports(2)
    command = [
        *(RAY, "start", "--head", "--block", "--disable-usage-stats", "--num-cpus=2"),
        *(f"--port={gcs}", f"--ray-client-server-port={client}", f"--temp-dir={home}"),
        *("--include-dashboard=false", "--object-store-memory=100000000"),
    ]
    quiet = {
        "stdin": subprocess.DEVNULL,
        "stdout": subprocess.DEVNULL,
        "stderr": subprocess.DEVNULL,
    }
    everything = {**os.environ, "RAY_USAGE_STATS_ENABLED": "0", **environment}
    head = subprocess.Popen(command, start_new_session=True, env=everything, **quiet)
    try:
        _wait_for(lambda: _answers(client), "the cluster did not start")
        yield f"ray://127.0.0.1:{client}"
    finally:
        head.send_signal(signal.SIGTERM)  # it ends its own processes then
        try:
            head.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(head.pid, signal.SIGKILL)
        shutil.rmtree(home, ignore_errors=True)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _wait_for(condition, why: str) -> None:
    end = time.monotonic() + GIVE_UP_AFTER_S
    while not condition():
        assert time.monotonic() < end, why
        time.sleep(0.2)


@pytest.fixture
def start(settings, tmp_path, monkeypatch):
    """Start a run of the tiny recipe on a cluster; the answer is its folder."""
    monkeypatch.setenv("MIEN_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("MIEN_MODELS_DIR", str(settings.models_dir))
    monkeypatch.setenv("RAY_AUTH_TOKEN", TOKEN)
    monkeypatch.delenv("RAY_AUTH_MODE", raising=False)
    data = write_csv(tmp_path / "fer2013.csv", make_pictures())

    def start_one(cluster, **asked) -> RunFolder:
        plan = TrainingPlan(
            recipe="two-block",
            data=str(data),
            pictures=32,
            options={"batch_size": 16, "ema": 0.0},
            cluster=cluster,
            **{"epochs": 2, **asked},
        )
        now, rng = datetime.now(UTC), np.random.default_rng()
        folder = create(settings.runs_dir, "train", plan.to_json(), now=now, rng=rng)
        launch(folder, WORKER_WITHOUT_SLOT)
        return folder

    return start_one


def _look(folder: RunFolder) -> Run:
    return read_run(folder.path.parent, folder.id, now=datetime.now(UTC))


def _ended(folder: RunFolder) -> Run:
    _wait_for(lambda: _look(folder).status.is_over, f"{folder.id} goes on for ever")
    return _look(folder)


def _said(folder: RunFolder) -> list[str]:
    events, _ = follow(folder.path.parent, folder.id)
    return [event.sentence for event in events if isinstance(event, LogMessage)]


def test_two_runs_train_at_once_and_both_models_come_back(cluster, settings, start):
    folders = [start(cluster, name=name) for name in ("one", "other")]
    runs = [_ended(folder) for folder in folders]
    for run, folder in zip(runs, folders, strict=True):
        assert run.status is RunStatus.COMPLETED, folder.console.read_text()
        assert [event.epoch for event in run.epochs] == [1, 2]
    cards = list_cards(settings.models_dir)
    assert {card.name for card in cards} == {"one", "other"}
    for card in cards:
        file = verified_file(settings.models_dir, card, LITERT_FILE)
        assert len(list_evaluations(settings.models_dir, card.name)) == 1
        logits = litert_logits(file, np.zeros((1, 48, 48), np.uint8), threads=1)
        assert logits.shape == (1, 7)
    places = [re.search(r"process (\d+)", " ".join(_said(folder)))[1] for folder in folders]
    assert places[0] != places[1]
    assert not list(Path("/tmp").glob(f"mien-{folders[0].id}-*"))


def test_a_cancelled_run_stops_on_the_cluster_and_can_be_resumed_locally(cluster, settings, start):
    folder = start(cluster, name="stopped", epochs=400)
    _wait_for(lambda: len(_look(folder).epochs) >= 1, "no epoch came back")
    cancel(folder.path.parent, folder.id)
    assert _ended(folder).status is RunStatus.CANCELLED
    done = len(_look(folder).epochs)
    assert done < 400
    assert not list_cards(settings.models_dir)
    (state, *_) = sorted((folder.path / "checkpoint").glob("epoch-*.npz"), reverse=True)
    assert int(state.stem.removeprefix("epoch-")) >= done - 1
    folder.cancel.unlink()
    resume_locally(folder.path)
    launch(folder, WORKER_WITHOUT_SLOT)
    _wait_for(lambda: len(_look(folder).epochs) > done, "it did not go on")
    cancel(folder.path.parent, folder.id)
    run = _ended(folder)
    epochs = [event.epoch for event in run.epochs if isinstance(event, EpochEnded)]
    assert epochs[done] in {done, done + 1}


def test_a_cluster_that_does_not_answer_gives_one_sentence(start):
    (port,) = _free_ports(1)
    run = _ended(start(f"ray://127.0.0.1:{port}"))
    assert run.status is RunStatus.FAILED
    assert run.finished.error.startswith(f"There is no answer from ray://127.0.0.1:{port}")
    assert run.finished.advice


def test_more_threads_than_any_machine_has_fail_with_one_sentence(open_cluster, start):
    run = _ended(start(open_cluster, threads=64))
    assert run.status is RunStatus.FAILED
    assert "64 threads" in run.finished.error
