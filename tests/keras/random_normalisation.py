"""Networks whose normalisation is not the identity, as it is when they are new."""

from __future__ import annotations

import keras
import numpy as np

from core.training.networks.keras_layers import FusedBatchNormalization
from core.training.networks.keras_networks import NETWORKS
from core.training.networks.pretrained import PUBLISHED

# Networks with many strides need large pictures.
SIDE_PX = {name: 96 if name in PUBLISHED else 48 for name in NETWORKS}


def randomise_normalisation(model: keras.Model) -> keras.Model:
    """The same network with random normalisation weights and statistics."""
    rng = np.random.default_rng(3)
    for layer in model.layers:
        if isinstance(layer, FusedBatchNormalization):
            width = layer.gamma.shape
            layer.gamma.assign(rng.uniform(0.5, 1.5, width))
            layer.beta.assign(rng.normal(0, 0.3, width))
            layer.moving_mean.assign(rng.normal(0, 0.3, width))
            layer.moving_variance.assign(rng.uniform(0.5, 2.0, width))
    return model
