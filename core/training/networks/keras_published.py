"""Published networks, of Keras' own layers: their normalisation is not folded."""

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
from core.training.networks.keras_blocks import NetworkSpec

# Of red, green and blue in [0, 1], over ImageNet's pictures.
IMAGENET_MEAN, IMAGENET_DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def mini_xception(x: Any, spec: NetworkSpec) -> Any:  # noqa: ARG001 - the signature of every network
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


def mobilenet_v2(x: Any, spec: NetworkSpec) -> Any:
    """MobileNetV2 (Sandler et al. 2018)."""
    return _keras_application(keras.applications.MobileNetV2, x, spec)


def mobilenet_v3(x: Any, spec: NetworkSpec) -> Any:
    """MobileNetV3 small (Howard et al. 2019)."""
    return _keras_application(
        keras.applications.MobileNetV3Small, x, spec, include_preprocessing=False
    )


def efficientnet(x: Any, spec: NetworkSpec) -> Any:
    """EfficientNet-B0 (Tan & Le 2019), from bytes, standardised as for its pretrained weights.

    Keras' network divides bytes by 255 itself, and normalises with a mean and a variance that are
    in the weights' file, and 0 and 1 without one. The normalisation is done here instead, so that
    it does not depend on how weights are loaded; the network's own is set to the identity. The
    square root is Keras' own correction for its weights (keras.applications.efficientnet).
    """
    spread = [deviation * math.sqrt(deviation) for deviation in IMAGENET_DEVIATION]
    colours = layers.Rescaling(
        [1 / one for one in spread],
        [-255 * mean / one for mean, one in zip(IMAGENET_MEAN, spread, strict=True)],
        name="imagenet",
    )(_three_colours(x))
    backbone = _backbone(keras.applications.EfficientNetB0, spec)
    for layer in backbone.layers:
        if isinstance(layer, layers.Normalization):
            mean, variance, *counts = layer.get_weights()
            layer.set_weights([np.zeros_like(mean), np.ones_like(variance), *counts])
            layer.finalize_state()
    return _apply_backbone(backbone, colours, spec)


def _keras_application(family: Any, x: Any, spec: NetworkSpec, **options: Any) -> Any:
    """A network of this family on three equal colour channels, with pretrained weights if given."""
    return _apply_backbone(_backbone(family, spec, **options), _three_colours(x), spec)


def _three_colours(x: Any) -> Any:
    return layers.Concatenate(name="three_colours")([x, x, x])


def _backbone(family: Any, spec: NetworkSpec, **options: Any) -> keras.Model:
    size = (spec.size_px, spec.size_px, 3)
    backbone = family(include_top=False, weights=None, input_shape=size, **options)
    if spec.backbone:
        try:
            backbone.load_weights(spec.backbone)
        except KERAS_DAMAGE as error:
            raise PlanError(
                f"{Path(spec.backbone).name} does not hold the weights of {backbone.name}: "
                f"{short_message(error)}.",
                advice="Download the file again, or remove it: then it trains from scratch.",
            ) from error
    return backbone


def _apply_backbone(backbone: keras.Model, colours: Any, spec: NetworkSpec) -> Any:
    """Pretrained networks keep their batch-norm statistics (Keras' guide to transfer learning):
    those of a few batches of faces would spoil their features.
    """
    return backbone(colours, training=False) if spec.backbone else backbone(colours)


def _separable(x: Any, width: int, name: str) -> Any:
    x = layers.SeparableConv2D(width, 3, padding="same", use_bias=False, name=name)(x)
    return _normed(x, name)


def _normed(x: Any, name: str) -> Any:
    return layers.BatchNormalization(name=f"{name}_norm")(x)
