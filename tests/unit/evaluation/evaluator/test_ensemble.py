from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.domain import EXPRESSIVENESS3, Interpolation, ModelInput, softmax
from core.evaluation.evaluator.ensemble import Ensemble, EnsembleMember
from core.jobs import RunCancelled
from core.models import Predictor
from tests.make import make_card

AS_THEY_ARE = np.arange(3)


class Halves:
    """Says how bright the left half, the right half and all of a picture are, times a number."""

    def __init__(self, times):
        self.times = times

    def predict(self, batch):
        parts = [batch[:, :, :2], batch[:, :, 2:], batch]
        means = [part.mean(axis=(1, 2, 3)) for part in parts]
        return np.stack(means, axis=1).astype(np.float32) * self.times


def _model(times=1.0, *, temperature=1.0, interpolation=Interpolation.CUBIC):
    card = replace(
        make_card(),
        scheme=EXPRESSIVENESS3,
        input=ModelInput(4, interpolation=interpolation),
        temperature=temperature,
    )
    return Predictor(Halves(times), card)


@pytest.fixture
def pixels():
    return np.random.default_rng(3).integers(0, 256, (5, 4, 4), dtype=np.uint8)


def test_one_model_with_one_view_gives_its_own_logits(pixels):
    model = _model(temperature=0.8)
    ensemble = Ensemble([EnsembleMember(model, AS_THEY_ARE)], "one", 3)
    assert ensemble.temperature == 0.8
    assert np.array_equal(ensemble.logits(pixels), model.logits(pixels))


def test_two_views_give_the_mean_of_their_calibrated_scores(pixels):
    model = _model(3.0, temperature=0.5)
    ensemble = Ensemble([EnsembleMember(model, AS_THEY_ARE)], "flip", 3)
    views = [softmax(model.logits(one) / 0.5) for one in (pixels, pixels[:, :, ::-1])]
    assert ensemble.temperature == 1.0
    assert np.allclose(softmax(ensemble.logits(pixels)), np.mean(views, axis=0), atol=1e-6)


@pytest.mark.parametrize("views", ["one", "ten-crop"])
def test_what_is_enlarged_is_enlarged_as_each_model_wants_it(views):
    """Pictures are smaller than the models read them, and crops than the pictures."""
    pixels = np.random.default_rng(3).integers(0, 256, (2, 3, 3), dtype=np.uint8)
    members = [EnsembleMember(_model(9.0, interpolation=one), AS_THEY_ARE) for one in Interpolation]
    alone = [softmax(Ensemble([member], views, 3).logits(pixels)) for member in members]
    assert not np.allclose(*alone, atol=1e-3)
    both = softmax(Ensemble(members, views, 3).logits(pixels))
    assert np.allclose(both, np.mean(alone, axis=0), atol=1e-6)


def test_mirrored_pictures_give_the_same_scores_with_flip_augmentation(pixels):
    ensemble = Ensemble([EnsembleMember(_model(), AS_THEY_ARE)], "flip", 3)
    mirrored = np.ascontiguousarray(pixels[:, :, ::-1])
    assert np.allclose(ensemble.logits(pixels), ensemble.logits(mirrored), atol=1e-6)


def test_two_models_answer_with_the_mean_of_their_calibrated_scores(pixels):
    members = [
        EnsembleMember(_model(), AS_THEY_ARE),
        EnsembleMember(_model(-2.0, temperature=2.0), AS_THEY_ARE),
    ]
    alone = [Ensemble([member], "one", 3) for member in members]
    scores = [softmax(one.logits(pixels) / one.temperature) for one in alone]
    both = Ensemble(members, "one", 3)
    assert np.allclose(softmax(both.logits(pixels)), np.mean(scores, axis=0), atol=1e-6)


def test_outputs_count_for_the_evaluated_classes(pixels):
    ensemble = Ensemble([EnsembleMember(_model(), np.array([1, 0, 1]))], "one", 2)
    assert not ensemble.has_raw_logits
    scores = softmax(_model().logits(pixels))
    found = softmax(ensemble.logits(pixels))
    assert np.allclose(found[:, 0], scores[:, 1], atol=1e-6)


def test_no_pictures_give_no_logits():
    ensemble = Ensemble([EnsembleMember(_model(), AS_THEY_ARE)], "one", 3)
    assert ensemble.logits(np.zeros((0, 4, 4), np.uint8)).shape == (0, 3)


def test_progress_is_reported_and_may_stop_it():
    pixels, counts = np.zeros((1200, 4, 4), np.uint8), []
    ensemble = Ensemble([EnsembleMember(_model(), AS_THEY_ARE)], "one", 3)
    ensemble.logits(pixels, on_progress=counts.append)
    assert counts == [0, 512, 1024]

    def stop(done):
        if done:
            raise RunCancelled

    with pytest.raises(RunCancelled):
        ensemble.logits(pixels, on_progress=stop)
