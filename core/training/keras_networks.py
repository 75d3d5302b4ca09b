"""The networks recipes can name. Grey pictures in [0, 1] in, logits out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import keras
from keras import layers

from core.training.keras_layers import FusedBatchNormalization

# Mean and standard deviation of FER2013's training pixels, in [0, 1].
PIXEL_MEAN, PIXEL_DEVIATION = 0.5077, 0.2550


@dataclass(frozen=True)
class Build:
    """How to build a network.

    Attributes:
        classes: outputs.
        dropout: before the last layer.
        size_px: picture side; None lets training change it as it goes.
        folded: without batch normalisation, its effect held in convolution biases: for finished
            models. Both forms have the same convolutions in the same order, by name.
    """

    classes: int
    dropout: float = 0.0
    size_px: int | None = None
    folded: bool = False


def build(network: str, how: Build) -> keras.Model:
    """A new network with random weights.

    Raises:
        KeyError: no network of that name.
    """
    picture = keras.Input((how.size_px, how.size_px, 1), name="grey")
    scaled = layers.Rescaling(1 / PIXEL_DEVIATION, -PIXEL_MEAN / PIXEL_DEVIATION, name="scale")
    features = NETWORKS[network](scaled(picture), how)
    features = layers.GlobalAveragePooling2D(name="pool")(features)
    if how.dropout:
        features = layers.Dropout(how.dropout, name="dropout")(features)
    # float32, whatever the policy: a softmax over bfloat16 logits loses the third digit.
    logits = layers.Dense(how.classes, dtype="float32", name="logits")(features)
    return keras.Model(picture, logits, name=network)


def _compact_residual(x: Any, how: Build) -> Any:
    """Five basic blocks: 1.5 million weights."""
    return _residual(x, 16, ((32, 2), (96, 2), (96, 1), (192, 2), (192, 1)), how)


def _wide_residual(x: Any, how: Build) -> Any:
    """Six wider ones: 3.9 million weights."""
    widths = ((64, 2), (128, 2), (128, 1), (256, 2), (256, 1), (256, 1))
    return _residual(x, 32, widths, how)


def _residual(x: Any, stem: int, widths: tuple[tuple[int, int], ...], how: Build) -> Any:
    """Basic blocks (He et al. 2016), shortcuts average-pooled (ResNet-D, He et al. 2019)."""
    x = _relu(_convolution(x, stem, "stem", how), "stem")
    for number, (width, stride) in enumerate(widths, start=1):
        x = _basic_block(x, width, stride, name=f"block{number}", how=how)
    return x


def _two_block(x: Any, how: Build) -> Any:
    for number, width in enumerate((32, 64), start=1):
        x = _relu(_convolution(x, width, f"block{number}a", how), f"block{number}a")
        x = _relu(_convolution(x, width, f"block{number}b", how), f"block{number}b")
        x = layers.MaxPooling2D(name=f"block{number}_pool")(x)
    return x


def _basic_block(x: Any, width: int, stride: int, *, name: str, how: Build) -> Any:
    shortcut = x
    if stride > 1:
        shortcut = layers.AveragePooling2D(stride, padding="same", name=f"{name}_down")(shortcut)
    if shortcut.shape[-1] != width:
        shortcut = _convolution(shortcut, width, f"{name}_shortcut", how, kernel=1)
    x = _relu(_convolution(x, width, f"{name}a", how, stride=stride), f"{name}a")
    x = _convolution(x, width, f"{name}b", how, starts_at=0.0)
    return _relu(layers.Add(name=f"{name}_add")([x, shortcut]), name)


def _convolution(x: Any, width: int, name: str, how: Build, **options: Any) -> Any:
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


def _relu(x: Any, name: str) -> Any:
    return layers.ReLU(name=f"{name}_relu")(x)


NETWORKS: Mapping[str, Callable[[Any, Build], Any]] = {
    "compact_residual": _compact_residual,
    "wide_residual": _wide_residual,
    "two_block": _two_block,
}
