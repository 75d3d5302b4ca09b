"""A run that was interrupted and resumed equals an uninterrupted one, number for number."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from time import sleep

import keras
import numpy as np
import pytest

from core.domain import EpochEnded
from core.jobs import RunCancelled, RunFolder
from core.jobs.run_folder.folder import create
from core.training.fit import keras_fit
from core.training.plan import TrainingPlan
from core.training.recipes import RECIPES, Augmentation, Balance, Optimiser, Schedule
from tests.datasets_on_disk import make_pictures, write_csv
from tests.training_runs import FakeContext, striped_faces

pytestmark = pytest.mark.keras

EPOCHS = 4
COSINE = replace(
    RECIPES["two-block"],
    batch_size=16,
    sizes_px=((16, 0.5), (24, 0.5)),
    optimiser=Optimiser.ADAMW,
    schedule=Schedule.COSINE,
    weight_decay=0.05,
    ema=0.9,
    dropout=0.3,
    augmentation=Augmentation(flip=0.5, rotation_deg=10, mixup_share=0.5, erasing=0.5),
)
PLATEAU = replace(
    RECIPES["csv-6-vgg-pooled"],  # with spatial dropout
    batch_size=32,
    sizes_px=((24, 1.0),),
    optimiser=Optimiser.ADAM,
    schedule=Schedule.PLATEAU,
    patience=1,
    stops_after=3,
    learning_rate=1e-2,
    balance=Balance.SAMPLING,
)


class Killed(BaseException):
    """Stands for kill -9: nothing of ours catches it."""


class KilledContext(FakeContext):
    """Dies when it is told for the so-manieth time that an epoch ended: it is not kept yet."""

    def __init__(self, folder, *, dies_after):
        super().__init__(folder)
        self._dies_after = dies_after

    def append(self, event):
        super().append(event)
        if len(self.events_of(EpochEnded)) == self._dies_after:
            raise Killed


@pytest.fixture(params=[COSINE, PLATEAU], ids=["cosine", "plateau"])
def plan(request, tmp_path, monkeypatch):
    monkeypatch.setattr("core.training.recipes.catalogue.RECIPES", {"tiny": replace(request.param)})
    return TrainingPlan(recipe="tiny", data=str(tmp_path), epochs=EPOCHS)


def _last_state(folder):
    """Weights, optimiser, moving averages and decisions after the last epoch, byte for byte."""
    with np.load(max((folder / "checkpoint").glob("epoch-*.npz"))) as read:
        return {name: read[name].tobytes() for name in read.files}


def test_an_interrupted_run_ends_as_an_uninterrupted_one(plan, tmp_path):
    dataset = striped_faces()
    whole = FakeContext(tmp_path / "whole")
    wanted = keras_fit.fit(dataset, plan, whole)

    with pytest.raises(RunCancelled):  # in the middle of the second epoch
        keras_fit.fit(dataset, plan, FakeContext(tmp_path / "parts", stops_after=14))
    with pytest.raises(Killed):
        keras_fit.fit(dataset, plan, KilledContext(tmp_path / "parts", dies_after=2))
    rest = FakeContext(tmp_path / "parts")
    got = keras_fit.fit(dataset, plan, rest)

    told = {event.epoch: event.metrics for event in whole.events_of(EpochEnded)}
    for event in rest.events_of(EpochEnded):
        for figure in ("loss", "learning_rate", "val_accuracy"):
            assert event.metrics[figure] == told[event.epoch][figure]
    assert 0 < len(rest.events_of(EpochEnded)) < len(told)
    assert _last_state(tmp_path / "parts") == _last_state(tmp_path / "whole")
    # Cut once more, when all epochs were done and the best was still to be brought.
    again = keras_fit.fit(dataset, plan, FakeContext(tmp_path / "parts"))
    for of_whole, of_parts, of_last in zip(
        wanted.get_weights(), got.get_weights(), again.get_weights(), strict=True
    ):
        assert np.array_equal(of_whole, of_parts)
        assert np.array_equal(of_whole, of_last)


@pytest.mark.timeout(600)
def test_a_killed_worker_resumes_to_the_same_model(tmp_path):
    csv = write_csv(tmp_path / "fer2013.csv", make_pictures())
    options = {"batch_size": 32, "sizes_px": [[24, 0.5], [48, 0.5]], "epochs": 3}
    plan = {"recipe": "two-block", "data": str(csv), "options": options}
    whole, parts = (_folder(tmp_path, name, plan) for name in ("whole", "parts"))
    assert _work(whole).wait() == 0

    worker = _work(parts)
    _wait_for_epoch(parts, worker)
    os.kill(worker.pid, signal.SIGKILL)
    assert worker.wait() == -signal.SIGKILL
    assert _work(parts).wait() == 0

    one, other = (_model(run) for run in (whole, parts))
    for wanted, got in zip(one.get_weights(), other.get_weights(), strict=True):
        assert np.array_equal(wanted, got)


def _folder(tmp_path, name, plan):
    made = create(
        tmp_path / name / "data" / "runs",
        "train",
        plan,
        now=datetime(2026, 11, 21, tzinfo=UTC),
        rng=np.random.default_rng(1),
    )
    return RunFolder(made.path)


def _work(run):
    data_dir = run.path.parent.parent
    environment = {
        **os.environ,
        "MIEN_DATA_DIR": str(data_dir),
        "MIEN_MODELS_DIR": str(data_dir.parent / "models"),
        "TF_CPP_MIN_LOG_LEVEL": "2",
    }
    with run.console.open("ab") as console:
        return subprocess.Popen(
            [sys.executable, "-m", "core.jobs.worker", str(run.path)],
            env=environment,
            stdout=console,
            stderr=console,
        )


def _wait_for_epoch(run, worker):
    while not (run.events.exists() and "CheckpointSaved" in run.events.read_text()):
        assert worker.poll() is None, run.console.read_text()[-2000:]
        sleep(0.05)


def _model(run):
    finished = json.loads(run.events.read_text().splitlines()[-1])
    models_dir = run.path.parent.parent.parent / "models"
    return keras.saving.load_model(models_dir / finished["result"]["model"] / "model.keras")
