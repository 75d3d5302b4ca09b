"""Networks others have published, with Keras' own layers: nothing of them is folded."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import layers

from core.domain.errors import PlanError
from core.models.runtimes.keras_file import KERAS_DAMAGE
from core.storage.corrupt_data import short_message
from core.training.networks.keras_blocks import Build

# Of the colours red, green and blue in [0, 1], over ImageNet's pictures.
IMAGENET_MEAN, IMAGENET_DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def mini_xception(x: Any, how: Build) -> Any:  # noqa: ARG001 - the signature of every network
    """Separable convolutions with shortcuts (Arriaga et al. 2017)."""
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
    """EfficientNet-B0 (Tan & Le 2019), from bytes, standardised as its weights were learned.

    Keras' network divides bytes by 255 itself, and normalises with a mean and a variance that lie
    in the weights' file and are 0 and 1 without one. Both are done here instead, where weights
    that are set one by one cannot miss them: its own normalisation stays neutral. The square root
    is Keras' own correction to how the weights were learned (keras.applications.efficientnet).
    """
    spread = [deviation * math.sqrt(deviation) for deviation in IMAGENET_DEVIATION]
    colours = layers.Rescaling(
        [1 / one for one in spread],
        [-255 * mean / one for mean, one in zip(IMAGENET_MEAN, spread, strict=True)],
        name="imagenet",
    )(_three_colours(x))
    body = _body(keras.applications.EfficientNetB0, how)
    for layer in body.layers:
        if isinstance(layer, layers.Normalization):
            mean, variance, *counted = layer.get_weights()
            layer.set_weights([np.zeros_like(mean), np.ones_like(variance), *counted])
            layer.finalize_state()
    return _seen_by(body, colours, how)


def _transferred(family: Any, x: Any, how: Build, **options: Any) -> Any:
    """A family's network on three equal colours, with the weights it is given, if any."""
    return _seen_by(_body(family, how, **options), _three_colours(x), how)


def _three_colours(x: Any) -> Any:
    return layers.Concatenate(name="three_colours")([x, x, x])


def _body(family: Any, how: Build, **options: Any) -> keras.Model:
    size = (how.size_px, how.size_px, 3)
    body = family(include_top=False, weights=None, input_shape=size, **options)
    if how.backbone:
        try:
            body.load_weights(how.backbone)
        except KERAS_DAMAGE as error:
            raise PlanError(
                f"{Path(how.backbone).name} does not hold the weights of {body.name}: "
                f"{short_message(error)}.",
                advice="Download the file again, or remove it: then it trains from scratch.",
            ) from error
    return body


def _seen_by(body: keras.Model, colours: Any, how: Build) -> Any:
    """Weights learned elsewhere keep the statistics they were learned with (Keras' own guide to
    transfer learning): those of a few batches of faces would undo what they know.
    """
    return body(colours, training=False) if how.backbone else body(colours)


def _separable(x: Any, width: int, name: str) -> Any:
    x = layers.SeparableConv2D(width, 3, padding="same", use_bias=False, name=name)(x)
    return _normed(x, name)


def _normed(x: Any, name: str) -> Any:
    return layers.BatchNormalization(name=f"{name}_norm")(x)
