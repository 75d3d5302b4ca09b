"""Pretrained weights: where they are published, and that their files are read whole."""

from __future__ import annotations

from functools import cache
from importlib import import_module

import h5py
import keras
import numpy as np
import pytest

from core.domain.errors import PlanError
from core.training.networks.keras_blocks import NetworkSpec
from core.training.networks.keras_networks import build
from core.training.networks.pretrained import PUBLISHED
from core.training.recipes import recipe_named
from tests.keras.published_weights import (
    FAMILIES,
    SIDE_PX,
    body_of,
    family_of,
    write_as_published,
)

pytestmark = [pytest.mark.keras, pytest.mark.timeout(600)]


@pytest.mark.filterwarnings("ignore:`input_shape` is undefined or non-square")
@pytest.mark.parametrize("network", FAMILIES)
def test_the_addresses_and_checksums_are_those_that_keras_itself_uses(network, monkeypatch):
    requested = {}

    def get_file(name, origin, **options):
        requested.update(origin=origin, md5=options.get("file_hash") or "")
        raise StopIteration

    module = import_module(f"keras.src.applications.{FAMILIES[network][0]}")
    monkeypatch.setattr(module.file_utils, "get_file", get_file)
    side_px = recipe_named(network.replace("_", "-")).final_size_px
    with pytest.raises(StopIteration):
        family_of(network)(include_top=False, weights="imagenet", input_shape=(side_px, side_px, 3))
    assert (PUBLISHED[network].address, PUBLISHED[network].md5) == (
        requested["origin"],
        requested["md5"],
    )


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """Of a network: its file of weights, and the published network that has them."""
    folder = tmp_path_factory.mktemp("published")

    @cache
    def written(network):
        path = folder / f"{network}.h5"
        return path, write_as_published(network, path)

    return written


@pytest.fixture(scope="module")
def loaded(published):
    """Of a network: the published network in one that was built with that file."""

    @cache
    def built(network):
        path, _ = published(network)
        spec = NetworkSpec(classes=7, size_px=SIDE_PX, backbone=str(path))
        return body_of(build(network, spec))

    return built


@pytest.mark.parametrize("network", FAMILIES)
def test_a_published_file_is_read_whole(network, published, loaded):
    _, whole = published(network)
    digests = [[one for one in model.layers if one.weights] for model in (loaded(network), whole)]
    for ours, theirs in zip(*digests, strict=True):
        if isinstance(ours, keras.layers.Normalization):
            continue  # done before, see below
        for one, other in zip(ours.get_weights(), theirs.get_weights(), strict=True):
            assert np.array_equal(one, other)


def test_efficientnets_own_preprocessing_is_applied_once_with_its_weights_too(loaded):
    body = loaded("efficientnet")
    (own,) = [layer for layer in body.layers if isinstance(layer, keras.layers.Normalization)]
    assert np.allclose(np.asarray(own(np.full((1, 2, 2, 3), 0.25, np.float32))), 0.25, atol=1e-6)


def test_a_file_of_another_network_is_refused_by_its_name(published):
    path, _ = published("mobilenet_v2")
    spec = NetworkSpec(classes=7, size_px=SIDE_PX, backbone=str(path))
    said = r"mobilenet_v2\.h5 does not hold the weights of MobileNetV3"
    with pytest.raises(PlanError, match=said):
        build("mobilenet_v3", spec)


def test_a_file_that_only_looks_like_weights_is_refused_by_its_name(tmp_path):
    with h5py.File(tmp_path / "mine.h5", "w") as file:
        file.attrs["layer_names"] = 5
    spec = NetworkSpec(classes=7, size_px=SIDE_PX, backbone=str(tmp_path / "mine.h5"))
    with pytest.raises(PlanError, match=r"mine\.h5 does not hold the weights of"):
        build("mobilenet_v2", spec)
