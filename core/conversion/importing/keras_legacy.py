"""Loads networks saved by Keras 2 with Keras 2 itself (`tf_keras`): in workers only.

Keras 3 loads many such files and refuses others: settings that it dropped, inputs declared only by
the first layer, nested networks, arithmetic between layers. `safety_of_keras_files` inspects a file
before: neither version runs code from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import tensorflow as tf
import tf_keras

from core.conversion.writers.keras_errors import translate_converter_errors, translate_full_disk
from core.domain.errors import DamagedModel
from core.models.runtimes.keras_file import KERAS_DAMAGE
from core.storage.corrupt_data import short_message


def read_legacy(path: Path) -> tf_keras.Model:
    """Load the network of an HDF5 file for inference only.

    Raises:
        DamagedModel: Keras 2 cannot read it either.
    """
    with _translate_damage(path):
        return tf_keras.models.load_model(path, compile=False)


def read_legacy_parts(architecture: Path, weights: Path) -> tf_keras.Model:
    """Load a network described as JSON, with its weights in another file.

    Raises:
        DamagedModel: one of them cannot be read, or they do not match.
    """
    with _translate_damage(weights):
        network = tf_keras.models.model_from_json(architecture.read_text(encoding="utf-8"))
        network.load_weights(weights)
        return network


def write_legacy_litert(network: tf_keras.Model, path: Path) -> None:
    """Write such a network as LiteRT float32; see `keras_litert.write_litert`.

    Raises:
        UnwritableFormat: an operation has no counterpart.
        OSError: the disk refused.
    """
    with translate_full_disk(), TemporaryDirectory() as folder:
        network.export(folder)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder)
        with translate_converter_errors("LiteRT"):
            content = converter.convert()
        path.write_bytes(content)


@contextmanager
def _translate_damage(path: Path) -> Iterator[None]:
    try:
        yield
    except KERAS_DAMAGE as error:
        raise DamagedModel(
            f"{path.name} is no Keras file that can be read: {short_message(error)}.",
            advice="Restore it from where it came from; custom layers are not loaded.",
        ) from error
