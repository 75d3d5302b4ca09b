from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from core.domain import BatchDone, EpochEnded
from core.training.fit.keras_tensorboard import EPOCH_TAGS, TENSORBOARD_DIR, TRAINING, Scalars

pytestmark = pytest.mark.keras

FIGURES = {
    "loss": 1.5,
    "train_accuracy": 0.9,
    "train_loss": 0.3,
    "val_accuracy": 0.4,
    "val_loss": 1.8,
    "learning_rate": 1e-3,
    "pictures_per_s": 900.0,
}


class Clock:
    def __init__(self):
        self.now_s = 0.0

    def __call__(self):
        return self.now_s


def written(folder):
    """Curve and tag -> (step, value), over all files in the order in which they are read."""
    found = {}
    for path in sorted((folder / TENSORBOARD_DIR).glob("*/*tfevents*")):
        for record in tf.data.TFRecordDataset(str(path)):
            event = tf.compat.v1.Event.FromString(record.numpy())
            for value in event.summary.value:
                number = float(tf.make_ndarray(value.tensor))
                tag = f"{path.parent.name}/{value.tag}"
                found.setdefault(tag, []).append((event.step, number))
    return found


def train(folder, epochs, *, done=0, batches=10, stops_in=None):
    """What a run would tell: an epoch's batches a second apart, then its figures."""
    clock = Clock()
    scalars = Scalars(folder, epochs_done=done, batches=batches, clock=clock)
    for epoch in range(done + 1, epochs + 1):
        for batch in range(1, batches + 1):
            clock.now_s += 1.0
            scalars.batch(BatchDone(epoch, batch, batches, 1.0 / epoch))
            if (epoch, batch) == stops_in:
                return
        scalars.epoch(EpochEnded(epoch, epochs, {**FIGURES, "loss": 1.0 / epoch}))


def test_each_epoch_has_its_figures_under_its_own_number(tmp_path):
    train(tmp_path, 3)
    found = written(tmp_path)
    for curve, tags in EPOCH_TAGS.items():
        for tag in tags.values():
            assert [step for step, _ in found[f"{curve}/{tag}"]] == [1, 2, 3]
    losses = found["training/epoch/loss of changed pictures"]
    assert [value for _, value in losses] == pytest.approx([1, 1 / 2, 1 / 3])


def test_training_and_validation_are_two_curves_of_one_chart(tmp_path):
    train(tmp_path, 1)
    found = written(tmp_path)
    for figure, training, validation in (("accuracy", 0.9, 0.4), ("loss", 0.3, 1.8)):
        assert found[f"training/epoch/{figure}"] == [(1, pytest.approx(training))]
        assert found[f"validation/epoch/{figure}"] == [(1, pytest.approx(validation))]


def test_batches_are_written_every_two_seconds_and_counted_over_all_epochs(tmp_path):
    train(tmp_path, 2)
    assert [step for step, _ in written(tmp_path)["training/batch/loss"]] == list(range(1, 21, 2))


def test_what_is_written_is_the_loss_since_the_last_time(tmp_path):
    clock, losses = Clock(), np.array([4.0, 2.0, 2.0, 6.0, 8.0, 1.0])
    scalars = Scalars(tmp_path, epochs_done=0, batches=6, clock=clock)
    for batch in range(1, 7):
        scalars.batch(BatchDone(1, batch, 6, float(losses[:batch].mean())))
        clock.now_s += 1.0
    assert written(tmp_path)["training/batch/loss"] == [(1, 4.0), (3, 2.0), (5, 7.0)]


def test_an_interrupted_run_continues_its_curves_without_repeated_steps(tmp_path):
    train(tmp_path / "whole", 4)
    parts = tmp_path / "parts"
    train(parts, 4, stops_in=(3, 7))
    (path,) = (parts / TENSORBOARD_DIR / TRAINING).iterdir()
    path.write_bytes(path.read_bytes()[:-5])  # killed while it wrote
    train(parts, 4, done=1)
    whole, again = written(tmp_path / "whole"), written(parts)
    assert whole.keys() == again.keys()
    for tag, points in whole.items():
        assert again[tag] == points, tag


def test_a_run_without_checkpoint_deletes_the_figures_of_an_earlier_attempt(tmp_path):
    train(tmp_path, 2, stops_in=(1, 5))
    train(tmp_path, 2)
    steps = [step for step, _ in written(tmp_path)["training/batch/loss"]]
    assert steps == sorted(set(steps))


def test_a_disk_that_refuses_ends_the_writing_and_not_the_run(tmp_path, monkeypatch, caplog):
    clock = Clock()
    scalars = Scalars(tmp_path, epochs_done=0, batches=10, clock=clock)

    def refuse(*_):
        raise tf.errors.ResourceExhaustedError(None, None, "No space left on device")

    monkeypatch.setattr(type(scalars._writers[TRAINING]), "flush", refuse)
    for epoch in (1, 2):
        scalars.epoch(EpochEnded(epoch, 2, FIGURES))
    assert [one.message for one in caplog.records] == ["no more figures for TensorBoard"]


def test_a_folder_that_cannot_be_made_leaves_the_run_without_figures(tmp_path, caplog):
    (tmp_path / TENSORBOARD_DIR).write_text("in the way")
    scalars = Scalars(tmp_path, epochs_done=0, batches=10, clock=Clock())
    scalars.epoch(EpochEnded(1, 2, FIGURES))
    assert caplog.records
