"""The networks recipes can name. Grey pictures in [0, 1] in, logits out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import keras
from keras import layers

from core.domain.errors import PlanError
from core.training.networks import keras_plain_cnns, keras_published
from core.training.networks.keras_blocks import Build, convolution, relu

# Mean and standard deviation of FER2013's training pixels, in [0, 1].
PIXEL_MEAN, PIXEL_DEVIATION = 0.5077, 0.2550


@dataclass(frozen=True)
class Scale:
    """What is done to a picture in [0, 1] before a network sees it: value * scale + offset."""

    scale: float
    offset: float


STANDARDISED = Scale(1 / PIXEL_DEVIATION, -PIXEL_MEAN / PIXEL_DEVIATION)
SIGNED = Scale(2.0, -1.0)
"""[-1, 1], as the MobileNets were published for."""
BYTES = Scale(255.0, 0.0)
"""[0, 255]: the network goes on preparing by itself."""


@dataclass(frozen=True)
class Network:
    """One architecture.

    Load-bearing: a network is given what it was published for, once. A published one that prepares
    pictures by itself gets them as it expects them (tests/keras/test_keras_scale.py looks at what
    each first convolution sees).

    Attributes:
        features: from scaled pictures to features; a map is averaged over the picture.
        folds: whether it is made of `keras_blocks.convolution`, so that a finished one can be
            built without normalisation; others keep Keras' own.
        grows: whether pictures may change their size while training.
        scale: what it is given.
    """

    features: Callable[[Any, Build], Any]
    folds: bool = True
    grows: bool = False
    scale: Scale = STANDARDISED


def build(network: str, how: Build) -> keras.Model:
    """A new network with random weights.

    Raises:
        PlanError: no network of that name, or none for pictures of this size.
    """
    try:
        return _built(network, network_named(network), how)
    except ValueError as error:  # too small for its strides, mostly
        raise PlanError(
            f"{network} cannot be built for pictures of {how.size_px} px.",
            advice="Choose larger pictures (sizes_px), or another network.",
        ) from error


def network_named(name: str) -> Network:
    """One of the architectures.

    Raises:
        PlanError: no network of that name.
    """
    if name not in NETWORKS:
        raise PlanError(
            f"There is no network {name!r}.", advice=f"There are: {', '.join(NETWORKS)}."
        )
    return NETWORKS[name]


def _built(name: str, network: Network, how: Build) -> keras.Model:
    picture = keras.Input((how.size_px, how.size_px, 1), name="grey")
    scaled = layers.Rescaling(network.scale.scale, network.scale.offset, name="scale")
    features = network.features(scaled(picture), how)
    if len(features.shape) == 4:
        features = layers.GlobalAveragePooling2D(name="pool")(features)
    if how.dropout:
        features = layers.Dropout(how.dropout, name="dropout")(features)
    # float32, whatever the policy: a softmax over bfloat16 logits loses the third digit.
    logits = layers.Dense(how.classes, dtype="float32", name="logits")(features)
    return keras.Model(picture, logits, name=name)


def _compact_residual(x: Any, how: Build) -> Any:
    """Five basic blocks: 1.5 million weights."""
    return _residual(x, 16, ((32, 2), (96, 2), (96, 1), (192, 2), (192, 1)), how)


def _wide_residual(x: Any, how: Build) -> Any:
    """Six wider ones: 3.9 million weights."""
    widths = ((64, 2), (128, 2), (128, 1), (256, 2), (256, 1), (256, 1))
    return _residual(x, 32, widths, how)


def _residual(x: Any, stem: int, widths: tuple[tuple[int, int], ...], how: Build) -> Any:
    """Basic blocks (He et al. 2016), shortcuts average-pooled (ResNet-D, He et al. 2019)."""
    x = relu(convolution(x, stem, "stem", how), "stem")
    for number, (width, stride) in enumerate(widths, start=1):
        x = _basic_block(x, width, stride, name=f"block{number}", how=how)
    return x


def _two_block(x: Any, how: Build) -> Any:
    for number, width in enumerate((32, 64), start=1):
        x = relu(convolution(x, width, f"block{number}a", how), f"block{number}a")
        x = relu(convolution(x, width, f"block{number}b", how), f"block{number}b")
        x = layers.MaxPooling2D(name=f"block{number}_pool")(x)
    return x


def _basic_block(x: Any, width: int, stride: int, *, name: str, how: Build) -> Any:
    shortcut = x
    if stride > 1:
        shortcut = layers.AveragePooling2D(stride, padding="same", name=f"{name}_down")(shortcut)
    if shortcut.shape[-1] != width:
        shortcut = convolution(shortcut, width, f"{name}_shortcut", how, kernel=1)
    x = relu(convolution(x, width, f"{name}a", how, stride=stride), f"{name}a")
    x = convolution(x, width, f"{name}b", how, starts_at=0.0)
    return relu(layers.Add(name=f"{name}_add")([x, shortcut]), name)


def _published(features: Callable[[Any, Build], Any], scale: Scale) -> Network:
    return Network(features, folds=False, scale=scale)


NETWORKS: Mapping[str, Network] = {
    "compact_residual": Network(_compact_residual, grows=True),
    "wide_residual": Network(_wide_residual, grows=True),
    "two_block": Network(_two_block, grows=True),
    "csv_two_blocks": Network(keras_plain_cnns.csv_two_blocks),
    "csv_three_blocks": Network(keras_plain_cnns.csv_three_blocks),
    "csv_stacked_vgg": Network(keras_plain_cnns.csv_stacked_vgg),
    "csv_vgg_dropout": Network(keras_plain_cnns.csv_vgg_dropout),
    "csv_four_blocks": Network(keras_plain_cnns.csv_four_blocks),
    "csv_vgg_pooled": Network(keras_plain_cnns.csv_vgg_pooled, grows=True),
    "three_blocks_dense": Network(keras_plain_cnns.three_blocks_dense),
    "three_blocks_dropout": Network(keras_plain_cnns.three_blocks_dropout),
    "four_stages": Network(keras_plain_cnns.four_stages),
    "five_blocks": Network(keras_plain_cnns.five_blocks, grows=True),
    "spatial_attention": Network(keras_plain_cnns.spatial_attention),
    "mini_xception": Network(keras_published.mini_xception, folds=False),
    "mobilenet_v2": _published(keras_published.mobilenet_v2, SIGNED),
    "mobilenet_v3": _published(keras_published.mobilenet_v3, SIGNED),
    "efficientnet": _published(keras_published.efficientnet, BYTES),
}
"""Name -> architecture: what a recipe's `network` can be."""
