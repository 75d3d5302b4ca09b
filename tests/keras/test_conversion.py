"""Conversions of a real network, in every format, by the runtimes that users have."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from core.conversion import FORMATS, ConvertPlan, job
from core.conversion.checks.format_runtimes import open_in_runtime
from core.conversion.formats import Runtime
from core.conversion.writers import keras_writers
from core.conversion.writers.keras_litert import LiteRtFormat, write_litert
from core.conversion.writers.keras_runtimes import KerasEngine
from core.conversion.writers.keras_writers import WRITERS, write
from core.domain import LogMessage, ModelCard, ModelInput
from core.domain.errors import DamagedModel, UnwritableFormat
from core.models import (
    BROWSER_FORMAT,
    KERAS_FILE,
    LITERT_FILE,
    PREDICTION_BATCH_SIZE,
    load_card,
    predict,
    save,
)
from core.models.converted_formats import LIVE_FORMAT, read_formats
from core.models.live_format import format_file
from core.models.runtimes import open_engine
from tests.make import BEGAN_AT, make_card
from tests.predictions import scores_by_every_path
from tests.training_runs import FakeContext

pytestmark = pytest.mark.keras

SIDE = 24


@pytest.fixture(scope="module")
def network():
    keras.utils.set_random_seed(5)
    grey = keras.Input((SIDE, SIDE, 1), name="grey")
    x = keras.layers.Conv2D(8, 3, strides=2, activation="relu")(grey)
    x = keras.layers.Conv2D(16, 3, strides=2, activation="relu")(x)
    x = keras.layers.Flatten()(x)
    network = keras.Model(grey, keras.layers.Dense(7)(x))
    network.layers[-1].set_weights([3 * one for one in network.layers[-1].get_weights()])
    return network


@pytest.fixture(scope="module")
def pictures():
    return np.random.default_rng(1).random((40, SIDE, SIDE, 1), dtype=np.float32)


@pytest.fixture
def place(settings, network, tmp_path, monkeypatch):
    """A shelf with the network on it, and a run to convert it in."""
    for name, value in (("_WARM_UP", 1), ("_MAX_CALLS", 3), ("_MIN_CALLS", 1), ("_LOADS", 1)):
        monkeypatch.setattr(f"core.conversion.checks.benchmark.{name}", value)
    files = {KERAS_FILE: tmp_path / KERAS_FILE, LITERT_FILE: tmp_path / LITERT_FILE}
    network.save(files[KERAS_FILE])
    write_litert(network, files[LITERT_FILE], LiteRtFormat.DYNAMIC_INT8)
    save(settings.models_dir, _card(), files)
    found = FakeContext(tmp_path / "run")
    found.folder.mkdir()
    found.settings, found.clock = settings, lambda: BEGAN_AT
    return found


def _card() -> ModelCard:
    return ModelCard(**{**vars(make_card("tiny")), "input": ModelInput(SIDE)})


def _convert(place, *formats, pictures=140):
    plan = ConvertPlan("tiny", formats=formats, pictures=pictures)
    result = job.run(plan.to_json(), place)
    card = load_card(place.settings.models_dir, "tiny")
    rows = {row.name: row for row in read_formats(place.settings.models_dir, card)}
    return result, card, rows


def test_every_format_but_keras_has_a_writer():
    assert {"keras", *WRITERS} == set(FORMATS)


def test_every_format_passes_or_is_refused_with_the_figure(place):
    result, card, rows = _convert(place)
    assert set(rows) == {LIVE_FORMAT, *FORMATS}
    exact = {"keras", "saved-model", "litert-float32", "onnx"}
    for name, row in rows.items():
        assert row.parity.faces == 140
        assert row.speed.one.median_ms > 0
        if name in exact:
            assert row.passed, row.refusal
            assert row.parity.max_difference < 1e-4
        if row.passed:
            assert format_file(place.settings.models_dir, card, row).stat().st_size > 0
        else:
            assert "%" in row.refusal or "differ" in row.refusal
    assert rows["litert-float16"].passed
    assert rows["litert-float16"].size_bytes < 0.7 * rows["litert-float32"].size_bytes
    assert rows["litert-int8"].notes == ("Calibration data for quantization: 500 synthetic faces.",)
    assert rows[BROWSER_FORMAT].notes == (
        "LiteRT, 8-bit weights, batch size 1: 32 pictures are 32 calls.",
    )
    assert rows["keras"].file == KERAS_FILE
    assert rows["litert-dynamic-int8"].file in {LITERT_FILE, ""}
    said = [event.sentence for event in place.events_of(LogMessage)]
    assert any("synthetic faces" in one for one in said)
    assert set(result["passed"].split(", ")) >= exact


def test_integer_arithmetic_has_float32_inputs_and_outputs(network, pictures, tmp_path):
    write_litert(network, tmp_path / "m.tflite", LiteRtFormat.FULL_INT8, pictures)
    engine = open_in_runtime(Runtime.LITERT, tmp_path / "m.tflite", threads=1)
    wanted = KerasEngine(network).predict(pictures)
    got = engine.predict(pictures)
    assert got.dtype == np.float32
    assert np.corrcoef(wanted.ravel(), got.ravel())[0, 1] > 0.99
    with pytest.raises(ValueError, match="without pictures"):
        write_litert(network, tmp_path / "n.tflite", LiteRtFormat.FULL_INT8)


def test_the_file_for_browsers_declares_one_picture_and_answers_like_the_free_batch(
    network, pictures, tmp_path
):
    write(network, BROWSER_FORMAT, tmp_path / "one.tflite", pictures)
    write(network, "litert-dynamic-int8", tmp_path / "free.tflite", pictures)
    interpreter = Interpreter(model_path=str(tmp_path / "one.tflite"))
    for details in (*interpreter.get_input_details(), *interpreter.get_output_details()):
        assert details["shape_signature"][0] == 1
    one, free = (open_engine(tmp_path / f"{name}.tflite") for name in ("one", "free"))
    assert one.signature.one_by_one
    assert np.array_equal(one.predict(pictures), free.predict(pictures))


def test_a_small_litert_network_gives_the_same_bits_on_every_path(place):
    pixels = np.random.default_rng(2).integers(
        0, 256, (PREDICTION_BATCH_SIZE + 5, 30, 30), np.uint8
    )
    found = scores_by_every_path(place.settings, "tiny", pixels)
    for path, scores in found.items():
        assert np.array_equal(scores, found["evaluation"][: len(scores)]), path


def test_tensorflow_adds_in_another_order_for_one_picture_than_for_several(network, pictures):
    """Up to 1.4e-6 in logits of the shipped networks: why it is compared, and never runs live."""
    engine = KerasEngine(network)
    together = predict(engine, pictures, _card())
    alone = np.concatenate([predict(engine, one[None], _card()) for one in pictures])
    assert np.abs(together - alone).max() < 1e-5


def _no_numbers(weights):
    weights[0][..., 0] = np.nan


def _swapped(weights):
    weights[-2][:] = weights[-2][:, ::-1]


def _pruned(weights):
    for one in weights:
        one[np.abs(one) < np.quantile(np.abs(one), 0.9)] = 0.0


@pytest.mark.parametrize("tamper", [_no_numbers, _swapped, _pruned])
def test_a_file_with_other_weights_is_refused_whatever_its_format(place, monkeypatch, tamper):
    def write_tampered(network, name, path, samples):
        other = keras.models.clone_model(network)
        weights = network.get_weights()
        tamper(weights)
        other.set_weights(weights)
        write(other, name, path, samples)

    monkeypatch.setattr(keras_writers, "write", write_tampered)
    formats = ("litert-float32", "litert-dynamic-int8", "onnx", "saved-model")
    result, _, rows = _convert(place, *formats)
    assert result["passed"] == ""
    for name in formats:
        assert not rows[name].passed
        assert rows[name].file == ""
    if tamper is _no_numbers:
        assert "are NaN or infinite" in rows["onnx"].refusal
    left = {path.name for path in (place.settings.models_dir / "tiny" / "formats").iterdir()}
    assert left == {"formats.json"}


@pytest.fixture(scope="module")
def uncommon():
    """A network with an operation that neither LiteRT nor ONNX has."""
    grey = keras.Input((SIDE, SIDE, 1))
    x = keras.layers.Flatten()(grey)
    x = keras.ops.erfinv(keras.ops.tanh(keras.layers.Dense(7)(x)))
    return keras.Model(grey, x)


@pytest.mark.parametrize("name", ["onnx", "litert-float32", "litert-int8"])
def test_an_operation_that_a_format_lacks_is_named(uncommon, pictures, tmp_path, name):
    with pytest.raises(UnwritableFormat, match="has no counterpart for Erfinv") as caught:
        write(uncommon, name, tmp_path / "model", pictures)
    assert caught.value.advice
    assert not (tmp_path / "model").exists()


def test_formats_that_support_the_operation_are_converted(uncommon, pictures, tmp_path):
    write(uncommon, "saved-model", tmp_path / "m.zip", pictures)
    wanted = KerasEngine(uncommon).predict(pictures)
    got = open_in_runtime(Runtime.SAVED_MODEL, tmp_path / "m.zip", threads=1).predict(pictures)
    assert np.allclose(got, wanted, atol=1e-5)


@pytest.mark.parametrize("content", [b"", b"no network", b"PK\x03\x04 cut off"])
@pytest.mark.parametrize("name", ["m.keras", "m.zip"])
def test_damaged_files_are_an_error(tmp_path, content, name):
    (tmp_path / name).write_bytes(content)
    runtime = Runtime.KERAS if name == "m.keras" else Runtime.SAVED_MODEL
    with pytest.raises(DamagedModel) as caught:
        open_in_runtime(runtime, tmp_path / name, threads=1)
    assert caught.value.advice
