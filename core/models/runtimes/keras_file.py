"""Finished networks out of their Keras files: in workers only."""

from __future__ import annotations

from pathlib import Path

import keras
import tensorflow as tf

from core.domain.errors import DamagedModel, ModelError
from core.storage.corrupt_data import DAMAGED_CONTENT, short_message

KERAS_DAMAGE: tuple[type[Exception], ...] = (*DAMAGED_CONTENT, RuntimeError, tf.errors.OpError)
"""Raised while Keras or TensorFlow read a damaged network."""


def load_network(path: Path) -> keras.Model:
    """The network of a Keras file, without anything that only its training needed.

    Raises:
        DamagedModel: it cannot be read.
        ModelError: it is not one picture in, one answer out.
    """
    try:
        network = keras.saving.load_model(path, compile=False, safe_mode=True)
    except KERAS_DAMAGE as error:
        raise DamagedModel(
            f"{path.name} is no Keras file that can be read: {short_message(error)}.",
            advice="Restore it from where it came from; layers of somebody's own are not loaded.",
        ) from error
    expect_one_in_one_out(network, path.name)
    return network


def expect_one_in_one_out(network: keras.Model, name: str) -> None:
    """Whether a network takes one picture and answers with one row.

    Args:
        name: of its file, for people.
    Raises:
        ModelError: it does not.
    """
    if len(network.inputs) != 1 or len(network.outputs) != 1:
        raise ModelError(
            f"{name} has {len(network.inputs)} inputs and {len(network.outputs)} outputs.",
            advice="Give a network that takes pictures and answers with one row for each.",
        )
