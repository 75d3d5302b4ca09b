"""Asking a network that is still in training, and bringing it to its best state."""

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

JUDGE_BATCH = 256
CURVE_PICTURES = 2048  # known to within two points (95 %), for a fiftieth of an epoch's time
CLEAN_PICTURES = 8192  # enough that another draw changes the statistics by less than noise


def logits_of(
    model: keras.Model, pixels: NDArray[np.uint8], *, size_px: int
) -> NDArray[np.float64]:
    """Float64 `(n, k)`: the network's answers to pictures that are unchanged but for their size.

    Args:
        size_px: side at which they are looked at; a network that reads every size is judged at the
            one it will be shipped for, not at whatever the dataset's happens to be.
    """
    batches = plain_batches(resized(pixels, size_px), batch_size=JUDGE_BATCH)
    return np.asarray(model.predict(batches, verbose=0), dtype=np.float64)


def accuracy_of(model: keras.Model, pictures: PictureSet, *, size_px: int) -> float:
    """Share of unchanged pictures that it names right at this size."""
    return share_right(logits_of(model, pictures.pixels, size_px=size_px), pictures.labels)


def share_right(logits: NDArray[np.float64], labels: NDArray[np.int64]) -> float:
    """Share of pictures whose highest answer is their label."""
    return float((logits.argmax(axis=1) == labels).mean())


def sample_of(pictures: PictureSet, *, seed: int) -> PictureSet:
    """Training pictures on which the training curves are measured: the same after every epoch."""
    drawn = np.random.default_rng((seed, len(pictures))).permutation(len(pictures))
    return pictures.take(np.sort(drawn[:CURVE_PICTURES]))


def curve_points(model: keras.Model, sample: PictureSet, size_px: int) -> dict[str, float]:
    """Accuracy and loss on training pictures, measured as those of the choosing split are.

    Load-bearing: on unchanged pictures. The loss that is made small is of changed and mixed ones,
    with smoothed labels: it stays above that of the choosing split however much is learned by
    heart.
    """
    logits = logits_of(model, sample.pixels, size_px=size_px)
    return {
        "accuracy_learns": share_right(logits, sample.labels),
        "loss_learns": log_loss(logits, sample.labels),
    }


@contextmanager
def averaged(model: keras.Model) -> Iterator[None]:
    """Inside, the model has its averaged weights, where its optimiser keeps any."""
    if not model.optimizer.use_ema:
        yield
        return
    swap = keras.callbacks.SwapEMAWeights()
    swap.set_model(model)
    swap.on_test_begin()
    try:
        yield
    finally:
        swap.on_test_end()


def expect_finite(model: keras.Model, *, epoch: int) -> None:
    """Before a state is kept: one with such weights could never be gone on with.

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


def re_estimate(model: keras.Model, pictures: PictureSet, *, size_px: int, seed: int) -> None:
    """Measure batch-norm statistics anew on clean pictures (Wu & Johnson 2021, "precise BN").

    While training they follow augmented, mixed pictures and weights that move; the averaged
    weights on clean faces want their own. Gave about one point on FER2013. Networks with Keras' own
    normalisation keep what they have.
    """
    momenta = [
        layer.momentum
        for layer in model.layers
        if hasattr(layer, "moving_mean") and hasattr(layer.momentum, "assign")
    ]
    if not momenta:
        return
    before = [float(momentum) for momentum in momenta]

    @tf.function(reduce_retracing=True)  # type: ignore[untyped-decorator]
    def look(faces: Any) -> None:
        model(faces, training=True)

    for number, faces in enumerate(clean_batches(pictures, size_px=size_px, seed=seed)):
        for momentum in momenta:
            momentum.assign(number / (number + 1))  # a plain mean over all batches
        look(faces)
    for momentum, value in zip(momenta, before, strict=True):
        momentum.assign(value)


def clean_batches(pictures: PictureSet, *, size_px: int, seed: int) -> Any:
    """Some of the pictures, drawn by chance and unchanged but for their size, in batches."""
    drawn = np.random.default_rng(seed).permutation(len(pictures))[:CLEAN_PICTURES]
    return plain_batches(resized(pictures.take(drawn).pixels, size_px), batch_size=JUDGE_BATCH)
