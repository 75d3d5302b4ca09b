"""What the first convolution of every recipe's network sees of black, grey and white pictures."""

from __future__ import annotations

import math
from dataclasses import replace

import keras
import numpy as np
import pytest

from core.domain import PictureSet
from core.domain.errors import PlanError
from core.training.fit.keras_batches import plain_batches
from core.training.fit.keras_warm_start import load_initial_weights
from core.training.inputs.warm_start import WarmStart
from core.training.networks.keras_blocks import NetworkSpec
from core.training.networks.keras_networks import PIXEL_DEVIATION, PIXEL_MEAN, build
from core.training.recipes import RECIPES

pytestmark = pytest.mark.keras

GREYS = (0, 128, 255)


def _standardised(grey):
    return (grey - PIXEL_MEAN) / PIXEL_DEVIATION


def _as_efficientnet_learned(grey):
    # Red, as keras.applications prepares it where it brings its own weights.
    return (grey - 0.485) / 0.229 / math.sqrt(0.229)


PUBLISHED_FOR = {
    "mobilenet_v2": lambda grey: 2 * grey - 1,
    "mobilenet_v3": lambda grey: 2 * grey - 1,
    "efficientnet": _as_efficientnet_learned,
}


def _is_convolution(layer):
    kinds = (keras.layers.Conv2D, keras.layers.SeparableConv2D, keras.layers.DepthwiseConv2D)
    return isinstance(layer, kinds)


def _first_sight(model, faces):
    """What goes into the first convolution, also inside of a network in the network."""
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            return _first_sight(layer, keras.Model(model.input, _layer_input(model, layer))(faces))
        if _is_convolution(layer):
            return np.asarray(keras.Model(model.input, layer.input)(faces), np.float64)
    raise AssertionError("there is no convolution")


def _layer_input(model, body):
    """The tensor that a network in the network is called on."""
    (node,) = [one for one in body._inbound_nodes if one.arguments.keras_tensors]
    return node.arguments.keras_tensors[0]


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=lambda recipe: recipe.name)
def test_the_first_convolution_sees_what_its_network_was_published_for(recipe):
    model = build(recipe.network, NetworkSpec(classes=7, size_px=recipe.final_size_px))
    side = recipe.final_size_px
    pixels = np.stack([np.full((side, side), grey, np.uint8) for grey in GREYS])
    (faces,) = plain_batches(pixels, batch_size=len(GREYS))
    seen = _first_sight(model, faces)[:, side // 2, side // 2, 0]
    wanted = PUBLISHED_FOR.get(recipe.network, _standardised)
    assert seen == pytest.approx([wanted(grey / 255) for grey in GREYS], abs=1e-3)
    # Whatever was published: black and white are far apart, and neither is far from nothing.
    assert 1.0 <= seen[2] - seen[0] <= 10.0
    assert np.abs(seen).max() <= 5.0
    assert abs(seen[1]) <= 0.5


def test_a_model_with_another_preprocessing_gives_no_warm_start(tmp_path):
    spec = NetworkSpec(classes=7, size_px=48)
    old = build("two_block", replace(spec, folded=True))
    old.get_layer("scale").scale = 1.0
    old.save(tmp_path / "old.keras")
    pictures = PictureSet(np.zeros((8, 48, 48), np.uint8), np.zeros(8, np.int64))
    with pytest.raises(PlanError, match="another preprocessing"):
        load_initial_weights(
            build("two_block", spec),
            WarmStart("old", tmp_path / "old.keras", True),
            pictures,
            seed=1,
        )
