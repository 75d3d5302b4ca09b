"""Counts a network's multiply-accumulates."""

from __future__ import annotations

from collections.abc import Iterator

import keras
import numpy as np


def count_mmac(plain: keras.Model) -> float:
    """Million multiply-accumulates for one picture: convolutions and dense layers."""
    return sum(map(_multiplications, flat(plain))) / 1e6


def flat(model: keras.Model) -> Iterator[keras.Layer]:
    """Every layer, those of nested networks included."""
    for layer in model.layers:
        if hasattr(layer, "layers"):  # a nested network, also one of Keras 2
            yield from flat(layer)
        else:
            yield layer


def _multiplications(layer: keras.Layer) -> int:
    if isinstance(layer, keras.layers.Dense):
        return int(np.prod(layer.kernel.shape))
    positions = int(np.prod(layer.output.shape[1:3])) if layer.weights else 0
    if isinstance(layer, keras.layers.SeparableConv2D):
        kernels = (layer.depthwise_kernel, layer.pointwise_kernel)
        return positions * sum(int(np.prod(kernel.shape)) for kernel in kernels)
    if isinstance(layer, (keras.layers.Conv2D, keras.layers.DepthwiseConv2D)):
        return positions * int(np.prod(layer.kernel.shape))
    return 0
