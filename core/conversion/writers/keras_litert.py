"""A finished network as a LiteRT file, small and quick on one core."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from core.conversion.writers.keras_errors import full_disk_told, refusals_told

Samples = NDArray[np.float32]


class LiteRtFormat(StrEnum):
    """How numbers are kept in the file."""

    FLOAT32 = "float32"
    """As trained."""
    FLOAT16 = "float16"
    """Weights as half-precision numbers; computed in float32 where there is nothing for them."""
    DYNAMIC_INT8 = "dynamic-int8"
    """Weights as 8-bit integers, activations measured while running: a quarter of the size."""
    FULL_INT8 = "int8"
    """Activations too, with ranges that were measured beforehand: computed in integers only. What
    goes in and comes out stays float32, so that it can take the place of any other file."""


def write_litert(
    plain: keras.Model, path: Path, number_format: LiteRtFormat, samples: Samples | None = None
) -> None:
    """Convert a plain float32 network; the batch size stays free.

    Through a SavedModel, because that freezes the weights: converting a Keras 3 function with its
    variables still in it gives a small file that silently answers NaN.

    Args:
        plain: without layers of our own (`training.trainer.keras_export.fold`).
        path: written in one go.
        samples: pictures as the network reads them; FULL_INT8 measures its ranges on them.
    Raises:
        UnwritableFormat: an operation has no counterpart in this format.
        OSError: the disk refused.
    """
    with full_disk_told(), TemporaryDirectory() as folder:
        plain.export(folder, format="tf_saved_model", verbose=False)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder)
        _ask_for(converter, number_format, samples)
        with refusals_told("LiteRT"):
            content = converter.convert()
        path.write_bytes(content)


def _ask_for(
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
        # These alone: anything that cannot be computed in integers is an error, not a slow spot.
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]


def _one_by_one(samples: Samples) -> Callable[[], Iterator[list[Samples]]]:
    def pictures() -> Iterator[list[Samples]]:
        for at in range(len(samples)):
            yield [samples[at : at + 1]]

    return pictures
