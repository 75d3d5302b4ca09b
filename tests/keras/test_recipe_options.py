"""Every option of a recipe does what it says: compared with figures worked out by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import keras
import numpy as np
import pytest
import tensorflow as tf

from core.domain import EpochEnded, PictureSet
from core.training.fit import keras_fit
from core.training.fit.keras_batches import EpochPlan, build_targets, training_batches
from core.training.fit.keras_inference import averaged_weights, reestimate_batch_norm
from core.training.fit.keras_loss import build_loss
from core.training.fit.keras_optimizer import build_optimiser, build_schedule
from core.training.networks.keras_layers import FusedBatchNormalization
from core.training.plan import TrainingPlan
from core.training.recipes import RECIPES, Augmentation, Balance, Loss, Optimiser, Schedule
from tests.training_runs import FakeContext, striped_faces

pytestmark = pytest.mark.keras

PLAIN = replace(
    RECIPES["two-block"],
    batch_size=32,
    sizes_px=((24, 1.0),),
    schedule=Schedule.CONSTANT,
    warm_up=0.0,
    learning_rate=0.01,
    optimiser=Optimiser.SGD,
    ema=0.0,
    weight_decay=0.0,
    label_smoothing=0.0,
    augmentation=Augmentation(),
)


def _rates(recipe, steps):
    schedule = build_schedule(recipe, steps=steps)
    return [float(schedule(step)) for step in range(steps)]


def test_cosine_rises_straight_and_falls_along_half_a_cosine():
    rates = _rates(replace(PLAIN, schedule=Schedule.COSINE, warm_up=0.1), 100)
    assert rates[0] == pytest.approx(0.001)
    assert rates[9] == pytest.approx(0.01)
    assert rates[55] == pytest.approx(0.005)
    assert rates[32] == pytest.approx(0.005 * (1 + math.cos(math.pi * 22 / 90)))
    assert rates[99] == pytest.approx(0.0, abs=1e-5)


def test_one_cycle_rises_for_three_tenths_whatever_the_warm_up():
    rates = _rates(replace(PLAIN, schedule=Schedule.ONE_CYCLE, warm_up=0.0), 100)
    assert rates[14] == pytest.approx(0.005)
    assert rates[29] == pytest.approx(0.01)
    assert rates[65] == pytest.approx(0.005)
    assert max(rates) == pytest.approx(0.01)
    assert rates[99] < 1e-5


def test_a_constant_rate_is_constant_after_the_warm_up():
    rates = _rates(replace(PLAIN, warm_up=0.2), 50)
    assert rates[4] == pytest.approx(0.005)
    assert rates[10:] == pytest.approx([0.01] * 40)


def _fitted(recipe, tmp_path, monkeypatch, *, epochs):
    monkeypatch.setattr("core.training.recipes.catalogue.RECIPES", {"tiny": recipe})
    plan = TrainingPlan(recipe="tiny", data=str(tmp_path), epochs=epochs)
    context = FakeContext(tmp_path)
    keras_fit.fit(striped_faces(training=64), plan, context)
    return context.events_of(EpochEnded)


def test_after_a_plateau_the_optimiser_has_a_fifth_of_the_rate(tmp_path, monkeypatch):
    recipe = replace(PLAIN, schedule=Schedule.PLATEAU, patience=1, learning_rate=1e-4)
    told = _fitted(recipe, tmp_path, monkeypatch, epochs=4)
    assert len({event.metrics["val_accuracy"] for event in told}) == 1, "no epoch is better"
    rates = [event.metrics["learning_rate"] for event in told]
    assert rates == pytest.approx([1e-4, 1e-4, 2e-5, 4e-6])


def _loss(recipe, wanted, logits, weight=None):
    return float(build_loss(recipe)(tf.constant(wanted), tf.constant(logits), weight))


LOGITS = np.log(np.array([[0.7, 0.2, 0.1], [0.1, 0.6, 0.3]], np.float32))
SHARES = np.array([[1.0, 0.0, 0.0], [0.0, 0.5, 0.5]], np.float32)


def test_cross_entropy_takes_shares_as_answers():
    by_hand = -(math.log(0.7) + 0.5 * math.log(0.6) + 0.5 * math.log(0.3)) / 2
    assert _loss(PLAIN, SHARES, LOGITS) == pytest.approx(by_hand, rel=1e-5)


def test_focal_loss_counts_sure_answers_less():
    by_hand = -(
        0.3**2 * math.log(0.7)
        + 0.4**2 * 0.5 * math.log(0.6)
        + 0.7**2 * 0.5 * math.log(0.3)
    ) / 2  # fmt: skip
    focal = replace(PLAIN, loss=Loss.FOCAL)
    assert _loss(focal, SHARES, LOGITS) == pytest.approx(by_hand, rel=1e-5)


@pytest.mark.parametrize("loss", list(Loss))
def test_label_smoothing_spreads_a_share_over_all_classes_also_of_soft_labels(loss):
    smooth = replace(PLAIN, loss=loss, label_smoothing=0.3)
    by_hand = 0.7 * SHARES + 0.3 / 3
    assert _loss(smooth, SHARES, LOGITS) == pytest.approx(
        _loss(replace(smooth, label_smoothing=0.0), by_hand, LOGITS), rel=1e-5
    )


def test_a_picture_s_weight_multiplies_its_loss():
    first, second = (_loss(PLAIN, SHARES[at : at + 1], LOGITS[at : at + 1]) for at in (0, 1))
    weighed = _loss(PLAIN, SHARES, LOGITS, np.array([3.0, 0.5], np.float32))
    assert weighed == pytest.approx((3 * first + 0.5 * second) / 2, rel=1e-5)


def test_mixed_pictures_weigh_what_their_mixed_labels_say():
    """Half angry, half happy: half of each class's weight."""
    labels = np.repeat([0, 3], [60, 20])
    pictures = PictureSet(np.zeros((80, 24, 24), np.uint8), labels)
    change = Augmentation(mixup_alpha=0.9, mixup_share=1.0)
    recipe = replace(PLAIN, balance=Balance.WEIGHTS, augmentation=change)
    targets = build_targets(pictures, recipe, classes=7)
    weights = np.array([80 / (2 * 60), 1, 1, 80 / (2 * 20), 1, 1, 1])
    assert targets.weights == pytest.approx(weights)
    mixed = 0
    for _, wanted, given in training_batches(pictures, targets, EpochPlan(0, 7, 24, 16), change):
        assert given.numpy() == pytest.approx(wanted.numpy() @ weights, rel=1e-5)
        mixed += int(((wanted.numpy() > 0.01).sum(axis=1) == 2).sum())
    assert mixed


def test_no_class_is_divided_by_where_there_is_none():
    pictures = PictureSet(np.zeros((30, 24, 24), np.uint8), np.repeat([0, 3], [20, 10]))
    for balance in Balance:
        targets = build_targets(pictures, replace(PLAIN, balance=balance), classes=7)
        assert np.isfinite(targets.weights).all()
        plan = EpochPlan(0, 7, 24, 10, balanced=balance is Balance.SAMPLING)
        for _, wanted, given in training_batches(pictures, targets, plan, Augmentation()):
            assert set(wanted.numpy().argmax(axis=1)) <= {0, 3}
            assert np.isfinite(given.numpy()).all()


def test_mixup_is_applied_in_its_share_of_the_batches():
    pictures = PictureSet(np.zeros((800, 8, 8), np.uint8), np.arange(800) % 7)
    change = Augmentation(mixup_alpha=0.9, mixup_share=0.25)
    targets = build_targets(pictures, PLAIN, classes=7)
    batches = training_batches(pictures, targets, EpochPlan(0, 7, 8, 8), change)
    played = [bool((wanted.numpy().max(axis=1) < 0.999).any()) for _, wanted, _ in batches]
    assert len(played) == 100
    assert 12 <= sum(played) <= 40  # binomial, p = 0.25: outside once in a thousand seeds


def _one_weight(recipe, *, gradient=1.0):
    """A model of one weight that starts at 1."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    model.compile(
        build_optimiser(recipe, steps=10), lambda _, answer: gradient * tf.reduce_mean(answer)
    )
    model.layers[0].kernel.assign([[1.0]])
    model.optimizer.build(model.trainable_variables)
    return model


def _steps(model, count):
    ones = tf.data.Dataset.from_tensors((tf.ones((1, 1)), tf.ones((1, 1)))).repeat(count)
    model.fit(ones, verbose=0, shuffle=False)
    return float(model.layers[0].kernel[0, 0])


def test_the_moving_average_follows_the_weights_by_its_momentum():
    recipe = replace(PLAIN, ema=0.9)
    model = _one_weight(replace(recipe, optimiser=Optimiser.ADAM))
    weights = [_steps(model, 1) for _ in range(3)]
    average = weights[0]  # it begins with the first step's, not with the random ones before
    for weight in weights[1:]:
        average = 0.9 * average + 0.1 * weight
    with averaged_weights(model):
        assert float(model.layers[0].kernel[0, 0]) == pytest.approx(average, rel=1e-6)
    assert float(model.layers[0].kernel[0, 0]) == pytest.approx(weights[-1], rel=1e-6)


def test_weight_decay_shrinks_kernels_by_rate_times_decay():
    plain = _steps(_one_weight(replace(PLAIN, optimiser=Optimiser.ADAMW)), 1)
    decayed = _steps(_one_weight(replace(PLAIN, optimiser=Optimiser.ADAMW, weight_decay=0.5)), 1)
    assert plain == pytest.approx(1 - 0.01, rel=1e-4)  # Adam's first step is the rate
    assert decayed == pytest.approx(plain - 0.01 * 0.5 * 1.0, rel=1e-4)


@pytest.mark.parametrize("optimiser", list(Optimiser))
def test_without_weight_decay_nothing_shrinks(optimiser):
    """Left to itself, Keras' AdamW shrinks by a rate of its own."""
    recipe = replace(PLAIN, optimiser=optimiser, learning_rate=1.0, weight_decay=0.0)
    assert _steps(_one_weight(recipe, gradient=0.0), 3) == 1.0


def test_adam_takes_no_weight_decay():
    plain, decayed = (
        _steps(_one_weight(replace(PLAIN, optimiser=Optimiser.ADAM, weight_decay=one)), 2)
        for one in (0.0, 0.5)
    )
    assert plain == decayed


def test_weight_decay_leaves_biases_and_normalisation_alone():
    """All gradients are nothing: only decay can move a weight."""
    plan_recipe = replace(PLAIN, optimiser=Optimiser.ADAMW, weight_decay=0.5)
    model = keras.Sequential(
        [keras.Input((4, 4, 2)), keras.layers.Conv2D(3, 1), FusedBatchNormalization()]
    )
    model.compile(
        build_optimiser(plan_recipe, steps=10), lambda _, answer: 0.0 * tf.reduce_sum(answer)
    )
    for variable in model.trainable_variables:
        variable.assign(np.ones(variable.shape))
    model.fit(np.zeros((2, 4, 4, 2)), np.zeros((2, 4, 4, 3)), batch_size=2, verbose=0)
    for variable in model.trainable_variables:
        shrunk = 1 - 0.01 * 0.5 if "kernel" in variable.path else 1.0
        assert np.asarray(variable) == pytest.approx(np.full(variable.shape, shrunk)), variable.path


def test_averaged_weights_get_the_statistics_of_their_own_features(tmp_path, monkeypatch):
    """With averaged weights in it, a network's normalisation measures what those give."""
    recipe = replace(PLAIN, ema=0.5)
    monkeypatch.setattr("core.training.recipes.catalogue.RECIPES", {"tiny": recipe})
    plan = TrainingPlan(recipe="tiny", data=str(tmp_path), epochs=2)
    training = striped_faces(training=64)["Training"]
    model = keras_fit.compile_model(plan, classes=7, pictures=64)
    targets = build_targets(training, recipe, classes=7)
    batches = training_batches(training, targets, EpochPlan(0, 7, 24, 32), Augmentation())
    model.fit(batches, epochs=1, verbose=0, shuffle=False)
    clean = training.pixels[..., None].astype(np.float32) / 255.0
    before = keras.Model(model.input, model.get_layer("block1a_conv").output)
    norm = model.get_layer("block1a_norm")
    raw = np.asarray(before(clean)).mean(axis=(0, 1, 2))
    with averaged_weights(model):
        reestimate_batch_norm(model, training, size_px=24, seed=1)
        own = np.asarray(before(clean)).mean(axis=(0, 1, 2))
        assert np.asarray(norm.moving_mean) == pytest.approx(own, abs=1e-4)
    assert not np.allclose(raw, own, atol=1e-4)
