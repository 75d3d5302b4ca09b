"""A plan and a dataset in, a trained network out. Read it from top to bottom."""

from __future__ import annotations

import time
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from core.runs import JobPlace, RunCancelled
from core.training.keras_averaging import AveragingAdamW
from core.training.keras_callbacks import TellBatches
from core.training.keras_checkpoint import Checkpoint
from core.training.keras_input import EpochPlan, plain_batches, training_batches
from core.training.keras_networks import Build, build
from core.training.keras_schedule import WarmUpThenCosine
from core.training.plan import TrainingPlan
from core.vocabulary import CheckpointSaved, Dataset, EpochEnded, PictureSet

JUDGE_BATCH = 256
CLEAN_PICTURES = 8192  # enough that another draw changes the statistics by less than noise


def fit(dataset: Dataset, plan: TrainingPlan, place: JobPlace) -> keras.Model:
    """Train as the plan says, going on from the run's checkpoint if it has one.

    Returns:
        The network with the averaged weights that did best on the choosing split.
    Raises:
        RunCancelled: somebody asked to stop; the checkpoint is kept.
        RunDiverged: the loss is no number any more.
    """
    learns, chooses = dataset[dataset.divided.learns], dataset[dataset.divided.chooses]
    model = _compiled(plan, classes=len(dataset.scheme), pictures=len(learns))
    checkpoint = Checkpoint(place.folder / "checkpoint")
    start, best = checkpoint.restore(model)
    averaged = keras.callbacks.SwapEMAWeights()
    averaged.set_model(model)
    tell = TellBatches(place.journal.append, place.stop_requested, time.monotonic)
    for epoch in range(start, plan.chosen_epochs):
        metrics = _one_epoch(model, learns, _epoch(plan, epoch, dataset), plan, tell)
        if place.stop_requested():
            raise RunCancelled
        averaged.on_test_begin()  # the moving average of the weights is what will be shipped
        metrics["accuracy_chooses"] = _accuracy(model, chooses)
        best = checkpoint.keep_best(model, metrics["accuracy_chooses"], best)
        averaged.on_test_end()
        place.journal.append(EpochEnded(epoch + 1, plan.chosen_epochs, metrics))
        checkpoint.save(model, epochs_done=epoch + 1, best=best)
        place.journal.append(CheckpointSaved(epoch + 1))
    return _best_of(model, checkpoint, dataset, plan)


def logits_of(model: keras.Model, pictures: PictureSet) -> NDArray[np.float64]:
    """Float64 `(n, k)`: the network's answers to unchanged pictures."""
    batches = plain_batches(pictures.pixels, batch_size=JUDGE_BATCH)
    return np.asarray(model.predict(batches, verbose=0), dtype=np.float64)


def re_estimate(model: keras.Model, pictures: PictureSet, *, seed: int) -> None:
    """Measure batch-norm statistics anew on clean pictures (Wu & Johnson 2021, "precise BN").

    While training they follow augmented, mixed pictures and weights that move; the averaged
    weights on clean faces want their own. Gave about one point on FER2013.
    """
    rng = np.random.default_rng(seed)
    chosen = pictures.take(rng.permutation(len(pictures))[:CLEAN_PICTURES])
    momenta = [layer.momentum for layer in model.layers if hasattr(layer, "moving_mean")]
    before = [float(momentum) for momentum in momenta]

    @tf.function(reduce_retracing=True)  # type: ignore[untyped-decorator]
    def look(faces: Any) -> None:
        model(faces, training=True)

    for number, faces in enumerate(plain_batches(chosen.pixels, batch_size=JUDGE_BATCH)):
        for momentum in momenta:
            momentum.assign(number / (number + 1))  # a plain mean over all batches
        look(faces)
    for momentum, value in zip(momenta, before, strict=True):
        momentum.assign(value)


def _compiled(plan: TrainingPlan, *, classes: int, pictures: int) -> keras.Model:
    recipe = plan.chosen_recipe
    keras.utils.set_random_seed(plan.seed)
    model = build(recipe.network, Build(classes, dropout=recipe.dropout))
    optimizer = AveragingAdamW(
        WarmUpThenCosine(
            recipe.learning_rate,
            steps=plan.chosen_epochs * (pictures // recipe.batch_size),
            warm_up=recipe.warm_up,
        ),
        weight_decay=recipe.weight_decay,
        use_ema=True,
        ema_momentum=recipe.ema,
    )
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    loss = keras.losses.CategoricalCrossentropy(
        from_logits=True, label_smoothing=recipe.label_smoothing
    )
    # XLA was four times slower here (docs/decisions.md).
    model.compile(optimizer, loss, jit_compile=False)
    return model


def _one_epoch(
    model: keras.Model,
    pictures: PictureSet,
    epoch: EpochPlan,
    plan: TrainingPlan,
    tell: TellBatches,
) -> dict[str, float]:
    """Everything random in it follows from seed and epoch, so a resumed run repeats it exactly."""
    model.get_layer("dropout").seed_generator.state.assign([plan.seed, epoch.epoch])
    began = time.monotonic()
    history = model.fit(
        training_batches(pictures, epoch, plan.chosen_recipe.augmentation),
        initial_epoch=epoch.epoch,
        epochs=epoch.epoch + 1,
        shuffle=False,  # the batches come in this epoch's own order already
        verbose=0,
        callbacks=[tell],
    )
    return {
        "loss": float(history.history["loss"][-1]),
        "learning_rate": float(model.optimizer.learning_rate),
        "pictures_per_s": len(pictures) / (time.monotonic() - began),
    }


def _epoch(plan: TrainingPlan, epoch: int, dataset: Dataset) -> EpochPlan:
    recipe = plan.chosen_recipe
    return EpochPlan(
        epoch=epoch,
        seed=plan.seed,
        size_px=recipe.size_at(epoch, plan.chosen_epochs),
        batch_size=recipe.batch_size,
        classes=len(dataset.scheme),
    )


def _accuracy(model: keras.Model, pictures: PictureSet) -> float:
    return float((logits_of(model, pictures).argmax(axis=1) == pictures.labels).mean())


def _best_of(
    model: keras.Model, checkpoint: Checkpoint, dataset: Dataset, plan: TrainingPlan
) -> keras.Model:
    """Of the last and the best epoch's averaged weights, the better on the choosing split."""
    learns, chooses = dataset[dataset.divided.learns], dataset[dataset.divided.chooses]
    averaged = keras.callbacks.SwapEMAWeights()
    averaged.set_model(model)
    averaged.on_test_begin()
    re_estimate(model, learns, seed=plan.seed)
    last, last_weights = _accuracy(model, chooses), model.get_weights()
    model.load_weights(checkpoint.best_weights)
    re_estimate(model, learns, seed=plan.seed)
    if _accuracy(model, chooses) <= last:
        model.set_weights(last_weights)
    return model
