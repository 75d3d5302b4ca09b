"""Warm start: initial weights from a finished network."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from core.domain import PictureSet
from core.domain.errors import PlanError
from core.models.runtimes.keras_file import load_network
from core.training.fit.keras_inference import clean_batches
from core.training.inputs.warm_start import WarmStart
from core.training.networks.keras_layers import EPSILON, FusedBatchNormalization
from core.training.recipes.catalogue import EARLIER_NETWORKS

LAST_LAYER = "logits"
"""Name of the last layer of every network."""


def load_initial_weights(
    model: keras.Model, warm_start: WarmStart, pictures: PictureSet, *, seed: int
) -> None:
    """Give a new network the weights of a finished one; it predicts the same and can be trained.

    A finished network has its normalisation folded away (`keras_export.fold`). It is restored: for
    a convolution whose outputs have mean m and variance v over the training pictures, and whose
    folded bias is b, gamma = sqrt(v + epsilon) and beta = m + b change nothing.

    Args:
        model: made by `keras_networks.build` with `folded=False`.
        pictures: the training pictures; statistics are measured on a sample of them.
    Raises:
        DamagedModel: the file cannot be read.
        PlanError: it is another network, or one for pictures of another size.
    """
    finished = load_network(warm_start.file)
    if model.name not in {finished.name, EARLIER_NETWORKS.get(finished.name)}:
        raise PlanError(
            f"{warm_start.model} has the network {finished.name}; this recipe has {model.name}.",
            advice="Fine-tune from a model of the same recipe.",
        )
    try:
        _copy_weights(model, finished, keeps_last_layer=warm_start.keeps_last_layer)
    except (ValueError, KeyError) as error:
        raise PlanError(
            f"The weights of {warm_start.model} do not fit this recipe: {str(error).rstrip('.')}.",
            advice="Its dense layers need the input size it was trained with (sizes_px), and a "
            "model of an earlier version may have to be retrained.",
        ) from error
    size_px = model.input_shape[1] or finished.input_shape[1]
    batches = clean_batches(pictures, size_px=size_px, seed=seed)
    _restore_normalisation(model, batches)


def _copy_weights(model: keras.Model, finished: keras.Model, *, keeps_last_layer: bool) -> None:
    """The finished network's weights, with a normalisation that only adds the folded biases."""
    layers = {layer.name: layer for layer in finished.layers}
    _expect_same_input(model, finished)
    for layer in model.layers:
        if layer.name == LAST_LAYER and not keeps_last_layer:
            continue
        if isinstance(layer, FusedBatchNormalization):
            _, bias = layers[layer.name.removesuffix("_norm") + "_conv"].get_weights()
            layer.gamma.assign(np.ones_like(bias))
            layer.beta.assign(bias)
            layer.moving_mean.assign(np.zeros_like(bias))
            layer.moving_variance.assign(np.full_like(bias, 1.0 - EPSILON))
        elif layer.weights:
            # A folded layer's bias went to the normalisation after it.
            layer.set_weights(layers[layer.name].get_weights()[: len(layer.weights)])


def _expect_same_input(model: keras.Model, finished: keras.Model) -> None:
    """Refuse a model whose recipe had another preprocessing when it was trained."""
    ours, theirs = (
        [
            (layer.name, np.ravel(layer.scale).tolist(), np.ravel(layer.offset).tolist())
            for layer in one.layers
            if isinstance(layer, keras.layers.Rescaling)
        ]
        for one in (model, finished)
    )
    if ours != theirs:
        raise ValueError("it was trained with another preprocessing")


def _restore_normalisation(model: keras.Model, batches: Any) -> None:
    """Set each normalisation to its measured input statistics, so that outputs stay the same."""
    norms = [layer for layer in model.layers if isinstance(layer, FusedBatchNormalization)]
    if not norms:
        return
    for norm, (mean, variance) in zip(norms, _moments(model, norms, batches), strict=True):
        bias = np.asarray(norm.beta, np.float64)
        norm.gamma.assign(np.sqrt(variance + EPSILON))
        norm.beta.assign(mean + bias)
        norm.moving_mean.assign(mean)
        norm.moving_variance.assign(variance)


def _moments(
    model: keras.Model, norms: list[FusedBatchNormalization], batches: Any
) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Mean and variance of each normalisation's input, per channel."""
    inner = keras.Model(model.input, [norm.input for norm in norms])

    @tf.function(reduce_retracing=True)  # type: ignore[untyped-decorator]
    def means(faces: Any) -> Any:
        seen = [tf.cast(one, tf.float32) for one in inner(faces, training=False)]
        places = [tf.cast(tf.size(one) / tf.shape(one)[-1], tf.float32) for one in seen]
        return [
            tf.stack([tf.reduce_sum(one, [0, 1, 2]), tf.reduce_sum(one * one, [0, 1, 2])]) / count
            for one, count in zip(seen, places, strict=True)
        ]

    total: list[Any] = [0.0] * len(norms)
    seen = 0
    for faces in batches:
        count = int(faces.shape[0])
        seen += count
        for at, found in enumerate(means(faces)):
            total[at] = total[at] + count * np.asarray(found, np.float64)
    moments = [one / seen for one in total]
    return [(mean, np.maximum(square - mean**2, 0.0)) for mean, square in moments]
