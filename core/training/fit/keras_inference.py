"""Inference with a network in training, and re-estimation of its batch-norm statistics."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from core.domain import PictureSet
from core.domain.errors import RunDiverged
from core.evaluation.metrics import log_loss
from core.models.runtimes import resized
from core.training.fit.keras_batches import plain_batches

PREDICTION_BATCH = 256
CURVE_PICTURES = 2048  # accuracy to within two points (95 %), for a fiftieth of an epoch's time
CLEAN_PICTURES = 8192  # enough that another sample hardly changes the statistics


def predict_logits(
    model: keras.Model, pixels: NDArray[np.uint8], *, size_px: int
) -> NDArray[np.float64]:
    """The network's logits for unaugmented pictures, float64 `(n, k)`.

    Args:
        size_px: side that they are resized to; a network for any size is evaluated at the size it
            is exported for, not at the dataset's.
    """
    batches = plain_batches(resized(pixels, size_px), batch_size=PREDICTION_BATCH)
    return np.asarray(model.predict(batches, verbose=0), dtype=np.float64)


def measure_accuracy(model: keras.Model, pictures: PictureSet, *, size_px: int) -> float:
    """Accuracy on unaugmented pictures at this size."""
    return accuracy_of_logits(
        predict_logits(model, pictures.pixels, size_px=size_px), pictures.labels
    )


def accuracy_of_logits(logits: NDArray[np.float64], labels: NDArray[np.int64]) -> float:
    """Share of pictures whose highest logit is that of their label."""
    return float((logits.argmax(axis=1) == labels).mean())


def curve_sample(pictures: PictureSet, *, seed: int) -> PictureSet:
    """Random training pictures for the training curves, the same after every epoch."""
    order = np.random.default_rng((seed, len(pictures))).permutation(len(pictures))
    return pictures.take(np.sort(order[:CURVE_PICTURES]))


def curve_points(model: keras.Model, sample: PictureSet, size_px: int) -> dict[str, float]:
    """Accuracy and loss on training pictures, measured as on the validation split.

    Load-bearing: on unaugmented pictures. The loss that is minimised is of augmented and mixed
    ones, with smoothed labels: it stays above the validation loss even when the network overfits.
    """
    logits = predict_logits(model, sample.pixels, size_px=size_px)
    return {
        "train_accuracy": accuracy_of_logits(logits, sample.labels),
        "train_loss": log_loss(logits, sample.labels),
    }


@contextmanager
def averaged_weights(model: keras.Model) -> Iterator[None]:
    """Inside, the model has its averaged weights, if its optimiser averages."""
    if not model.optimizer.use_ema:
        yield
        return
    ema = keras.callbacks.SwapEMAWeights()
    ema.set_model(model)
    ema.on_test_begin()
    try:
        yield
    finally:
        ema.on_test_end()


def expect_finite(model: keras.Model, *, epoch: int) -> None:
    """Check the weights before a checkpoint: one with such weights could not be resumed.

    The loss of a batch is from before its step, so the last step of an epoch shows in no loss.

    Args:
        epoch: that ended, from 1.
    Raises:
        RunDiverged: a weight is infinite or no number.
    """
    for variable in (*model.weights, *model.optimizer.variables):
        value = np.asarray(variable)
        if np.issubdtype(value.dtype, np.floating) and not np.isfinite(value).all():
            raise RunDiverged(
                f"The weights became infinite in epoch {epoch} ({variable.name}).",
                advice="Start a new run with a lower learning rate: this one would fail again.",
            )


def reestimate_batch_norm(
    model: keras.Model, pictures: PictureSet, *, size_px: int, seed: int
) -> None:
    """Measure batch-norm statistics again on clean pictures (Wu & Johnson 2021, "precise BN").

    In training they follow augmented, mixed pictures and changing weights; the averaged weights on
    clean pictures have others. Gave about one point on FER2013. Networks with Keras' own
    normalisation keep theirs.
    """
    momenta = [
        layer.momentum
        for layer in model.layers
        if hasattr(layer, "moving_mean") and hasattr(layer.momentum, "assign")
    ]
    if not momenta:
        return
    initial_momenta = [float(momentum) for momentum in momenta]

    @tf.function(reduce_retracing=True)  # type: ignore[untyped-decorator]
    def update_statistics(faces: Any) -> None:
        model(faces, training=True)

    for number, faces in enumerate(clean_batches(pictures, size_px=size_px, seed=seed)):
        for momentum in momenta:
            momentum.assign(number / (number + 1))  # a plain mean over all batches
        update_statistics(faces)
    for momentum, value in zip(momenta, initial_momenta, strict=True):
        momentum.assign(value)


def clean_batches(pictures: PictureSet, *, size_px: int, seed: int) -> Any:
    """A random sample of the pictures, unaugmented and resized, in batches."""
    order = np.random.default_rng(seed).permutation(len(pictures))[:CLEAN_PICTURES]
    return plain_batches(resized(pictures.take(order).pixels, size_px), batch_size=PREDICTION_BATCH)
