"""Grad-CAM++ on every network, against its formula, and against what a network has learned."""

from __future__ import annotations

from dataclasses import replace

import keras
import numpy as np
import pytest
from keras import layers

from core.conversion.writers.keras_runtimes import KerasEngine
from core.domain import CONFIDENT2, ModelInput
from core.domain.errors import DamagedModel
from core.evaluation.explain.keras_saliency import (
    MIN_MAP_SIDE,
    compute_grad_cam,
    map_layer,
    untrained,
)
from core.evaluation.explain.saliency import TOP_CLASS, normalised_maps
from core.evaluation.explain.sanity_checks import check_maps, map_similarity
from core.models import Predictor
from core.training.networks.keras_blocks import NetworkSpec
from core.training.networks.keras_networks import NETWORKS, build
from core.training.networks.pretrained import PUBLISHED
from tests.make import make_card

pytestmark = pytest.mark.keras

SIDE_PX = 24
LOOKED_INTO = ("compact_residual", "csv_two_blocks", "spatial_attention", "mobilenet_v3")
"""Ends in a pool, in a flat layer, in an attention map, and inside a network that is a layer."""


def side_of(name: str) -> int:
    return 96 if name in PUBLISHED else 48


@pytest.mark.parametrize("name", sorted(NETWORKS))
def test_every_network_has_a_map_of_enough_places(name: str) -> None:
    network = build(
        name, NetworkSpec(classes=7, size_px=side_of(name), folded=NETWORKS[name].foldable)
    )
    shape = map_layer(network).output.shape
    assert min(shape[1:3]) >= MIN_MAP_SIDE
    assert max(shape[1:3]) <= side_of(name) // 2, "a map of the first layers says nothing"


@pytest.mark.parametrize("name", LOOKED_INTO)
def test_a_network_answers_as_before_while_it_is_looked_into(name: str) -> None:
    keras.utils.set_random_seed(3)
    side = side_of(name)
    network = build(name, NetworkSpec(classes=7, size_px=side, folded=NETWORKS[name].foldable))
    faces = np.random.default_rng(1).random((3, side, side, 1), dtype=np.float32)
    before = np.asarray(network(faces, training=False))
    seen = compute_grad_cam(network, faces, np.array([[TOP_CLASS, 0], [1, 2], [6, 6]]))
    assert np.allclose(seen.logits, before, atol=1e-4)
    assert np.allclose(np.asarray(network(faces, training=False)), before, atol=1e-5)
    assert seen.maps.shape[:2] == (3, 2)
    assert np.isfinite(seen.maps).all()
    assert np.array_equal(seen.maps[2, 0], seen.maps[2, 1])
    assert set(np.unique(seen.maps.max(axis=(2, 3)))) <= {np.float32(0), np.float32(1)}


def plain_network() -> keras.Model:
    """One convolution, a mean over the picture, one dense layer: its gradient is known."""
    keras.utils.set_random_seed(5)
    picture = keras.Input((SIDE_PX, SIDE_PX, 1))
    maps = layers.Conv2D(4, 5, strides=4, activation="relu", name="map")(picture)
    pooled = layers.GlobalAveragePooling2D()(maps)
    return keras.Model(picture, layers.Dense(3, name="logits")(pooled))


def test_the_map_is_the_formula_of_the_paper() -> None:
    network = plain_network()
    faces = np.random.default_rng(2).random((2, SIDE_PX, SIDE_PX, 1), dtype=np.float32)
    maps = np.asarray(keras.Model(network.input, network.get_layer("map").output)(faces))
    weights = np.asarray(network.get_layer("logits").kernel)  # (4, 3)
    asked = np.array([[0, 1], [2, 0]])
    expected = []
    for picture, classes in zip(maps.astype(np.float64), asked, strict=True):
        for number in classes:
            # The mean's gradient is the same everywhere.
            first = weights[:, number].astype(np.float64) / picture[..., 0].size
            alpha = first**2 / (2 * first**2 + picture.sum(axis=(0, 1)) * first**3)
            importance = picture[..., 0].size * alpha * np.maximum(first, 0)
            expected.append(np.maximum((picture * importance).sum(axis=-1), 0))
    seen = compute_grad_cam(network, faces, asked)
    assert np.allclose(
        seen.maps.reshape(-1, *seen.maps.shape[2:]), normalised_maps(expected), atol=1e-4
    )


def test_features_are_what_the_last_layer_reads() -> None:
    network = plain_network()
    faces = np.random.default_rng(2).random((5, SIDE_PX, SIDE_PX, 1), dtype=np.float32)
    seen = compute_grad_cam(network, faces, np.full((5, 1), TOP_CLASS))
    dense = network.get_layer("logits")
    again = seen.features @ np.asarray(dense.kernel) + np.asarray(dense.bias)
    assert np.allclose(again, seen.logits, atol=1e-5)


def spots(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Noise with one bright spot: in the upper half class 0, in the lower half class 1."""
    rng = np.random.default_rng(seed)
    faces = rng.uniform(0.2, 0.4, (count, SIDE_PX, SIDE_PX, 1)).astype(np.float32)
    labels = rng.integers(0, 2, count)
    for face, label in zip(faces, labels, strict=True):
        top = rng.integers(0, 6) + 13 * label
        left = rng.integers(0, SIDE_PX - 5)
        face[top : top + 5, left : left + 5] += 0.5
    return faces, labels


@pytest.fixture(scope="module")
def trained() -> keras.Model:
    """A tiny network that has learned to tell where the spot is."""
    keras.utils.set_random_seed(11)
    picture = keras.Input((SIDE_PX, SIDE_PX, 1))
    x = layers.Conv2D(8, 3, strides=2, padding="same", activation="relu")(picture)
    x = layers.Conv2D(12, 3, strides=2, padding="same", activation="relu")(x)
    network = keras.Model(picture, layers.Dense(2)(layers.Flatten()(x)))
    network.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    network.optimizer.learning_rate = 3e-3
    network.fit(*spots(600, 1), epochs=8, batch_size=32, verbose=0)
    return network


def test_a_trained_network_is_shown_to_look_at_what_it_learned(trained: keras.Model) -> None:
    faces, labels = spots(60, 2)
    seen = compute_grad_cam(trained, faces, labels[:, None])
    assert (seen.logits.argmax(axis=1) == labels).mean() > 0.9
    card = replace(make_card(), scheme=CONFIDENT2, input=ModelInput(SIDE_PX))
    found = check_maps(
        Predictor(KerasEngine(trained), card),
        faces[..., 0],
        seen.maps[:, 0],
        rng=np.random.default_rng(0),
    )
    assert found is not None
    assert found.named > found.elsewhere
    assert found.better.low > 0.5


def test_random_weights_change_the_maps(trained: keras.Model) -> None:
    faces, labels = spots(40, 3)
    own = compute_grad_cam(trained, faces, labels[:, None]).maps[:, 0]
    random = compute_grad_cam(untrained(trained, seed=1), faces, labels[:, None]).maps[:, 0]
    alike = map_similarity(own, random)
    assert alike is not None
    assert alike < 0.6
    assert map_similarity(own, own) == pytest.approx(1.0)
    again = compute_grad_cam(trained, faces, labels[:, None]).maps[:, 0]
    assert np.allclose(own, again, atol=1e-5)


def test_one_share_answers_for_two_labels() -> None:
    picture = keras.Input((SIDE_PX, SIDE_PX, 1))
    x = layers.Conv2D(4, 3, strides=2, activation="relu")(picture)
    network = keras.Model(picture, layers.Dense(1)(layers.GlobalAveragePooling2D()(x)))
    faces = np.random.default_rng(2).random((2, SIDE_PX, SIDE_PX, 1), dtype=np.float32)
    seen = compute_grad_cam(network, faces, np.array([[0, 1], [1, 0]]))
    assert seen.logits.shape == (2, 2)
    assert np.array_equal(seen.logits[:, 0], -seen.logits[:, 1])
    assert not np.array_equal(seen.maps[0, 0], seen.maps[0, 1])


def test_a_network_without_any_map_says_what_else_can_be_done() -> None:
    picture = keras.Input((SIDE_PX, SIDE_PX, 1))
    network = keras.Model(picture, layers.Dense(2)(layers.Flatten()(picture)))
    with pytest.raises(DamagedModel, match="no feature map") as told:
        map_layer(network)
    assert "occlusion" in told.value.advice
