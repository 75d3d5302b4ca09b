"""Files of pretrained weights in the published format, with random weights in them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import h5py
import keras
import numpy as np
from keras.src.legacy.saving import legacy_h5_format

from core.training.networks.keras_published import IMAGENET_DEVIATION, IMAGENET_MEAN

FAMILIES = {
    "mobilenet_v2": ("mobilenet_v2", "MobileNetV2"),
    "mobilenet_v3": ("mobilenet_v3", "MobileNetV3Small"),
    "efficientnet": ("efficientnet", "EfficientNetB0"),
}
"""Our name of a network -> its module in keras.applications, and its function."""
SIDE_PX = 32


def family_of(network: str) -> Callable[..., keras.Model]:
    """What builds the published network."""
    return getattr(keras.applications, FAMILIES[network][1])


def body_of(model: keras.Model) -> keras.Model:
    """The published network in one of ours."""
    (body,) = [layer for layer in model.layers if isinstance(layer, keras.Model)]
    return body


def write_as_published(network: str, path: Path, *, seed: int = 5) -> keras.Model:
    """Write a file of weights; the network that has them."""
    keras.utils.set_random_seed(seed)
    body = family_of(network)(include_top=False, weights=None, input_shape=(SIDE_PX, SIDE_PX, 3))
    for layer in body.layers:
        if isinstance(layer, keras.layers.Normalization):
            variance = np.square(IMAGENET_DEVIATION)
            layer.set_weights([np.array(IMAGENET_MEAN), variance, *layer.get_weights()[2:]])
    with h5py.File(path, "w") as file:
        legacy_h5_format.save_weights_to_hdf5_group(file, body)
    return body
