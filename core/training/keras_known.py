"""Networks others have published, with Keras' own layers: nothing of them is folded."""

from __future__ import annotations

from typing import Any

import keras
from keras import layers

from core.training.keras_blocks import Build


def mini_xception(x: Any, how: Build) -> Any:  # noqa: ARG001 - the signature of every network
    """Separable convolutions with shortcuts, 60,000 weights (Arriaga et al. 2017)."""
    for number in (1, 2):
        x = _normed(layers.Conv2D(8, 3, use_bias=False, name=f"stem{number}")(x), f"stem{number}")
        x = layers.ReLU(name=f"stem{number}_relu")(x)
    for width in (16, 32, 64, 128):
        name = f"block{width}"
        # Every second pixel, then a 1x1 convolution: the same as one of stride 2, whose gradient
        # ends the process in oneDNN for some batch sizes (float32, two threads, batch 9).
        shortcut = layers.MaxPooling2D(1, strides=2, padding="same", name=f"{name}_skip")(x)
        shortcut = layers.Conv2D(width, 1, use_bias=False, name=f"{name}_shortcut")(shortcut)
        shortcut = _normed(shortcut, f"{name}_shortcut")
        x = _separable(x, width, f"{name}a")
        x = layers.ReLU(name=f"{name}_relu")(x)
        x = _separable(x, width, f"{name}b")
        x = layers.MaxPooling2D(3, strides=2, padding="same", name=f"{name}_pool")(x)
        x = layers.Add(name=f"{name}_add")([x, shortcut])
    return x


def mobilenet_v2(x: Any, how: Build) -> Any:
    """MobileNetV2 (Sandler et al. 2018)."""
    return _transferred(keras.applications.MobileNetV2, x, how)


def mobilenet_v3(x: Any, how: Build) -> Any:
    """MobileNetV3 small (Howard et al. 2019)."""
    return _transferred(keras.applications.MobileNetV3Small, x, how, include_preprocessing=False)


def efficientnet(x: Any, how: Build) -> Any:
    """EfficientNet-B0 (Tan & Le 2019)."""
    return _transferred(keras.applications.EfficientNetB0, x, how)


def _transferred(family: Any, x: Any, how: Build, **options: Any) -> Any:
    """A family's network on three equal colours, with the weights it is given, if any."""
    colours = layers.Concatenate(name="three_colours")([x, x, x])
    size = (how.size_px, how.size_px, 3)
    body = family(include_top=False, weights=None, input_shape=size, **options)
    if how.backbone:
        body.load_weights(how.backbone)
    return body(colours)


def _separable(x: Any, width: int, name: str) -> Any:
    x = layers.SeparableConv2D(width, 3, padding="same", use_bias=False, name=name)(x)
    return _normed(x, name)


def _normed(x: Any, name: str) -> Any:
    return layers.BatchNormalization(name=f"{name}_norm")(x)
