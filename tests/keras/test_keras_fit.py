from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import tensorflow as tf

from core.domain import EpochEnded, SamplesSeen
from core.jobs import RunCancelled
from core.training.fit import keras_fit
from core.training.fit.keras_tensorboard import TENSORBOARD_DIR
from core.training.plan import TrainingPlan
from core.training.recipes import RECIPES
from tests.training_runs import FakeContext, striped_faces

pytestmark = [pytest.mark.keras, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    recipe = replace(
        RECIPES["two-block"], name="tiny", batch_size=16, sizes_px=((16, 0.5), (24, 0.5))
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("core.training.recipes.catalogue.RECIPES", {"tiny": recipe})
        yield TrainingPlan(recipe="tiny", data=str(tmp_path_factory.mktemp("data")), epochs=4)


@pytest.fixture
def dataset():
    return striped_faces()


@pytest.fixture(scope="module")
def whole(plan, tmp_path_factory):
    """A run that was never stopped: its model, and what it told."""
    context = FakeContext(tmp_path_factory.mktemp("whole"))
    return keras_fit.fit(striped_faces(), plan, context), tuple(context.events)


@pytest.fixture(scope="module")
def resumed(plan, tmp_path_factory):
    """The same run, stopped in its second epoch and resumed: its model, and its context then."""
    folder = tmp_path_factory.mktemp("parts")
    with pytest.raises(RunCancelled):
        keras_fit.fit(striped_faces(), plan, FakeContext(folder, stops_after=15))
    rest = FakeContext(folder)
    return keras_fit.fit(striped_faces(), plan, rest), rest


def test_a_stopped_run_resumes_exactly_where_it_was(whole, resumed):
    model, rest = resumed
    assert [event.epoch for event in rest.events_of(EpochEnded)] == [2, 3, 4]
    for one, other in zip(whole[0].get_weights(), model.get_weights(), strict=True):
        assert np.array_equal(one, other)


def test_the_moving_average_stays_beside_the_weights(dataset, plan):
    """Else every epoch would begin from an average of old weights, and hardly learn."""
    model = keras_fit.compile_model(plan, classes=7, pictures=160)
    training, recipe = dataset["Training"], plan.chosen_recipe
    targets = keras_fit.build_targets(training, recipe, classes=7)
    epoch = keras_fit.EpochPlan(epoch=0, seed=plan.seed, size_px=16, batch_size=16)
    batches = keras_fit.training_batches(training, targets, epoch, recipe.augmentation)
    model.fit(batches, epochs=1, verbose=0, shuffle=False)
    weight = model.trainable_variables[0]
    average = model.optimizer._model_variables_moving_average[0]
    assert not np.allclose(np.asarray(weight), np.asarray(average))


def test_re_estimated_statistics_are_the_clean_pictures_own(dataset, plan):
    model = keras_fit.compile_model(plan, classes=7, pictures=160)
    norm = model.get_layer("block1a_norm")
    keras_fit.reestimate_batch_norm(model, dataset["Training"], size_px=24, seed=1)
    convolved = keras_fit.keras.Model(model.input, model.get_layer("block1a_conv").output)
    clean = dataset["Training"].pixels[..., None].astype(np.float32) / 255.0
    wanted = np.asarray(convolved(clean)).mean(axis=(0, 1, 2))
    assert np.allclose(np.asarray(norm.moving_mean), wanted, atol=1e-3)
    assert float(norm.momentum) == pytest.approx(0.99)


def test_every_epoch_tells_finite_figures(whole):
    epochs = [event for event in whole[1] if isinstance(event, EpochEnded)]
    assert [event.epoch for event in epochs] == [1, 2, 3, 4]
    for event in epochs:
        assert all(np.isfinite(value) for value in event.metrics.values())
        for split in ("train", "val"):
            assert 0 <= event.metrics[f"{split}_accuracy"] <= 1
            assert event.metrics[f"{split}_loss"] > 0


def test_after_every_epoch_the_same_sample_pictures_are_scored(whole):
    told = [event for event in whole[1] if isinstance(event, SamplesSeen)]
    accuracy = [event.metrics for event in whole[1] if isinstance(event, EpochEnded)]
    assert [event.epoch for event in told] == [1, 2, 3, 4]
    assert all(event.positions == told[0].positions for event in told)
    assert len(told[0].positions) == 12
    assert len(accuracy) == 4
    for event in told:
        assert np.allclose(np.sum(event.scores, axis=1), 1, atol=1e-3)
    assert told[0].scores != told[-1].scores


def test_tensorboard_finds_each_step_once_after_a_run_was_stopped_and_resumed(resumed):
    steps = {}
    for path in sorted((resumed[1].folder / TENSORBOARD_DIR).glob("*/*tfevents*")):
        for record in tf.data.TFRecordDataset(str(path)):
            event = tf.compat.v1.Event.FromString(record.numpy())
            for value in event.summary.value:
                steps.setdefault(f"{path.parent.name}/{value.tag}", []).append(event.step)
    for curve in ("training", "validation"):
        assert steps[f"{curve}/epoch/accuracy"] == [1, 2, 3, 4]
        assert steps[f"{curve}/epoch/loss"] == [1, 2, 3, 4]
    assert steps["training/batch/loss"] == sorted(set(steps["training/batch/loss"]))
