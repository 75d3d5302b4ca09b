"""Runs Keras files and SavedModels with TensorFlow: in workers only."""

from __future__ import annotations

import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from core.domain.errors import DamagedModel
from core.models.runtimes.keras_file import KERAS_DAMAGE
from core.storage.corrupt_data import short_message


def prepare_one_thread() -> None:
    """Limit TensorFlow to one thread, for benchmarks; call before the first tensor.

    TensorFlow accepts the setting only once, so all predictions of this process use one thread.
    """
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    keras.config.set_dtype_policy("float32")


def graph_of(network: keras.Model, batch_size: int | None = None) -> Any:
    """A network as one graph: tracing takes longer than predicting.

    Args:
        batch_size: pictures in each call; None for any number.
    """
    shape = tf.TensorSpec((batch_size, *network.input_shape[1:]), tf.float32, name="pictures")

    @tf.function(input_signature=[shape])  # type: ignore[untyped-decorator]
    def graph(batch: Any) -> Any:
        return network(batch, training=False)

    return graph


def save_graph(network: keras.Model, folder: str, batch_size: int | None = None) -> None:
    """Save a network as a SavedModel, with TensorFlow.

    Keras' own export writes every weight twice, and takes twice as long.

    Args:
        batch_size: pictures in each call; None for any number.
    """
    module = tf.Module()
    module.serve = graph_of(network, batch_size)
    module.weights = [weight.value for weight in network.weights]
    tf.saved_model.save(module, folder, signatures={"serving_default": module.serve})


class KerasEngine:
    """Runs a network in memory as one graph.

    Args:
        network: from `models.runtimes.keras_file.load_network`.
    """

    def __init__(self, network: keras.Model) -> None:
        self._graph = graph_of(network)

    def predict(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        """Float32 `(n, k)`; see `models.runtimes.Engine`."""
        return np.asarray(self._graph(tf.constant(batch)), dtype=np.float32)


class SavedModelEngine:
    """Runs a SavedModel's `serve`, from an archive of its folder.

    Args:
        path: the archive.
    Raises:
        DamagedModel: no archive of a SavedModel.
    """

    def __init__(self, path: Path) -> None:
        try:
            with TemporaryDirectory() as folder, zipfile.ZipFile(path) as archive:
                archive.extractall(folder)
                self._loaded = tf.saved_model.load(folder)  # weights are in memory afterwards
            self._graph = self._loaded.serve
        except KERAS_DAMAGE as error:
            raise DamagedModel(
                f"{path.name} is no archive of a SavedModel: {short_message(error)}.",
                advice="Convert it again.",
            ) from error

    def predict(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        """Float32 `(n, k)`; see `models.runtimes.Engine`."""
        return np.asarray(self._graph(tf.constant(batch)), dtype=np.float32)
