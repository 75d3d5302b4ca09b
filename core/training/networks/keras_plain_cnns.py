"""Plain stacks of convolutions: those of the CSV notebooks, and others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
from keras import layers

from core.training.networks.keras_blocks import NetworkSpec, convolution, dense, relu

LEAK = 0.1  # as in the stacked networks of the CSV notebooks


def csv_two_blocks(x: Any, spec: NetworkSpec) -> Any:
    """One convolution a block, 32 and 64 filters, dense 128."""
    return dense(_stack(x, (32, 64), spec), 128, "dense", spec)


def csv_three_blocks(x: Any, spec: NetworkSpec) -> Any:
    """One convolution a block, 32, 64 and 128 filters, dense 128."""
    return dense(_stack(x, (32, 64, 128), spec), 128, "dense", spec)


def csv_stacked_vgg(x: Any, spec: NetworkSpec) -> Any:
    """Two convolutions a block, leaky ReLU, dense 128 (after Simonyan & Zisserman 2015)."""
    return dense(_stack(x, (32, 64, 128), spec, depth=2, leak=LEAK), 128, "dense", spec)


def csv_vgg_dropout(x: Any, spec: NetworkSpec) -> Any:
    """The same with spatial dropout (Tompson et al. 2015) after each block and dense 256."""
    return dense(_stack(x, (32, 64, 128), spec, depth=2, leak=LEAK, drop=0.2), 256, "dense", spec)


def csv_four_blocks(x: Any, spec: NetworkSpec) -> Any:
    """Four blocks of two, 32 to 256 filters, spatial dropout, dense 256."""
    return dense(
        _stack(x, (32, 64, 128, 256), spec, depth=2, leak=LEAK, drop=0.2), 256, "dense", spec
    )


def csv_vgg_pooled(x: Any, spec: NetworkSpec) -> Any:
    """The stack of three blocks, averaged over the picture instead of a dense layer."""
    return _stack(x, (32, 64, 128), spec, depth=2, leak=LEAK, drop=0.2)


def three_blocks_dense(x: Any, spec: NetworkSpec) -> Any:
    """Three blocks, 32, 64 and 128 filters, dense 256: the first expressiveness network."""
    return dense(_stack(x, (32, 64, 128), spec), 256, "dense", spec)


def three_blocks_dropout(x: Any, spec: NetworkSpec) -> Any:
    """The same with dropout after each block: the expressiveness network.

    Its rate is 0.25 after each block; after the dense layer it is the recipe's `dropout`.
    """
    for number, width in enumerate((32, 64, 128), start=1):
        x = _block(x, width, f"block{number}", spec)
        x = layers.MaxPooling2D(padding="same", name=f"block{number}_pool")(x)
        x = layers.Dropout(0.25, name=f"block{number}_drop")(x)
    return dense(x, 256, "dense", spec)


def four_stages(x: Any, spec: NetworkSpec) -> Any:
    """64, 128, 512 and 512 filters, dense 256 and 512: the learners' engagement network."""
    x = _stack(x, (64, 128, 512, 512), spec, drop=0.25)
    return dense(dense(x, 256, "dense1", spec), 512, "dense2", spec)


def five_blocks(x: Any, spec: NetworkSpec) -> Any:
    """Five blocks of two, 32 to 384 filters: 3.5 million weights."""
    return _stack(x, (32, 64, 128, 256, 384), spec, depth=2, drop=0.1)


def spatial_attention(x: Any, spec: NetworkSpec) -> Any:
    """Three blocks of two, each followed by spatial attention (Woo et al. 2018, CBAM)."""
    for number, width in enumerate((32, 64, 128), start=1):
        x = _block(x, width, f"block{number}", spec, depth=2)
        x = _spatial_attention(x, f"attention{number}")
        x = layers.MaxPooling2D(name=f"block{number}_pool")(x)
        x = layers.SpatialDropout2D(0.2, name=f"block{number}_drop")(x)
    return dense(x, 128, "dense", spec)


def _stack(x: Any, widths: Sequence[int], spec: NetworkSpec, **options: Any) -> Any:
    """Blocks that halve the picture; options are depth, leak and drop."""
    drop = options.pop("drop", 0.0)
    for number, width in enumerate(widths, start=1):
        x = _block(x, width, f"block{number}", spec, **options)
        x = layers.MaxPooling2D(padding="same", name=f"block{number}_pool")(x)
        if drop:
            x = layers.SpatialDropout2D(drop, name=f"block{number}_drop")(x)
    return x


def _block(x: Any, width: int, name: str, spec: NetworkSpec, **options: Any) -> Any:
    """Convolutions of one width; options are depth and leak."""
    leak = options.get("leak", 0.0)
    for letter in "abcd"[: options.get("depth", 1)]:
        x = relu(convolution(x, width, f"{name}{letter}", spec), f"{name}{letter}", leak=leak)
    return x


def _spatial_attention(x: Any, name: str) -> Any:
    pooled = layers.Concatenate(name=f"{name}_seen")(
        [keras.ops.mean(x, axis=-1, keepdims=True), keras.ops.max(x, axis=-1, keepdims=True)]
    )
    attention = layers.Conv2D(1, 7, padding="same", activation="sigmoid", name=f"{name}_map")(
        pooled
    )
    return layers.Multiply(name=f"{name}_looked")([x, attention])
