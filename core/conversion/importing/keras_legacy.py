"""Networks as Keras 2 wrote them, read by Keras 2 itself (`tf_keras`): in workers only.

Keras 3 reads many such files and refuses others: settings that it dropped, inputs that only a first
layer tells of, networks within networks, arithmetic between layers. What a file may hold is checked
before (`safety_check`): neither reader runs code out of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import tensorflow as tf
import tf_keras

from core.conversion.writers.keras_errors import full_disk_told, refusals_told
from core.domain.errors import DamagedModel
from core.models.runtimes.keras_file import KERAS_DAMAGE
from core.storage.corrupt_data import short_message


def read_legacy(path: Path) -> tf_keras.Model:
    """The network of an HDF5 file, without anything that only its training needed.

    Raises:
        DamagedModel: Keras 2 cannot read it either.
    """
    with _damage_told(path):
        return tf_keras.models.load_model(path, compile=False)


def read_legacy_parts(architecture: Path, weights: Path) -> tf_keras.Model:
    """A network that is described as JSON, with its weights in another file.

    Raises:
        DamagedModel: one of them cannot be read, or they do not belong together.
    """
    with _damage_told(weights):
        network = tf_keras.models.model_from_json(architecture.read_text(encoding="utf-8"))
        network.load_weights(weights)
        return network


def write_legacy_litert(network: tf_keras.Model, path: Path) -> None:
    """Write such a network as LiteRT float32; see `keras_litert.write_litert`.

    Raises:
        UnwritableFormat: an operation has no counterpart.
        OSError: the disk refused.
    """
    with full_disk_told(), TemporaryDirectory() as folder:
        network.export(folder)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder)
        with refusals_told("LiteRT"):
            content = converter.convert()
        path.write_bytes(content)


@contextmanager
def _damage_told(path: Path) -> Iterator[None]:
    try:
        yield
    except KERAS_DAMAGE as error:
        raise DamagedModel(
            f"{path.name} is no Keras file that can be read: {short_message(error)}.",
            advice="Restore it from where it came from; custom layers are not loaded.",
        ) from error
