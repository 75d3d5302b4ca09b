"""Inference with a network in training."""

from __future__ import annotations

import numpy as np
import pytest

from core.domain import PictureSet
from core.training.fit.keras_inference import clean_batches, measure_accuracy, predict_logits
from core.training.networks.keras_blocks import NetworkSpec
from core.training.networks.keras_networks import build
from tests.training_runs import striped_faces

pytestmark = pytest.mark.keras


def twice_as_large(pictures: PictureSet) -> PictureSet:
    return PictureSet(pictures.pixels.repeat(2, axis=1).repeat(2, axis=2), pictures.labels)


@pytest.fixture
def faces():
    return striped_faces()["PublicTest"]


def test_a_resizable_network_is_evaluated_at_the_size_it_is_exported_for(faces):
    model = build("two_block", NetworkSpec(7))
    assert model.input_shape[1] is None
    wanted = predict_logits(model, faces.pixels, size_px=24)
    large = twice_as_large(faces)
    assert np.array_equal(predict_logits(model, large.pixels, size_px=24), wanted)
    assert measure_accuracy(model, large, size_px=24) == measure_accuracy(model, faces, size_px=24)


def test_its_statistics_are_measured_at_that_size_too(faces):
    for small, large in zip(
        clean_batches(faces, size_px=24, seed=1),
        clean_batches(twice_as_large(faces), size_px=24, seed=1),
        strict=True,
    ):
        assert np.array_equal(small, large)
