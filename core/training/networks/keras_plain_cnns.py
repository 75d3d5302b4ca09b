"""Plain stacks of convolutions: the ladder of the CSV notebooks, and what others have built."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
from keras import layers

from core.training.networks.keras_blocks import Build, convolution, dense, relu

LEAK = 0.1  # as the stacked networks of the ladder have it


def csv_two_blocks(x: Any, how: Build) -> Any:
    """One convolution a block, 32 and 64 filters, dense 128."""
    return dense(_stack(x, (32, 64), how), 128, "dense", how)


def csv_three_blocks(x: Any, how: Build) -> Any:
    """One convolution a block, 32, 64 and 128 filters, dense 128."""
    return dense(_stack(x, (32, 64, 128), how), 128, "dense", how)


def csv_stacked_vgg(x: Any, how: Build) -> Any:
    """Two convolutions a block, leaky ReLU, dense 128 (after Simonyan & Zisserman 2015)."""
    return dense(_stack(x, (32, 64, 128), how, depth=2, leak=LEAK), 128, "dense", how)


def csv_vgg_dropout(x: Any, how: Build) -> Any:
    """The same with spatial dropout (Tompson et al. 2015) after each block and dense 256."""
    return dense(_stack(x, (32, 64, 128), how, depth=2, leak=LEAK, drop=0.2), 256, "dense", how)


def csv_four_blocks(x: Any, how: Build) -> Any:
    """Four blocks of two, 32 to 256 filters, spatial dropout, dense 256."""
    return dense(
        _stack(x, (32, 64, 128, 256), how, depth=2, leak=LEAK, drop=0.2), 256, "dense", how
    )


def csv_vgg_pooled(x: Any, how: Build) -> Any:
    """The stack of three blocks, averaged over the picture instead of a dense layer."""
    return _stack(x, (32, 64, 128), how, depth=2, leak=LEAK, drop=0.2)


def three_blocks_dense(x: Any, how: Build) -> Any:
    """Three blocks, 32, 64 and 128 filters, dense 256: as models of expressiveness began."""
    return dense(_stack(x, (32, 64, 128), how), 256, "dense", how)


def three_blocks_dropout(x: Any, how: Build) -> Any:
    """The same with dropout after each block: the expressiveness network.

    A quarter after each; the half behind the dense layer is the recipe's `dropout`.
    """
    for number, width in enumerate((32, 64, 128), start=1):
        x = _block(x, width, f"block{number}", how)
        x = layers.MaxPooling2D(padding="same", name=f"block{number}_pool")(x)
        x = layers.Dropout(0.25, name=f"block{number}_drop")(x)
    return dense(x, 256, "dense", how)


def four_stages(x: Any, how: Build) -> Any:
    """64, 128, 512 and 512 filters, dense 256 and 512: the learners' engagement network."""
    x = _stack(x, (64, 128, 512, 512), how, drop=0.25)
    return dense(dense(x, 256, "dense1", how), 512, "dense2", how)


def five_blocks(x: Any, how: Build) -> Any:
    """Five blocks of two, 32 to 384 filters: 3.5 million weights."""
    return _stack(x, (32, 64, 128, 256, 384), how, depth=2, drop=0.1)


def spatial_attention(x: Any, how: Build) -> Any:
    """Three blocks of two, each followed by a map of where to look (Woo et al. 2018, CBAM)."""
    for number, width in enumerate((32, 64, 128), start=1):
        x = _block(x, width, f"block{number}", how, depth=2)
        x = _attend(x, f"attention{number}")
        x = layers.MaxPooling2D(name=f"block{number}_pool")(x)
        x = layers.SpatialDropout2D(0.2, name=f"block{number}_drop")(x)
    return dense(x, 128, "dense", how)


def _stack(x: Any, widths: Sequence[int], how: Build, **options: Any) -> Any:
    """Blocks that halve the picture; options are depth, leak and drop."""
    drop = options.pop("drop", 0.0)
    for number, width in enumerate(widths, start=1):
        x = _block(x, width, f"block{number}", how, **options)
        x = layers.MaxPooling2D(padding="same", name=f"block{number}_pool")(x)
        if drop:
            x = layers.SpatialDropout2D(drop, name=f"block{number}_drop")(x)
    return x


def _block(x: Any, width: int, name: str, how: Build, **options: Any) -> Any:
    """Convolutions of one width; options are depth and leak."""
    leak = options.get("leak", 0.0)
    for letter in "abcd"[: options.get("depth", 1)]:
        x = relu(convolution(x, width, f"{name}{letter}", how), f"{name}{letter}", leak=leak)
    return x


def _attend(x: Any, name: str) -> Any:
    seen = layers.Concatenate(name=f"{name}_seen")(
        [keras.ops.mean(x, axis=-1, keepdims=True), keras.ops.max(x, axis=-1, keepdims=True)]
    )
    where = layers.Conv2D(1, 7, padding="same", activation="sigmoid", name=f"{name}_map")(seen)
    return layers.Multiply(name=f"{name}_looked")([x, where])
