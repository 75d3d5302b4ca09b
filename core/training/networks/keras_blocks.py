"""What networks are made of: convolutions with normalisation that can be folded away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from keras import layers

from core.training.networks.keras_layers import FusedBatchNormalization


@dataclass(frozen=True)
class Build:
    """How to build a network.

    Attributes:
        classes: outputs.
        dropout: before the last layer.
        size_px: picture side; None lets training change it as it goes, where the network allows.
        folded: without batch normalisation, its effect held in convolution biases: for finished
            models. Both forms have the same convolutions in the same order, by name.
        backbone: path of weights that a transferred network begins with; empty: from scratch.
    """

    classes: int
    dropout: float = 0.0
    size_px: int | None = None
    folded: bool = False
    backbone: str = ""


def convolution(x: Any, width: int, name: str, how: Build, **options: Any) -> Any:
    """Convolution and normalisation; options are kernel, stride and starts_at."""
    kernel, stride = options.get("kernel", 3), options.get("stride", 1)
    x = layers.Conv2D(
        width,
        kernel,
        strides=stride,
        padding="same",
        use_bias=how.folded,
        kernel_initializer="he_normal",
        name=f"{name}_conv",
    )(x)
    if how.folded:
        return x
    return FusedBatchNormalization(starts_at=options.get("starts_at", 1.0), name=f"{name}_norm")(x)


def relu(x: Any, name: str, *, leak: float = 0.0) -> Any:
    """ReLU, or leaky ReLU (Maas et al. 2013) with this slope below zero."""
    if leak:
        return layers.LeakyReLU(negative_slope=leak, name=f"{name}_relu")(x)
    return layers.ReLU(name=f"{name}_relu")(x)


def dense(x: Any, width: int, name: str, how: Build) -> Any:
    """A dense layer on whatever is left of the picture, normalised, with ReLU.

    Load-bearing: without the normalisation the ladder's networks fall silent at Adam's usual rate
    (all pictures "happy", measured on FER2013), as thousands of inputs push the few ReLUs below
    zero for good. It is folded away like that of a convolution. (A 1x1 convolution over one pixel
    would be the same, but its gradient took a tenth of the whole step.)
    """
    x = layers.Flatten(name=f"{name}_flat")(x)
    x = layers.Dense(
        width, use_bias=how.folded, kernel_initializer="he_normal", name=f"{name}_conv"
    )(x)
    if not how.folded:
        pixel = layers.Reshape((1, 1, width), name=f"{name}_pixel")(x)
        x = FusedBatchNormalization(name=f"{name}_norm")(pixel)
        x = layers.Flatten(name=f"{name}_line")(x)
    return relu(x, name)
