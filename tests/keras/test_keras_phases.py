"""Pretrained weights are fine-tuned in two phases."""

from __future__ import annotations

import hashlib
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from core.domain import EpochEnded, LogMessage
from core.domain.errors import PlanError
from core.jobs import RunCancelled
from core.training.fit import keras_fit
from core.training.fit.keras_fit import ExtraInputs
from core.training.fit.keras_optimizer import build_schedule
from core.training.plan import TrainingPlan
from core.training.recipes import RECIPES, recipe_named
from tests.keras.published_weights import SIDE_PX, body_of, family_of, write_as_published
from tests.training_runs import FakeContext, striped_faces

pytestmark = [pytest.mark.keras, pytest.mark.timeout(600)]

OPTIONS = {"sizes_px": [[SIDE_PX, 1.0]], "batch_size": 8, "frozen": 0.5, "ema": 0.5}


# One block of the first kind, one that halves the picture, and one that adds to what went in.
KEPT_BLOCKS = {0, 3, 4}


@pytest.fixture(autouse=True, scope="module")
def few_blocks():
    """MobileNetV3 of three blocks instead of eleven: what is traced for each phase is shorter."""
    module = import_module("keras.src.applications.mobilenet_v3")
    block = module._inverted_res_block

    def kept(x, *about):
        return block(x, *about) if about[-1] in KEPT_BLOCKS else x

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_inverted_res_block", kept)
        yield block


def test_three_blocks_have_every_kind_of_layer_that_all_blocks_have(few_blocks, monkeypatch):
    def kinds():
        shape = (SIDE_PX, SIDE_PX, 3)
        body = family_of("mobilenet_v3")(include_top=False, weights=None, input_shape=shape)
        return {type(layer) for layer in body.layers}, len(body.layers)

    of_three, layers = kinds()
    module = import_module("keras.src.applications.mobilenet_v3")
    monkeypatch.setattr(module, "_inverted_res_block", few_blocks)
    of_all, all_layers = kinds()
    assert of_three == of_all
    assert layers < all_layers


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
        body = body_of(model)
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
    write_as_published("mobilenet_v3", folder / "weights.h5")
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
        write_as_published("mobilenet_v3", interrupted_copy / "weights.h5", seed=11)
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
