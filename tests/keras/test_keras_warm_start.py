"""Warm start from a finished network: it predicts the same, and can be trained further."""

from __future__ import annotations

from dataclasses import replace

import keras
import numpy as np
import pytest

from core.domain import EpochEnded, PictureSet
from core.domain.errors import DamagedModel, PlanError
from core.training.fit import keras_fit
from core.training.fit.epoch_control import EpochControl
from core.training.fit.keras_checkpoint import Checkpoint
from core.training.fit.keras_fit import ExtraInputs
from core.training.fit.keras_warm_start import LAST_LAYER, load_initial_weights
from core.training.inputs.warm_start import WarmStart
from core.training.networks.keras_blocks import NetworkSpec
from core.training.networks.keras_networks import NETWORKS, build
from core.training.plan import TrainingPlan
from core.training.recipes import EARLIER_NETWORKS
from core.training.trainer.keras_export import export_model, fold
from tests.keras.random_normalisation import SIDE_PX, randomise_normalisation
from tests.training_runs import FakeContext, striped_faces

pytestmark = [pytest.mark.keras, pytest.mark.timeout(600)]


def _pictures(side):
    pixels = np.random.default_rng(4).integers(0, 256, (32, side, side), dtype=np.uint8)
    return PictureSet(pixels, np.arange(32) % 7)


def _answers(model, pictures, *, training=False):
    faces = pictures.pixels[..., None].astype(np.float32) / 255.0
    return np.asarray(model(faces, training=training))


def _saved(network, path, *, classes=7):
    """A finished network whose normalisation did something, in its file."""
    keras.utils.set_random_seed(3)
    spec = NetworkSpec(classes=classes, size_px=SIDE_PX[network])
    trained = randomise_normalisation(build(network, spec))
    plain = fold(trained, replace(spec, folded=True))
    plain.save(path)
    return plain


# Of the large published ones, which are all taken over in the same way, one is enough.
ASKED = sorted(set(NETWORKS) - {"mobilenet_v3", "efficientnet"})


@pytest.mark.parametrize("network", ASKED)
def test_a_warm_started_network_predicts_like_its_model(network, tmp_path):
    plain = _saved(network, tmp_path / "model.keras")
    pictures = _pictures(SIDE_PX[network])
    keras.utils.set_random_seed(8)
    fresh = build(network, NetworkSpec(classes=7, size_px=SIDE_PX[network]))
    load_initial_weights(fresh, WarmStart("one", tmp_path / "model.keras", True), pictures, seed=1)
    wanted = _answers(plain, pictures)
    assert np.allclose(_answers(fresh, pictures), wanted, atol=1e-3 * np.abs(wanted).max())
    if NETWORKS[network].foldable and not any(
        hasattr(one, "seed_generator") for one in fresh.layers
    ):
        # Without dropout a batch of these pictures answers the same while it is learned from.
        learning = _answers(fresh, pictures, training=True)
        assert np.allclose(learning, wanted, atol=1e-2 * np.abs(wanted).max())


def test_other_classes_get_a_new_last_layer_and_keep_the_rest(tmp_path):
    plain = _saved("two_block", tmp_path / "model.keras")
    fresh = build("two_block", NetworkSpec(classes=2, size_px=48))
    new = [np.array(one) for one in fresh.get_layer(LAST_LAYER).get_weights()]
    load_initial_weights(
        fresh, WarmStart("one", tmp_path / "model.keras", False), _pictures(48), seed=1
    )
    for before, after in zip(new, fresh.get_layer(LAST_LAYER).get_weights(), strict=True):
        assert np.array_equal(before, after)
    kernel = np.asarray(fresh.get_layer("block1a_conv").kernel)
    assert np.array_equal(kernel, np.asarray(plain.get_layer("block1a_conv").kernel))


def test_another_network_is_refused(tmp_path):
    _saved("two_block", tmp_path / "model.keras")
    fresh = build("csv_two_blocks", NetworkSpec(classes=7, size_px=48))
    said = "has the network two_block; this recipe has csv_two_blocks"
    with pytest.raises(PlanError, match=said):
        load_initial_weights(
            fresh, WarmStart("one", tmp_path / "model.keras", True), _pictures(48), seed=1
        )


def test_the_same_network_for_pictures_of_another_size_takes_over_every_filter(tmp_path):
    plain = _saved("two_block", tmp_path / "model.keras")
    fresh = build("two_block", NetworkSpec(classes=7, size_px=64))
    load_initial_weights(
        fresh, WarmStart("one", tmp_path / "model.keras", True), _pictures(64), seed=1
    )
    filters = [one.name for one in plain.layers if isinstance(one, keras.layers.Conv2D)]
    assert filters
    for name in filters:
        kernel = np.asarray(fresh.get_layer(name).kernel)
        assert np.array_equal(kernel, np.asarray(plain.get_layer(name).kernel)), name


def test_a_replacement_network_can_be_warm_started_from_the_earlier_one(tmp_path):
    for earlier, now in EARLIER_NETWORKS.items():
        plain = _saved(earlier, tmp_path / "model.keras")
        fresh = build(now, NetworkSpec(classes=7, size_px=48))
        load_initial_weights(
            fresh, WarmStart("one", tmp_path / "model.keras", True), _pictures(48), seed=1
        )
        wanted = _answers(plain, _pictures(48))
        found = _answers(fresh, _pictures(48))
        assert np.allclose(found, wanted, atol=1e-3 * np.abs(wanted).max())


def test_a_run_of_an_earlier_network_resumes_with_its_replacement(tmp_path):
    for earlier, now in EARLIER_NETWORKS.items():
        begun, resumed = (
            build(network, NetworkSpec(classes=3, dropout=0.5, size_px=48))
            for network in (earlier, now)
        )
        for model in (begun, resumed):
            model.compile("adam", "mse")
            model.optimizer.build(model.trainable_variables)
        checkpoint = Checkpoint(tmp_path / earlier)
        checkpoint.save(begun, epochs_done=4, control=EpochControl())
        found = checkpoint.restore(resumed)
        assert (found.epochs_done, found.messages) == (4, ())
        for before, after in zip(begun.weights, resumed.weights, strict=True):
            assert np.array_equal(before, after)


def test_weights_for_another_input_size_are_refused_with_one_sentence(tmp_path):
    _saved("csv_two_blocks", tmp_path / "model.keras")
    fresh = build("csv_two_blocks", NetworkSpec(classes=7, size_px=64))
    with pytest.raises(PlanError, match="do not fit this recipe"):
        load_initial_weights(
            fresh, WarmStart("one", tmp_path / "model.keras", True), _pictures(64), seed=1
        )


def test_a_damaged_file_raises_damaged_model(tmp_path):
    (tmp_path / "model.keras").write_bytes(b"nothing")
    fresh = build("two_block", NetworkSpec(classes=7, size_px=48))
    with pytest.raises(DamagedModel):
        load_initial_weights(
            fresh, WarmStart("one", tmp_path / "model.keras", True), _pictures(48), seed=1
        )


@pytest.fixture(scope="module")
def learned(tmp_path_factory):
    """A model that learned the stripes, and fewer pictures to go on with."""
    folder, dataset = tmp_path_factory.mktemp("learned"), striped_faces(training=640)
    plan = _plan(folder, epochs=3, options={"batch_size": 16})
    context = FakeContext(folder)
    done = export_model(keras_fit.fit(dataset, plan, context), dataset, plan, folder / "result")
    assert _accuracies(context)[-1] > 0.5
    return WarmStart("learned", done.keras_file, keeps_last_layer=True), striped_faces()


def _plan(folder, *, epochs, options):
    small = {"sizes_px": [[24, 1.0]], "ema": 0.9, **options}
    return TrainingPlan("two-block", data=str(folder), epochs=epochs, options=small)


def _accuracies(context):
    return [one.metrics["val_accuracy"] for one in context.events_of(EpochEnded)]


def test_a_warm_started_run_starts_at_the_accuracy_of_its_model(learned, tmp_path):
    beginning, dataset = learned
    gentle = {"learning_rate": 1e-6, "batch_size": 16, "begins_with": "learned"}
    context = FakeContext(tmp_path / "taught")
    plan = _plan(tmp_path, epochs=1, options=gentle)
    keras_fit.fit(dataset, plan, context, ExtraInputs(warm_start=lambda: beginning))
    scratch = FakeContext(tmp_path / "scratch")
    from_scratch = replace(plan, options={**plan.options, "begins_with": ""})
    keras_fit.fit(dataset, from_scratch, scratch)
    assert _accuracies(context)[0] > 0.5 > _accuracies(scratch)[0] + 0.2


def test_a_resumed_run_does_not_load_its_initial_weights_again(learned, tmp_path):
    beginning, dataset = learned
    options = {"learning_rate": 0.01, "batch_size": 16, "begins_with": "learned"}
    run = FakeContext(tmp_path / "run")
    plan = _plan(tmp_path, epochs=2, options=options)
    wanted = keras_fit.fit(dataset, plan, run, ExtraInputs(warm_start=lambda: beginning))
    newest = sorted((tmp_path / "run" / "checkpoint").glob("epoch-*.npz"))
    newest[-1].unlink()  # as if killed in the second epoch

    def gone():
        raise AssertionError("a resumed run asked for it")

    again = keras_fit.fit(
        dataset, plan, FakeContext(tmp_path / "run"), ExtraInputs(warm_start=gone)
    )
    for one, other in zip(wanted.get_weights(), again.get_weights(), strict=True):
        assert np.array_equal(one, other)
