"""Checkpoints after a full disk, a power cut or damage."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys

import keras
import numpy as np
import pytest

from core.domain.errors import DatasetError
from core.training.fit import keras_checkpoint
from core.training.fit.epoch_control import EpochControl
from core.training.fit.keras_checkpoint import Checkpoint

pytestmark = pytest.mark.keras


def _model():
    keras.utils.set_random_seed(4)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4), keras.layers.Dense(2)])
    model.compile(keras.optimizers.Adam(use_ema=True), "mse")
    model.optimizer.build(model.trainable_variables)
    return model


def _numbers(model):
    return [np.asarray(one).copy() for one in (*model.weights, *model.optimizer.variables)]


def _after(model, epochs):
    """A model whose every number says how many epochs were done."""
    for variable in (*model.weights, *model.optimizer.variables):
        variable.assign(np.full(variable.shape, epochs))
    return model


@pytest.fixture
def checkpoint(tmp_path):
    return Checkpoint(tmp_path / "checkpoint", data_fingerprint="these")


@pytest.fixture
def saved(checkpoint):
    """Three epochs were done and kept; two states are left."""
    model = _model()
    for epoch in (1, 2, 3):
        control = EpochControl(best=epoch / 10, waited=epoch)
        checkpoint.save(_after(model, epoch), epochs_done=epoch, control=control)
    return checkpoint


def _files(checkpoint):
    return sorted(path.name for path in checkpoint._folder.iterdir())


def test_everything_comes_back(saved):
    model = _model()
    found = saved.restore(model)
    assert (found.epochs_done, found.messages) == (3, ())
    assert found.control == EpochControl(best=0.3, waited=3)
    assert all((one == 3).all() for one in _numbers(model))
    assert _files(saved) == ["epoch-00002.npz", "epoch-00003.npz"]


def test_without_a_checkpoint_a_run_starts_from_the_first_epoch(checkpoint):
    model = _model()
    before = _numbers(model)
    assert checkpoint.restore(model).epochs_done == 0
    assert all(map(np.array_equal, before, _numbers(model)))


def _cut(path):
    path.write_bytes(path.read_bytes()[:-40])


def _empty(path):
    path.write_bytes(b"")


def _flip(path):
    content = bytearray(path.read_bytes())
    # Inside the numbers of the last value, where only a checksum can tell.
    at = content.rfind(np.float32(3).tobytes())
    content[at] ^= 1
    path.write_bytes(bytes(content))


@pytest.mark.parametrize("damage", [_cut, _empty, _flip])
def test_a_damaged_state_falls_back_to_the_one_before_and_is_reported(saved, damage):
    damage(saved._folder / "epoch-00003.npz")
    model = _model()
    found = saved.restore(model)
    assert found.epochs_done == 2
    assert found.control.best == pytest.approx(0.2)
    assert all((one == 2).all() for one in _numbers(model))
    assert found.messages == (
        "The checkpoint is damaged (epoch-00003.npz): training resumes after epoch 2.",
    )


def test_when_no_state_can_be_read_training_starts_again_and_reports_it(saved):
    for name in ("epoch-00002.npz", "epoch-00003.npz"):
        _cut(saved._folder / name)
    model = _model()
    before = _numbers(model)
    found = saved.restore(model)
    assert found.epochs_done == 0
    assert "training starts again" in found.messages[0]
    assert all(map(np.array_equal, before, _numbers(model)))


def test_after_a_restart_new_states_are_saved_and_resumed_from(saved):
    for name in ("epoch-00002.npz", "epoch-00003.npz"):
        _cut(saved._folder / name)
    model = _model()
    saved.restore(model)
    for epoch in (1, 2):
        saved.save(model, epochs_done=epoch, control=EpochControl())
        found = saved.restore(_model())
        assert (found.epochs_done, found.messages) == (epoch, ())
    kept = {path.name for path in saved._folder.glob("epoch-*")}
    assert kept == {"epoch-00001.npz", "epoch-00002.npz"}


def test_a_checkpoint_of_another_network_is_not_half_taken_over(saved):
    other = keras.Sequential([keras.Input((3,)), keras.layers.Dense(5), keras.layers.Dense(2)])
    other.compile("adam", "mse")
    other.optimizer.build(other.trainable_variables)
    before = _numbers(other)
    assert "starts again" in saved.restore(other).messages[0]
    assert all(map(np.array_equal, before, _numbers(other)))


def test_a_run_does_not_resume_with_other_data(saved, tmp_path):
    with pytest.raises(DatasetError, match="has changed since this run started") as caught:
        Checkpoint(tmp_path / "checkpoint", data_fingerprint="those").restore(_model())
    assert "start a new run" in caught.value.advice
    assert saved.restore(_model()).epochs_done == 3


def test_a_state_without_the_name_of_its_weights_is_resumed_from(saved, tmp_path, monkeypatch):
    write = keras_checkpoint._write
    monkeypatch.setattr(
        keras_checkpoint,
        "_write",
        lambda path, values, about: write(
            path, values, {name: one for name, one in about.items() if name != "weights"}
        ),
    )
    saved.save(_model(), epochs_done=4, control=EpochControl())
    with_weights = Checkpoint(
        tmp_path / "checkpoint", data_fingerprint="these", initial_weights="a.h5"
    )
    assert with_weights.restore(_model()).epochs_done == 4


def test_a_full_disk_leaves_the_states_and_the_best_before_it(saved, monkeypatch):
    saved.save_best(_after(_model(), 3))

    def fill(file, **values):
        file.write(b"half a file")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(np, "savez", fill)
    model = _after(_model(), 4)
    for write in (
        lambda: saved.save(model, epochs_done=4, control=EpochControl()),
        lambda: saved.save_best(model),
    ):
        with pytest.raises(OSError, match="No space left") as caught:
            write()
        assert caught.value.errno == errno.ENOSPC
    assert saved.restore(model).epochs_done == 3
    assert saved.restore_best(model)
    assert all((np.asarray(one) == 3).all() for one in model.weights)


def test_damaged_best_weights_leave_the_last_ones(saved):
    model = _after(_model(), 3)
    saved.save_best(model)
    _cut(saved._folder / "best.npz")
    assert not saved.restore_best(_after(model, 9))
    assert all((np.asarray(one) == 9).all() for one in model.weights)


KILLED = """
import os, signal, sys
import core
import numpy as np
from core.training.fit import keras_checkpoint
from core.training.fit.epoch_control import EpochControl
from core.training.fit.keras_checkpoint import Checkpoint
from tests.keras.test_keras_checkpoint import _after, _model
from pathlib import Path

checkpoint = Checkpoint(Path(sys.argv[1]), data_fingerprint="these")
save = np.savez
def half(file, **values):
    save(file, **values)
    file.truncate(file.tell() // 2)
    file.flush()
    os.kill(os.getpid(), signal.SIGKILL)
np.savez = half
checkpoint.save(_after(_model(), 4), epochs_done=4, control=EpochControl())
"""


def test_a_kill_while_a_state_is_written_leaves_those_before_it(saved):
    done = subprocess.run([sys.executable, "-c", KILLED, str(saved._folder)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert any(name.startswith(".epoch-00004.npz-") for name in _files(saved))
    found = saved.restore(_model())
    assert (found.epochs_done, found.messages) == (3, ())
    saved.save(_after(_model(), 4), epochs_done=4, control=EpochControl())
    assert _files(saved) == ["epoch-00003.npz", "epoch-00004.npz"]


def test_what_a_state_says_is_plain_text(saved):
    with np.load(saved._folder / "epoch-00003.npz", allow_pickle=False) as read:
        assert json.loads(str(read["about"]))["epochs_done"] == 3
