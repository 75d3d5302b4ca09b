"""Pretrained weights: read as published, checked, and fine-tuned in two phases."""

from __future__ import annotations

import hashlib
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import h5py
import keras
import numpy as np
import pytest
from keras.src.legacy.saving import legacy_h5_format

from core.domain import EpochEnded, LogMessage
from core.domain.errors import PlanError
from core.jobs import RunCancelled
from core.training.fit import keras_fit
from core.training.fit.keras_fit import ExtraInputs
from core.training.fit.keras_optimizer import build_schedule
from core.training.networks.keras_blocks import NetworkSpec
from core.training.networks.keras_networks import build
from core.training.networks.keras_published import IMAGENET_DEVIATION, IMAGENET_MEAN
from core.training.networks.pretrained import PUBLISHED
from core.training.plan import TrainingPlan
from core.training.recipes import RECIPES, recipe_named
from tests.training_runs import FakeContext, striped_faces

pytestmark = [pytest.mark.keras, pytest.mark.timeout(600)]

FAMILIES = {
    "mobilenet_v2": ("mobilenet_v2", "MobileNetV2"),
    "mobilenet_v3": ("mobilenet_v3", "MobileNetV3Small"),
    "efficientnet": ("efficientnet", "EfficientNetB0"),
}
SIDE_PX = 32


def _family(network):
    return getattr(keras.applications, FAMILIES[network][1])


def _body(model):
    (body,) = [layer for layer in model.layers if isinstance(layer, keras.Model)]
    return body


def _as_published(network, path, *, seed=5):
    """A file in the published format, with random weights."""
    keras.utils.set_random_seed(seed)
    body = _family(network)(include_top=False, weights=None, input_shape=(SIDE_PX, SIDE_PX, 3))
    for layer in body.layers:
        if isinstance(layer, keras.layers.Normalization):
            variance = np.square(IMAGENET_DEVIATION)
            layer.set_weights([np.array(IMAGENET_MEAN), variance, *layer.get_weights()[2:]])
    with h5py.File(path, "w") as file:
        legacy_h5_format.save_weights_to_hdf5_group(file, body)
    return body


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
        _family(network)(include_top=False, weights="imagenet", input_shape=(side_px, side_px, 3))
    assert (PUBLISHED[network].address, PUBLISHED[network].md5) == (
        requested["origin"],
        requested["md5"],
    )


@pytest.mark.parametrize("network", FAMILIES)
def test_a_published_file_is_read_whole(network, tmp_path):
    published = _as_published(network, tmp_path / "weights.h5")
    spec = NetworkSpec(classes=7, size_px=SIDE_PX, backbone=str(tmp_path / "weights.h5"))
    body = _body(build(network, spec))
    digests = [[one for one in model.layers if one.weights] for model in (body, published)]
    for ours, theirs in zip(*digests, strict=True):
        if isinstance(ours, keras.layers.Normalization):
            continue  # done before, see below
        for one, other in zip(ours.get_weights(), theirs.get_weights(), strict=True):
            assert np.array_equal(one, other)


def test_efficientnets_own_preprocessing_is_applied_once_with_its_weights_too(tmp_path):
    _as_published("efficientnet", tmp_path / "weights.h5")
    spec = NetworkSpec(classes=7, size_px=SIDE_PX, backbone=str(tmp_path / "weights.h5"))
    body = _body(build("efficientnet", spec))
    (own,) = [layer for layer in body.layers if isinstance(layer, keras.layers.Normalization)]
    assert np.allclose(np.asarray(own(np.full((1, 2, 2, 3), 0.25, np.float32))), 0.25, atol=1e-6)


def test_a_file_of_another_network_is_refused_by_its_name(tmp_path):
    _as_published("mobilenet_v2", tmp_path / "mine.h5")
    spec = NetworkSpec(classes=7, size_px=SIDE_PX, backbone=str(tmp_path / "mine.h5"))
    with pytest.raises(PlanError, match=r"mine\.h5 does not hold the weights of MobileNetV3"):
        build("mobilenet_v3", spec)


def test_a_file_that_only_looks_like_weights_is_refused_by_its_name(tmp_path):
    with h5py.File(tmp_path / "mine.h5", "w") as file:
        file.attrs["layer_names"] = 5
    spec = NetworkSpec(classes=7, size_px=SIDE_PX, backbone=str(tmp_path / "mine.h5"))
    with pytest.raises(PlanError, match=r"mine\.h5 does not hold the weights of"):
        build("mobilenet_v2", spec)


OPTIONS = {"sizes_px": [[SIDE_PX, 1.0]], "batch_size": 8, "frozen": 0.5, "ema": 0.5}


def _plan(tmp_path, epochs=4):
    return TrainingPlan("mobilenet-v3", data=str(tmp_path), epochs=epochs, options=OPTIONS)


def _digest(values):
    return hashlib.sha256(b"".join(np.asarray(one).tobytes() for one in values)).hexdigest()


@contextmanager
def _recording_digests():
    """After each epoch: digests of the pretrained network and of the new layers."""
    found = []
    check = keras_fit.expect_finite

    def record(model, *, epoch):
        body = _body(model)
        found.append((_digest(body.weights), _digest(model.get_layer("logits").weights)))
        assert body.trainable
        check(model, epoch=epoch)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keras_fit, "expect_finite", record)
        yield found


@dataclass(frozen=True)
class FinishedRun:
    """A completed run: its weights, its events, and digests after each epoch."""

    weights: list[np.ndarray]
    context: FakeContext
    digests: list[tuple[str, str]]


@pytest.fixture(scope="module")
def interrupted(tmp_path_factory):
    """A folder with pretrained weights and a run, stopped between its phases."""
    folder = tmp_path_factory.mktemp("phases")
    _as_published("mobilenet_v3", folder / "weights.h5")
    with pytest.raises(RunCancelled):
        keras_fit.fit(
            _faces(), _plan(folder), FakeContext(folder / "run", stops_after=5), _extra(folder)
        )
    return folder


@pytest.fixture(scope="module")
def uninterrupted(interrupted):
    """The same run, not stopped."""
    context = FakeContext(interrupted / "whole")
    with _recording_digests() as digests:
        model = keras_fit.fit(_faces(), _plan(interrupted), context, _extra(interrupted))
    return FinishedRun(model.get_weights(), context, digests)


@pytest.fixture
def interrupted_copy(interrupted, tmp_path):
    """A copy of that folder, for one test to change."""
    return Path(shutil.copytree(interrupted, tmp_path / "copy"))


def _faces():
    return striped_faces(training=16, test=8)


def _extra(folder):
    return ExtraInputs(backbone=str(folder / "weights.h5"))


def test_only_the_new_layers_are_trained_first_and_then_all_at_a_lower_rate(uninterrupted):
    context = uninterrupted.context
    bodies, heads = zip(*uninterrupted.digests, strict=True)
    assert bodies[0] == bodies[1]
    assert len(set(bodies)) == 3
    assert len(set(heads)) == 4
    (sentence,) = [
        one.sentence for one in context.events_of(LogMessage) if "new layers" in one.sentence
    ]
    assert sentence == (
        "For 2 epochs of 4 only the new layers are trained; then all are, at 10 % of the learning "
        "rate."
    )
    rates = [one.metrics["learning_rate"] for one in context.events_of(EpochEnded)]
    assert max(rates[2:]) <= 0.1 * recipe_named("mobilenet-v3").learning_rate + 1e-9


def test_a_run_that_is_resumed_between_the_phases_repeats_an_uninterrupted_one(
    uninterrupted, interrupted_copy
):
    states = sorted(path.name for path in (interrupted_copy / "run" / "checkpoint").glob("epoch-*"))
    assert states == ["epoch-00001.npz", "epoch-00002.npz"]
    again = keras_fit.fit(
        _faces(),
        _plan(interrupted_copy),
        FakeContext(interrupted_copy / "run"),
        _extra(interrupted_copy),
    )
    for one, other in zip(uninterrupted.weights, again.get_weights(), strict=True):
        assert np.array_equal(one, other)


@pytest.mark.parametrize("weights", ["gone", "changed"])
def test_a_run_does_not_resume_with_other_weights_than_it_started_from(interrupted_copy, weights):
    if weights == "changed":
        _as_published("mobilenet_v3", interrupted_copy / "weights.h5", seed=11)
    extra = ExtraInputs() if weights == "gone" else _extra(interrupted_copy)
    with pytest.raises(PlanError, match=r"started from weights\.h5 \(sha256 ") as refused:
        keras_fit.fit(
            _faces(), _plan(interrupted_copy), FakeContext(interrupted_copy / "run"), extra
        )
    assert "Restore the weights" in refused.value.advice


def test_without_pretrained_weights_there_is_one_phase(tmp_path):
    context = FakeContext(tmp_path / "run")
    with _recording_digests() as digests:
        keras_fit.fit(_faces(), _plan(tmp_path, epochs=2), context)
    assert len({body for body, _ in digests}) == 2
    assert not [one for one in context.events_of(LogMessage) if "new layers" in one.sentence]


@pytest.mark.parametrize("name", [n for n, one in RECIPES.items() if one.frozen])
def test_the_rate_rises_again_after_the_first_phase_and_stays_far_lower(name):
    recipe = recipe_named(name)
    schedule = build_schedule(recipe, steps=100, frozen_steps=20)
    rates = [float(schedule(step)) for step in range(100)]
    assert max(rates[:20]) == pytest.approx(recipe.learning_rate)
    assert max(rates[20:]) == pytest.approx(recipe.learning_rate * recipe.tuning_rate)
    assert rates[20] < max(rates[20:])
