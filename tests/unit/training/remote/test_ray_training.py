"""A run on a cluster, with a cluster that is none: what goes there, comes back, and goes wrong.

A real one trains in tests/keras/test_cluster.py.
"""

from __future__ import annotations

import os
import pickle
import socket
import sys
from datetime import UTC, datetime
from types import SimpleNamespace

import numpy as np
import pytest

from core.domain import FER7, Dataset, EpochEnded, PictureSet, SplitProtocol
from core.domain.errors import DamagedModel, MienError, PlanError, RunError
from core.jobs import JobContext, Journal, RunCancelled, read_events
from core.models import list_cards, save, verify
from core.training import TrainingPlan
from core.training.remote import ray_training
from core.training.remote.file_transfer import (
    files_in,
    newest_checkpoint,
    resume_locally,
    resumes_locally,
    write_files,
)
from core.training.remote.ray_actor import RemoteOutcome
from core.training.remote.ray_connection import ClusterConnection
from tests.make import make_card

NOW = datetime(2026, 11, 21, tzinfo=UTC)
EPOCHS = [EpochEnded(at, 2, {"val_accuracy": 0.1 * at}) for at in (1, 2)]
STATE = {"checkpoint/best.npz": b"best", "checkpoint/epoch-00002.npz": b"state"}


class FakeConnection:
    """Answers like a cluster that trained two epochs and ended so."""

    def __init__(self, outcome=None, *, result_files=({}, {}), lost_after=None):
        self.ended, self.files, self.lost_after = outcome, result_files, lost_after
        self.requests, self.stopped, self.closed, self.payload, self.dataset = [], 0, 0, None, None

    def connect(self, address):
        self.address = address
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.closed += 1

    def start(self, run_id, *, cores):
        self.requests.append((run_id, cores))

    def train(self, payload, dataset):
        self.payload, self.dataset = payload, dataset

    def is_ready(self, *, within_s):
        return self.lost_after != "never begins"

    def is_over(self, *, within_s):
        return True

    def new_events(self, since):
        if self.lost_after == "news":
            raise RunError("The connection was lost.", advice="Resume the run.")
        return EPOCHS[since:], len(EPOCHS)

    def stop(self):
        self.stopped += 1

    def outcome(self):
        return self.ended

    def checkpoint(self):
        return STATE

    def result_files(self, model):
        return self.files


@pytest.fixture
def context(settings):
    folder = settings.runs_dir / "2026-11-21-0000-calm-otter"
    folder.mkdir(parents=True)
    journal = Journal(folder / "events.jsonl", clock=lambda: NOW)
    return JobContext(folder, journal, lambda: False, settings, lambda: NOW)


@pytest.fixture
def train(context, tmp_path, monkeypatch):
    """Train on a fake cluster."""
    pictures = PictureSet(np.zeros((9, 8, 8), np.uint8), np.arange(9) % 7)
    dataset = Dataset(
        name="made",
        scheme=FER7,
        pictures=pictures,
        split_names=("a", "b", "c"),
        split_of=np.arange(9) % 3,
        protocol=SplitProtocol("a", "b", "c"),
        content_hash="x",
    )

    def train_with(connection, *, stops=False, **options):
        monkeypatch.setattr(ray_training, "ClusterConnection", connection)
        data = str(tmp_path)
        plan = TrainingPlan("two-block", data=data, cluster="ray://there:10001", **options)
        at = JobContext(
            context.folder, context.journal, lambda: stops, context.settings, context.clock
        )
        return ray_training.train_on_ray(dataset, None, plan, at)

    return train_with


@pytest.fixture
def model(tmp_path):
    """Files of a model that another machine made."""
    file = tmp_path / "model.tflite"
    file.write_bytes(b"weights")
    card = save(tmp_path / "shelf", make_card(name="theirs"), {"model.tflite": file})
    return card, files_in(tmp_path / "shelf" / "theirs")


def test_a_model_comes_back_whole_with_its_journal(train, context, model):
    card, model_files = model
    connection = FakeConnection(
        RemoteOutcome(result={"model": "theirs"}),
        result_files=({"result/answers.npz": b"a"}, model_files),
    )
    assert train(connection) == {"model": "theirs"}
    (found,) = list_cards(context.settings.models_dir)
    assert found == card
    verify(context.settings.models_dir, found)
    events, _ = read_events(context.folder / "events.jsonl")
    assert [event for event in events if isinstance(event, EpochEnded)] == EPOCHS
    assert (context.folder / "result" / "answers.npz").read_bytes() == b"a"
    assert (connection.requests, connection.closed) == ([("2026-11-21-0000-calm-otter", 1)], 1)


def test_a_model_damaged_on_its_way_is_not_kept(train, context, model):
    _, model_files = model
    connection = FakeConnection(
        RemoteOutcome(result={"model": "theirs"}),
        result_files=({}, {**model_files, "model.tflite": b"wights"}),
    )
    with pytest.raises(DamagedModel, match="on its way") as error:
        train(connection)
    assert error.value.advice
    assert list_cards(context.settings.models_dir) == []


def test_a_name_given_away_meanwhile_loses_no_model(train, context, model, tmp_path):
    _, model_files = model
    file = tmp_path / "model.tflite"
    save(context.settings.models_dir, make_card(name="theirs"), {"model.tflite": file})
    result = train(
        FakeConnection(RemoteOutcome(result={"model": "theirs"}), result_files=({}, model_files))
    )
    assert result == {"model": f"theirs-{context.folder.name}"}
    assert len(list_cards(context.settings.models_dir)) == 2


def test_a_run_cancelled_there_keeps_its_checkpoint_here(train, context):
    connection = FakeConnection(RemoteOutcome(cancelled=True))
    with pytest.raises(RunCancelled):
        train(connection, stops=True)
    assert connection.stopped == 1
    assert files_in(context.folder / "checkpoint") == {
        "best.npz": b"best",
        "epoch-00002.npz": b"state",
    }


def test_a_run_cancelled_while_the_cluster_is_busy_ends_at_once(train):
    connection = FakeConnection(lost_after="never begins")
    with pytest.raises(RunCancelled):
        train(connection, stops=True)
    assert (connection.stopped, connection.closed) == (0, 1)


def test_an_error_there_is_the_error_here(train, context):
    error = PlanError("There is no teacher.", advice="Train one.")
    with pytest.raises(PlanError, match="no teacher"):
        train(FakeConnection(RemoteOutcome(error=error)))
    assert newest_checkpoint(context.folder) == STATE


def test_a_lost_connection_leaves_the_checkpoint_that_was_brought(train, context):
    write_files(context.folder, STATE)
    connection = FakeConnection(lost_after="news")
    with pytest.raises(RunError, match="connection was lost"):
        train(connection)
    assert newest_checkpoint(context.folder) == STATE
    assert connection.payload.folder == STATE


def test_a_trial_brings_its_accuracy_and_leaves_no_checkpoint(train, context):
    write_files(context.folder, STATE)
    result = {"val_accuracy": "0.5", "content_hash": "x"}
    assert (
        train(FakeConnection(RemoteOutcome(result=result)), trial_of="a-sweep", trial=1) == result
    )
    assert newest_checkpoint(context.folder) == {}


def test_pictures_that_lie_on_disk_are_sent_from_memory(train, tmp_path):
    connection = FakeConnection(RemoteOutcome(result={}))
    train(connection)
    assert type(connection.dataset.pictures.pixels) is np.ndarray
    assert len(connection.dataset) == 9


def test_of_the_saved_models_only_teachers_and_initial_weights_are_sent(train, context):
    models = context.settings.models_dir
    backbone = "backbones/mobilenet_v2.weights.h5"
    for name in ("teacher/card.json", "begun/card.json", "other/card.json", backbone):
        (models / name).parent.mkdir(parents=True, exist_ok=True)
        (models / name).write_text(name)
    connection = FakeConnection(RemoteOutcome(result={}))
    options = {"teachers": ["teacher"], "begins_with": "begun", "network": "mobilenet_v2"}
    train(connection, options=options)
    assert set(connection.payload.models) == {"teacher/card.json", "begun/card.json", backbone}


def test_half_written_files_do_not_travel(tmp_path):
    folder = tmp_path / "checkpoint"
    folder.mkdir()
    for name in ("epoch-00001.npz", "epoch-00002.npz", "epoch-00003.new", "best.npz"):
        (folder / name).write_text(name)
    assert set(newest_checkpoint(tmp_path)) == {
        "checkpoint/best.npz",
        "checkpoint/epoch-00002.npz",
    }
    assert "checkpoint/epoch-00003.new" not in files_in(tmp_path)
    assert files_in(tmp_path, leave_out=("checkpoint",)) == {}


def test_a_run_can_be_marked_to_resume_locally(tmp_path):
    assert not resumes_locally(tmp_path)
    resume_locally(tmp_path)
    assert resumes_locally(tmp_path)


@pytest.mark.parametrize("address", ["nonsense", "ray://", "ray://host", "host:port", "host:99999"])
def test_an_invalid_address_is_reported(address):
    with pytest.raises(RunError, match="no address of a cluster") as error:
        ClusterConnection.connect(address)
    assert "ray://host:10001" in error.value.advice


def test_an_address_without_answer_is_reported_within_seconds():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # not listening
        port = unused.getsockname()[1]
        with pytest.raises(RunError, match="There is no answer"):
            ClusterConnection.connect(f"ray://127.0.0.1:{port}")


@pytest.mark.parametrize("given", ["RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH", "a file", ""])
def test_a_token_is_shown_where_the_account_has_one(given, tmp_path, monkeypatch):
    monkeypatch.setenv("RAY_AUTH_MODE", "")  # back as it was after the test
    monkeypatch.delenv("RAY_AUTH_MODE")
    monkeypatch.setenv("HOME", str(tmp_path))
    if given == "a file":
        (tmp_path / ".ray").mkdir()
        (tmp_path / ".ray" / "auth_token").write_text("secret")
    elif given:
        monkeypatch.setenv(given, "secret")
    with pytest.raises(RunError):
        ClusterConnection.connect("ray://127.0.0.1:1")
    assert os.environ.get("RAY_AUTH_MODE") == ("token" if given else None)


def test_a_chosen_way_to_authenticate_stays(monkeypatch):
    monkeypatch.setenv("RAY_AUTH_MODE", "disabled")
    monkeypatch.setenv("RAY_AUTH_TOKEN", "secret")
    with pytest.raises(RunError):
        ClusterConnection.connect("ray://127.0.0.1:1")
    assert os.environ["RAY_AUTH_MODE"] == "disabled"


def test_without_ray_one_sentence_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(RunError, match="not installed") as error:
        ClusterConnection.connect("ray://127.0.0.1:10001")
    assert "requirements-cluster.txt" in error.value.advice


def test_errors_cross_the_border_between_machines():
    outcome = RemoteOutcome(error=PlanError("No.", advice="Yes."))
    error = pickle.loads(pickle.dumps(outcome)).error
    assert isinstance(error, MienError)
    assert (error.message, error.advice) == ("No.", "Yes.")


class FakeCheckpoints:
    """A cluster that has begun anew: its states count from one again."""

    def __init__(self):
        self.epochs = 0

    def checkpoint(self):
        self.epochs += 1
        return {"checkpoint/best.npz": b"b", f"checkpoint/epoch-{self.epochs:05}.npz": b"new"}


def test_states_of_a_run_that_began_anew_take_the_place_of_damaged_ones(tmp_path):
    folder = tmp_path / "checkpoint"
    folder.mkdir()
    for number in (29, 30):
        (folder / f"epoch-{number:05}.npz").write_bytes(b"damaged")
    connection, context = FakeCheckpoints(), SimpleNamespace(folder=tmp_path)
    for _ in range(3):
        ray_training._fetch_checkpoint(connection, context)
    kept = {path.name for path in folder.iterdir()}
    assert kept == {"best.npz", "epoch-00002.npz", "epoch-00003.npz"}
    assert f"checkpoint/{max(kept)}" in newest_checkpoint(tmp_path)
