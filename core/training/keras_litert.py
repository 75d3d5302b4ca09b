"""A finished network as a LiteRT file, small and quick on one core."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory

import keras
import tensorflow as tf


class LiteRtFormat(StrEnum):
    """How numbers are kept in the file."""

    FLOAT32 = "float32"
    """As trained."""
    DYNAMIC_INT8 = "dynamic-int8"
    """Weights as 8-bit integers, activations measured while running: a quarter of the size."""


def write_litert(plain: keras.Model, path: Path, number_format: LiteRtFormat) -> None:
    """Convert a plain float32 network; the batch size stays free.

    Through a SavedModel, because that freezes the weights: converting a Keras 3 function with its
    variables still in it gives a small file that silently answers NaN.

    Args:
        plain: from `keras_folding.fold`.
        path: written in one go.
    Raises:
        OSError: the disk refused.
    """
    with _full_disk_told(), TemporaryDirectory() as folder:
        plain.export(folder, format="tf_saved_model", verbose=False)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder)
        if number_format is LiteRtFormat.DYNAMIC_INT8:
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
        path.write_bytes(converter.convert())


@contextmanager
def _full_disk_told() -> Iterator[None]:
    """TensorFlow has errors of its own for it, which nobody above knows."""
    try:
        yield
    except tf.errors.OpError as error:
        if "No space left on device" in str(error):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
        raise
