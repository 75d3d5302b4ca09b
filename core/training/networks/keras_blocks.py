"""Building blocks of networks: convolutions with normalisation that can be folded away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from keras import layers

from core.training.networks.keras_layers import FusedBatchNormalization


@dataclass(frozen=True)
class NetworkSpec:
    """How to build a network.

    Attributes:
        classes: number of outputs.
        dropout: rate before the last layer.
        size_px: input size; None if it may change during training, where the network allows.
        folded: without batch normalisation, which is folded into kernels and biases: for exported
            models. Both forms have the same convolutions in the same order, by name.
        backbone: path of pretrained weights; empty: random weights.
    """

    classes: int
    dropout: float = 0.0
    size_px: int | None = None
    folded: bool = False
    backbone: str = ""


def convolution(x: Any, width: int, name: str, spec: NetworkSpec, **options: Any) -> Any:
    """Convolution and batch normalisation; options are kernel, stride and initial_gamma."""
    kernel, stride = options.get("kernel", 3), options.get("stride", 1)
    x = layers.Conv2D(
        width,
        kernel,
        strides=stride,
        padding="same",
        use_bias=spec.folded,
        kernel_initializer="he_normal",
        name=f"{name}_conv",
    )(x)
    if spec.folded:
        return x
    return FusedBatchNormalization(
        initial_gamma=options.get("initial_gamma", 1.0), name=f"{name}_norm"
    )(x)


def relu(x: Any, name: str, *, leak: float = 0.0) -> Any:
    """ReLU, or leaky ReLU (Maas et al. 2013) with this slope below zero."""
    if leak:
        return layers.LeakyReLU(negative_slope=leak, name=f"{name}_relu")(x)
    return layers.ReLU(name=f"{name}_relu")(x)


def dense(x: Any, width: int, name: str, spec: NetworkSpec) -> Any:
    """Flatten, dense layer, batch normalisation, ReLU.

    Load-bearing: without the normalisation the ReLUs of the CSV notebooks' networks die at Adam's
    usual learning rate (all pictures "happy", measured on FER2013): thousands of inputs push them
    below zero for good. It is folded away like that of a convolution. (A 1x1 convolution over one
    pixel would be the same, but its gradient took a tenth of the whole step.)
    """
    x = layers.Flatten(name=f"{name}_flat")(x)
    x = layers.Dense(
        width, use_bias=spec.folded, kernel_initializer="he_normal", name=f"{name}_conv"
    )(x)
    if not spec.folded:
        pixel = layers.Reshape((1, 1, width), name=f"{name}_pixel")(x)
        x = FusedBatchNormalization(name=f"{name}_norm")(pixel)
        x = layers.Flatten(name=f"{name}_line")(x)
    return relu(x, name)
