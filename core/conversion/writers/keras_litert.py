"""Writes a network as a LiteRT file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from core.conversion.writers.keras_errors import translate_converter_errors, translate_full_disk
from core.conversion.writers.keras_runtimes import save_graph

Samples = NDArray[np.float32]


class LiteRtFormat(StrEnum):
    """Number format of weights and activations."""

    FLOAT32 = "float32"
    """As trained."""
    FLOAT16 = "float16"
    """Weights in half precision; computed in float32 where the hardware has no float16."""
    DYNAMIC_INT8 = "dynamic-int8"
    """Weights as 8-bit integers, activation ranges measured at run time: a quarter of the size."""
    FULL_INT8 = "int8"
    """Activations too, with calibrated ranges: computed in integers only. Input and output stay
    float32, so that the file is interchangeable with the others."""


def write_litert(
    plain: keras.Model,
    path: Path,
    number_format: LiteRtFormat,
    samples: Samples | None = None,
    *,
    batch_size: int | None = None,
) -> None:
    """Convert a float32 network.

    The conversion goes through a SavedModel, which freezes the weights: converting a Keras 3
    function with its variables gives a small file whose outputs are NaN, without an error.

    Args:
        plain: a network without custom layers.
        path: of the file.
        samples: preprocessed pictures; FULL_INT8 calibrates its ranges on them.
        batch_size: pictures in each call; None for any number.
    Raises:
        UnwritableFormat: an operation has no counterpart in this format.
        OSError: the disk refused.
    """
    with translate_full_disk(), TemporaryDirectory() as folder:
        save_graph(plain, folder, batch_size)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder)
        _configure(converter, number_format, samples)
        with translate_converter_errors("LiteRT"):
            content = converter.convert()
        path.write_bytes(content)


def _configure(
    converter: tf.lite.TFLiteConverter, number_format: LiteRtFormat, samples: Samples | None
) -> None:
    if number_format is LiteRtFormat.FLOAT32:
        return
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if number_format is LiteRtFormat.FLOAT16:
        converter.target_spec.supported_types = [tf.float16]
    if number_format is LiteRtFormat.FULL_INT8:
        if samples is None or not len(samples):
            raise ValueError("ranges cannot be measured without pictures")
        converter.representative_dataset = _one_by_one(samples)
        # Only these: an operation that cannot be computed in integers is an error.
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]


def _one_by_one(samples: Samples) -> Callable[[], Iterator[list[Samples]]]:
    def pictures() -> Iterator[list[Samples]]:
        for at in range(len(samples)):
            yield [samples[at : at + 1]]

    return pictures
