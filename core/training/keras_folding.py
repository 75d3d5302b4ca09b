"""From a network that can learn to one that anybody can run: batch normalisation folded away."""

from __future__ import annotations

import keras
import numpy as np

from core.training.keras_blocks import Build
from core.training.keras_layers import EPSILON
from core.training.keras_networks import NETWORKS, build

_FOLDED = (keras.layers.Conv2D, keras.layers.Dense)  # both end in the axis of their outputs


def fold(trained: keras.Model, how: Build) -> keras.Model:
    """A plain float32 network, without our own layers, that gives the same logits.

    Networks of Keras' own layers are built again in float32 and keep their normalisation.

    For each convolution or dense layer with kernel W followed by gamma, beta, mean, variance:
    W' = W * s and b' = beta - mean * s, where s = gamma / sqrt(variance + epsilon).

    Args:
        trained: a network made by `keras_networks.build` with `folded=False`.
        how: the same, with `folded=True` and a fixed `size_px`.
    """
    with _float32():
        plain = build(trained.name, how)
    if not NETWORKS[trained.name].folds:
        plain.set_weights(trained.get_weights())
        return plain
    for layer in plain.layers:
        if isinstance(layer, _FOLDED) and layer.name.endswith("_conv"):
            norm = trained.get_layer(layer.name.removesuffix("_conv") + "_norm")
            kernel = np.asarray(trained.get_layer(layer.name).kernel, dtype=np.float64)
            scale = np.asarray(norm.gamma, np.float64) / np.sqrt(
                np.asarray(norm.moving_variance, np.float64) + EPSILON
            )
            bias = np.asarray(norm.beta, np.float64) - np.asarray(norm.moving_mean) * scale
            layer.set_weights([kernel * scale, bias])
        elif layer.weights:
            layer.set_weights(trained.get_layer(layer.name).get_weights())
    return plain


class _float32:  # noqa: N801 - reads as the context it is
    """Build inside this and get float32 layers, whatever policy training set."""

    def __enter__(self) -> None:
        self._before = keras.config.dtype_policy()
        keras.config.set_dtype_policy("float32")

    def __exit__(self, *_: object) -> None:
        keras.config.set_dtype_policy(self._before)
