"""The networks that recipes can name. Input: grey pictures in [0, 1]; output: logits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import keras
from keras import layers

from core.domain.errors import PlanError
from core.training.networks import keras_plain_cnns, keras_published
from core.training.networks.keras_blocks import NetworkSpec, convolution, relu

# Mean and standard deviation of FER2013's training pixels, in [0, 1].
PIXEL_MEAN, PIXEL_DEVIATION = 0.5077, 0.2550


@dataclass(frozen=True)
class Scale:
    """Preprocessing of pictures in [0, 1], as a layer of the network: value * scale + offset."""

    scale: float
    offset: float


STANDARDISED = Scale(1 / PIXEL_DEVIATION, -PIXEL_MEAN / PIXEL_DEVIATION)
SIGNED = Scale(2.0, -1.0)
"""[-1, 1], the input range of the published MobileNets."""
BYTES = Scale(255.0, 0.0)
"""[0, 255], for networks with their own preprocessing."""


@dataclass(frozen=True)
class Network:
    """One architecture.

    Load-bearing: a network gets the input it was published for, preprocessed once
    (tests/keras/test_input_scaling.py checks the input of each first convolution).

    Attributes:
        features: from scaled pictures to features; a feature map is average-pooled.
        foldable: whether it is made of `keras_blocks.convolution`, so that it can be built without
            normalisation for export; others keep Keras' own.
        resizable: whether the input size may change during training.
        scale: its preprocessing.
    """

    features: Callable[[Any, NetworkSpec], Any]
    foldable: bool = True
    resizable: bool = False
    scale: Scale = STANDARDISED


def build(network: str, spec: NetworkSpec) -> keras.Model:
    """A new network with random weights.

    Raises:
        PlanError: no network of that name, or none for pictures of this size.
    """
    try:
        return _built(network, network_named(network), spec)
    except ValueError as error:  # usually: too small for its strides
        raise PlanError(
            f"{network} cannot be built for pictures of {spec.size_px} px.",
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


def _built(name: str, network: Network, spec: NetworkSpec) -> keras.Model:
    picture = keras.Input((spec.size_px, spec.size_px, 1), name="grey")
    scaled = layers.Rescaling(network.scale.scale, network.scale.offset, name="scale")
    features = network.features(scaled(picture), spec)
    if len(features.shape) == 4:
        features = layers.GlobalAveragePooling2D(name="pool")(features)
    if spec.dropout:
        features = layers.Dropout(spec.dropout, name="dropout")(features)
    # float32 under any dtype policy: a softmax over bfloat16 logits loses the third digit.
    logits = layers.Dense(spec.classes, dtype="float32", name="logits")(features)
    return keras.Model(picture, logits, name=name)


def _compact_residual(x: Any, spec: NetworkSpec) -> Any:
    """Five basic blocks: 1.5 million weights."""
    return _residual(x, 16, ((32, 2), (96, 2), (96, 1), (192, 2), (192, 1)), spec)


def _wide_residual(x: Any, spec: NetworkSpec) -> Any:
    """Six wider basic blocks: 3.9 million weights."""
    widths = ((64, 2), (128, 2), (128, 1), (256, 2), (256, 1), (256, 1))
    return _residual(x, 32, widths, spec)


def _residual(x: Any, stem: int, widths: tuple[tuple[int, int], ...], spec: NetworkSpec) -> Any:
    """Basic blocks (He et al. 2016), shortcuts average-pooled (ResNet-D, He et al. 2019)."""
    x = relu(convolution(x, stem, "stem", spec), "stem")
    for number, (width, stride) in enumerate(widths, start=1):
        x = _basic_block(x, width, stride, name=f"block{number}", spec=spec)
    return x


def _two_block(x: Any, spec: NetworkSpec) -> Any:
    for number, width in enumerate((32, 64), start=1):
        x = relu(convolution(x, width, f"block{number}a", spec), f"block{number}a")
        x = relu(convolution(x, width, f"block{number}b", spec), f"block{number}b")
        x = layers.MaxPooling2D(name=f"block{number}_pool")(x)
    return x


def _basic_block(x: Any, width: int, stride: int, *, name: str, spec: NetworkSpec) -> Any:
    shortcut = x
    if stride > 1:
        shortcut = layers.AveragePooling2D(stride, padding="same", name=f"{name}_down")(shortcut)
    if shortcut.shape[-1] != width:
        shortcut = convolution(shortcut, width, f"{name}_shortcut", spec, kernel=1)
    x = relu(convolution(x, width, f"{name}a", spec, stride=stride), f"{name}a")
    x = convolution(x, width, f"{name}b", spec, initial_gamma=0.0)
    return relu(layers.Add(name=f"{name}_add")([x, shortcut]), name)


def _published(features: Callable[[Any, NetworkSpec], Any], scale: Scale) -> Network:
    return Network(features, foldable=False, scale=scale)


NETWORKS: Mapping[str, Network] = {
    "compact_residual": Network(_compact_residual, resizable=True),
    "wide_residual": Network(_wide_residual, resizable=True),
    "two_block": Network(_two_block, resizable=True),
    "csv_two_blocks": Network(keras_plain_cnns.csv_two_blocks),
    "csv_three_blocks": Network(keras_plain_cnns.csv_three_blocks),
    "csv_stacked_vgg": Network(keras_plain_cnns.csv_stacked_vgg),
    "csv_vgg_dropout": Network(keras_plain_cnns.csv_vgg_dropout),
    "csv_four_blocks": Network(keras_plain_cnns.csv_four_blocks),
    "csv_vgg_pooled": Network(keras_plain_cnns.csv_vgg_pooled, resizable=True),
    "three_blocks_dense": Network(keras_plain_cnns.three_blocks_dense),
    "three_blocks_dropout": Network(keras_plain_cnns.three_blocks_dropout),
    "four_stages": Network(keras_plain_cnns.four_stages),
    "five_blocks": Network(keras_plain_cnns.five_blocks, resizable=True),
    "spatial_attention": Network(keras_plain_cnns.spatial_attention),
    "mini_xception": Network(keras_published.mini_xception, foldable=False),
    "mobilenet_v2": _published(keras_published.mobilenet_v2, SIGNED),
    "mobilenet_v3": _published(keras_published.mobilenet_v3, SIGNED),
    "efficientnet": _published(keras_published.efficientnet, BYTES),
}
"""Name -> architecture, as in a recipe's `network`."""
