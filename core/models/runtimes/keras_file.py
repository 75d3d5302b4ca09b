"""Loads networks from Keras files: in workers only."""

from __future__ import annotations

from pathlib import Path

import keras
import tensorflow as tf

from core.domain.errors import DamagedModel, ModelError
from core.storage.corrupt_data import DAMAGED_CONTENT, short_message

KERAS_DAMAGE: tuple[type[Exception], ...] = (*DAMAGED_CONTENT, RuntimeError, tf.errors.OpError)
"""Raised while Keras or TensorFlow read a damaged network."""


def load_network(path: Path) -> keras.Model:
    """Load the network of a Keras file for inference only.

    Raises:
        DamagedModel: it cannot be read.
        ModelError: it has more than one input or output.
    """
    try:
        network = keras.saving.load_model(path, compile=False, safe_mode=True)
    except KERAS_DAMAGE as error:
        raise DamagedModel(
            f"{path.name} is no Keras file that can be read: {short_message(error)}.",
            advice="Restore it from where it came from; custom layers are not loaded.",
        ) from error
    expect_one_in_one_out(network, path.name)
    return network


def expect_one_in_one_out(network: keras.Model, name: str) -> None:
    """Check that a network has one input and one output.

    Args:
        name: of its file, for the message.
    Raises:
        ModelError: it has more.
    """
    if len(network.inputs) != 1 or len(network.outputs) != 1:
        raise ModelError(
            f"{name} has {len(network.inputs)} inputs and {len(network.outputs)} outputs.",
            advice="Give a network with one input and one output.",
        )
