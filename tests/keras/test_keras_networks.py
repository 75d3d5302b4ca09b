"""Every network: builds, gives one logit a class, folds to plain layers, converts, stays equal."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf

from core.conversion.writers.keras_litert import LiteRtFormat, write_litert
from core.conversion.writers.keras_macs import count_mmac
from core.models.prediction import litert_logits
from core.training.networks.keras_blocks import NetworkSpec
from core.training.networks.keras_layers import FusedBatchNormalization
from core.training.networks.keras_networks import NETWORKS, build
from core.training.recipes import RECIPES
from core.training.trainer.keras_export import fold
from tests.keras.random_normalisation import SIDE_PX, randomise_normalisation

pytestmark = [pytest.mark.keras, pytest.mark.timeout(600)]


@pytest.fixture(params=sorted(NETWORKS), scope="module")
def randomised(request):
    """A network whose normalisation is not the identity: otherwise folding is too easy."""
    keras.utils.set_random_seed(3)
    spec = NetworkSpec(classes=7, dropout=0.2, size_px=SIDE_PX[request.param])
    return randomise_normalisation(build(request.param, spec))


@pytest.fixture(scope="module")
def pixels(randomised):
    side = SIDE_PX[randomised.name]
    return np.random.default_rng(4).integers(0, 256, (9, side, side), dtype=np.uint8)


@pytest.fixture(scope="module")
def plain(randomised):
    return fold(randomised, NetworkSpec(classes=7, size_px=SIDE_PX[randomised.name], folded=True))


def _answers(model, pixels):
    return np.asarray(model(pixels[..., None].astype(np.float32) / 255.0, training=False))


def test_folding_leaves_every_answer_as_it_was(randomised, plain, pixels):
    assert not any(isinstance(layer, FusedBatchNormalization) for layer in plain.layers)
    assert np.allclose(_answers(randomised, pixels), _answers(plain, pixels), atol=2e-4)


def test_a_saved_plain_network_loads_without_our_code(plain, pixels, tmp_path):
    plain.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras", compile=False, safe_mode=True)
    assert np.array_equal(_answers(plain, pixels), _answers(again, pixels))


def _farthest(plain, pixels, path, number_format):
    """How far the file's answers are from the network's, as a share of those."""
    write_litert(plain, path, number_format)
    got = litert_logits(path, pixels, threads=1)
    assert got.shape == (9, 7)
    wanted = _answers(plain, pixels)
    return np.linalg.norm(got - wanted) / np.linalg.norm(wanted)


def test_the_litert_file_answers_like_the_network(plain, pixels, tmp_path):
    assert _farthest(plain, pixels, tmp_path / "model.tflite", LiteRtFormat.FLOAT32) < 1e-4


# With random weights the answers of the others say nothing about eight bits.
@pytest.mark.parametrize(
    "randomised", [n for n in sorted(NETWORKS) if NETWORKS[n].foldable], indirect=True
)
def test_the_litert_file_of_eight_bits_answers_nearly_like_the_network(plain, pixels, tmp_path):
    assert _farthest(plain, pixels, tmp_path / "model.tflite", LiteRtFormat.DYNAMIC_INT8) < 0.08


def test_every_recipe_names_a_network_and_keeps_the_shipped_size_small():
    for recipe in RECIPES.values():
        assert recipe.network in NETWORKS
    model = build("compact_residual", NetworkSpec(classes=7, size_px=48, folded=True))
    assert model.count_params() < 2_000_000
    # Reference: counted by hand layer by layer from the widths in the network.
    assert count_mmac(model) == pytest.approx(91.3, abs=0.1)


def test_the_expressiveness_network_drops_after_each_block_and_behind_its_dense_layer():
    recipe = RECIPES["expressiveness"]
    model = build(recipe.network, NetworkSpec(classes=3, dropout=recipe.dropout, size_px=48))
    rates = {one.name: one.rate for one in model.layers if isinstance(one, keras.layers.Dropout)}
    assert rates == {"block1_drop": 0.25, "block2_drop": 0.25, "block3_drop": 0.25, "dropout": 0.5}


def test_our_batch_normalisation_equals_keras_own():
    rng = np.random.default_rng(5)
    ours, theirs = FusedBatchNormalization(), keras.layers.BatchNormalization()
    for _ in range(5):
        batch = rng.normal(2.0, 3.0, (16, 6, 6, 4)).astype(np.float32)
        assert np.allclose(ours(batch, training=True), theirs(batch, training=True), atol=1e-4)
    assert np.allclose(ours.moving_mean, theirs.moving_mean, atol=1e-5)
    # Ours keeps the unbiased variance (n / (n - 1)), as the kernel gives it; theirs the biased one.
    unbiased = 16 * 36 / (16 * 36 - 1)
    assert np.allclose(ours.moving_variance, theirs.moving_variance, rtol=1.1 * (unbiased - 1))
    assert np.allclose(ours(batch), theirs(batch), atol=1e-2)


def test_every_weight_of_a_network_learns(randomised, pixels):
    faces = tf.constant(pixels[..., None], tf.float32) / 255.0
    truth = tf.one_hot(np.arange(len(pixels)) % 7, 7)
    weights = randomised.trainable_variables

    @tf.function  # as training does it: outside of a graph oneDNN ends the process on some layers
    def slopes():
        with tf.GradientTape() as tape:
            logits = randomised(faces, training=True)
            loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(truth, logits))
        return tape.gradient(loss, [weight.value for weight in weights])

    silent = [
        weight.path
        for weight, slope in zip(weights, slopes(), strict=True)
        if not np.isfinite(slope).all() or not np.any(slope)
    ]
    assert not silent
