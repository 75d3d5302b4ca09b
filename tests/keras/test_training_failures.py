"""Runs that fail give the reason, and keep their checkpoints."""

from __future__ import annotations

import errno
from dataclasses import replace

import numpy as np
import pytest
import tensorflow as tf

from core.conversion.writers.keras_litert import LiteRtFormat, write_litert
from core.domain import CheckpointSaved, EpochEnded, LogMessage
from core.domain.errors import DatasetError, PlanError, RunDiverged
from core.jobs import RunCancelled
from core.training.fit import keras_fit
from core.training.fit.keras_inference import expect_finite
from core.training.networks.keras_blocks import NetworkSpec
from core.training.networks.keras_networks import build
from core.training.plan import TrainingPlan
from core.training.recipes import RECIPES, Optimiser
from tests.training_runs import FakeContext, striped_faces

pytestmark = [pytest.mark.keras, pytest.mark.timeout(600)]

TINY = replace(RECIPES["two-block"], batch_size=32, sizes_px=((24, 1.0),), ema=0.0)


@pytest.fixture
def asked(tmp_path, monkeypatch):
    """A plan for the tiny recipe, changed as asked."""

    def plan(epochs=2, **changes):
        monkeypatch.setattr(
            "core.training.recipes.catalogue.RECIPES", {"tiny": replace(TINY, **changes)}
        )
        return TrainingPlan(recipe="tiny", data=str(tmp_path), epochs=epochs)

    return plan


def _states(folder):
    return sorted(path.name for path in (folder / "checkpoint").glob("epoch-*"))


def test_a_loss_that_is_not_finite_ends_the_run_with_epoch_and_batch(asked, tmp_path):
    """A rate that high is not allowed by hand; a sick dataset comes to the same."""
    plan = asked(optimiser=Optimiser.SGD, learning_rate=10.0, weight_decay=0.0, warm_up=0.0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keras_fit, "build_loss", lambda _: lambda _, logits: logits[:, 0] * np.inf)
        with pytest.raises(RunDiverged, match=r"The loss became \S+ in epoch 1, batch 1") as caught:
            keras_fit.fit(striped_faces(), plan, FakeContext(tmp_path))
    assert "lower learning rate" in caught.value.advice
    assert _states(tmp_path) == []


def test_weights_that_became_infinite_in_the_last_step_are_not_kept(tmp_path):
    """The loss of that step was still a number."""
    model = build("two_block", NetworkSpec(classes=7, size_px=24))
    model.compile("adam", "mse")
    model.optimizer.build(model.trainable_variables)
    expect_finite(model, epoch=1)
    model.get_layer("logits").bias.assign([np.nan] * 7)
    with pytest.raises(RunDiverged, match="weights became infinite in epoch 2"):
        expect_finite(model, epoch=2)


def test_a_run_does_not_resume_with_changed_pictures(asked, tmp_path):
    plan = asked()
    with pytest.raises(RunCancelled):
        keras_fit.fit(striped_faces(), plan, FakeContext(tmp_path, stops_after=7))
    with pytest.raises(DatasetError, match="has changed since this run started"):
        keras_fit.fit(striped_faces(seed=3), plan, FakeContext(tmp_path))
    assert keras_fit.fit(striped_faces(), plan, FakeContext(tmp_path))


def test_a_complete_epoch_is_saved_when_the_stop_comes_with_its_last_batch(asked, tmp_path):
    context = FakeContext(tmp_path, stops_after=4)  # five batches
    with pytest.raises(RunCancelled):
        keras_fit.fit(striped_faces(), asked(), context)
    assert [event.epoch for event in context.events_of(CheckpointSaved)] == [1]


def test_an_incomplete_epoch_is_repeated(asked, tmp_path):
    context = FakeContext(tmp_path, stops_after=2)
    with pytest.raises(RunCancelled):
        keras_fit.fit(striped_faces(), asked(), context)
    assert not context.events_of(EpochEnded)
    assert _states(tmp_path) == []


def test_a_run_can_be_resumed_after_the_disk_was_full_at_a_checkpoint(asked, tmp_path, monkeypatch):
    plan, saved = asked(), np.savez
    whole = keras_fit.fit(striped_faces(), plan, FakeContext(tmp_path / "whole"))

    def fill(file, **values):
        if "epoch-00002" in file.name:
            raise OSError(errno.ENOSPC, "No space left on device")
        saved(file, **values)

    with monkeypatch.context() as full:
        full.setattr(np, "savez", fill)
        with pytest.raises(OSError, match="No space left"):
            keras_fit.fit(striped_faces(), plan, FakeContext(tmp_path / "full"))
    assert _states(tmp_path / "full") == ["epoch-00001.npz"]
    context = FakeContext(tmp_path / "full")
    rest = keras_fit.fit(striped_faces(), plan, context)
    assert [event.epoch for event in context.events_of(EpochEnded)] == [2]
    assert all(map(np.array_equal, whole.get_weights(), rest.get_weights()))


def test_damaged_best_weights_cost_only_themselves(asked, tmp_path):
    plan = asked(epochs=1)
    keras_fit.fit(striped_faces(), plan, FakeContext(tmp_path))
    best = tmp_path / "checkpoint" / "best.npz"
    best.write_bytes(best.read_bytes()[:100])
    context = FakeContext(tmp_path)
    assert keras_fit.fit(striped_faces(), plan, context)
    assert any("best epoch" in event.sentence for event in context.events_of(LogMessage))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"network": "magic"}, "no network 'magic'"),
        (
            {"network": "csv_two_blocks", "sizes_px": ((16, 0.5), (24, 0.5))},
            "cannot change its input size",
        ),
        ({"network": "mobilenet_v2", "sizes_px": ((24, 1.0),)}, "for pictures of 24 px"),
    ],
)
def test_a_network_that_cannot_be_built_is_refused_with_advice(asked, changes, said):
    with pytest.raises(PlanError, match=said) as caught:
        keras_fit.compile_model(asked(**changes), classes=7, pictures=160)
    assert caught.value.advice


def test_a_full_disk_during_conversion_is_reported_as_a_full_disk(tmp_path, monkeypatch):
    def fill(*_, **__):
        raise tf.errors.ResourceExhaustedError(None, None, "x; No space left on device [Op:Save]")

    monkeypatch.setattr(tf.saved_model, "save", fill)
    model = build("two_block", NetworkSpec(classes=7, size_px=24, folded=True))
    with pytest.raises(OSError, match="No space left") as caught:
        write_litert(model, tmp_path / "model.tflite", LiteRtFormat.FLOAT32)
    assert caught.value.errno == errno.ENOSPC
