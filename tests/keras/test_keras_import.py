"""Networks of other people: loaded without their code, made LiteRT, the same answers."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import h5py
import keras
import numpy as np
import pytest
import tf_keras

from core.conversion.importing import keras_import
from core.conversion.importing.job import run as import_model
from core.conversion.importing.keras_import import load_imported_network, write_verified_litert
from core.conversion.importing.plan import ImportPlan
from core.conversion.writers.keras_writers import write
from core.domain import FER7, Interpolation, ModelInput, OutputKind, Scaling
from core.domain.errors import DamagedModel, ModelError
from core.jobs import JobContext, Journal
from core.models import KERAS_FILE, LITERT_FILE, load_card, load_predictor
from core.settings import PROJECT_DIR
from tests.foreign import ALPHABET

pytestmark = [
    pytest.mark.keras,
    # That is what the files here are for.
    pytest.mark.filterwarnings("ignore:You are saving your model as an HDF5 file:UserWarning"),
]
layers = keras.layers


def theirs(*, scaling: bool = True) -> keras.Model:
    keras.utils.set_random_seed(4)
    first = [layers.Rescaling(1 / 255.0)] if scaling else []
    return keras.Sequential(
        [
            layers.Input((48, 48, 1)),
            *first,
            layers.Conv2D(4, 3, strides=4, activation="relu"),
            layers.DepthwiseConv2D(3),
            layers.BatchNormalization(),
            layers.Flatten(),
            layers.Dense(7, activation="softmax"),
        ]
    )


@pytest.fixture
def place(settings, tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    clock = lambda: datetime(2026, 11, 21, tzinfo=UTC)  # noqa: E731
    journal = Journal(folder / "events.jsonl", clock=clock)
    return JobContext(folder, journal, lambda: False, settings, clock)


def test_a_keras_model_is_registered_in_both_forms_with_the_same_predictions(place, tmp_path):
    model = theirs()
    model.save(tmp_path / "theirs.keras")
    name = import_model(ImportPlan(str(tmp_path / "theirs.keras"), ALPHABET).to_json(), place)
    card = load_card(place.settings.models_dir, name["model"])
    assert set(card.files) == {KERAS_FILE, LITERT_FILE}
    assert card.input == ModelInput(48, scaling=Scaling.BYTES, interpolation=Interpolation.BILINEAR)
    assert card.answers is OutputKind.PROBABILITIES
    assert card.weights == model.count_params()
    assert card.mmac > 0
    faces = np.random.default_rng(1).random((5, 48, 48, 1)).astype(np.float32)
    wanted = np.asarray(model(faces * 255))[:, [ALPHABET.index(one) for one in FER7.labels]]
    logits = load_predictor(place.settings.models_dir, card).logits(faces)
    got = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    assert got == pytest.approx(wanted, abs=1e-4)


def test_a_network_with_a_free_size_gets_the_given_size(place, tmp_path):
    keras.utils.set_random_seed(4)
    keras.Sequential(
        [
            layers.Input((None, None, 1)),
            layers.Conv2D(4, 3, strides=4, activation="relu"),
            layers.GlobalAveragePooling2D(),
            layers.Dense(7, activation="softmax"),
        ]
    ).save(tmp_path / "free.keras")
    plan = ImportPlan(str(tmp_path / "free.keras"), ALPHABET, size_px=48)
    card = load_card(place.settings.models_dir, import_model(plan.to_json(), place)["model"])
    assert card.input.size_px == 48


@pytest.mark.parametrize(
    ("first", "bytes_in"),
    [
        (layers.Rescaling(1 / 255), True),
        (layers.Rescaling(1 / 127.5, offset=-1), True),
        (layers.Rescaling(2.0, offset=-1), False),
        (layers.Rescaling(3.92, offset=-1.99), False),  # as Mien's own: centred by mean and spread
        (layers.Normalization(mean=129.5, variance=65.0**2), True),
        (layers.Normalization(mean=0.508, variance=0.255**2), False),
        (layers.Conv2D(2, 3), False),
    ],
)
def test_the_scaling_is_guessed_from_the_factor_of_the_first_layer(tmp_path, first, bytes_in):
    model = keras.Sequential(
        [layers.Input((48, 48, 1)), first, layers.Flatten(), layers.Dense(7, activation="softmax")]
    )
    model.save(tmp_path / "theirs.keras")
    assert load_imported_network(tmp_path / "theirs.keras").scales is bytes_in


@pytest.mark.parametrize("kind", ["keras", "onnx"])
def test_scaling_by_arithmetic_before_the_first_layer_is_measured(place, tmp_path, kind):
    """No layer says that it reads bytes: `net(pictures / 127.5 - 1)`."""
    net = keras.saving.load_model(PROJECT_DIR / "models" / "compact-2" / KERAS_FILE)
    picture = layers.Input((48, 48, 1))
    model = keras.Model(picture, net((picture / 127.5 - 1.0) * 0.5 + 0.5))
    path = tmp_path / f"theirs.{kind}"
    if kind == "keras":
        model.save(path)
    else:
        write(model, kind, path, np.zeros((1, 48, 48, 1), np.float32))
    plan = ImportPlan(str(path), FER7.labels)
    card = load_card(place.settings.models_dir, import_model(plan.to_json(), place)["model"])
    assert card.input.scaling is Scaling.BYTES
    assert any("Scaling measured as bytes" in one for one in card.input_notes)


def test_a_file_of_keras_2_with_depthwise_layers_is_loaded(tmp_path):
    path = tmp_path / "old.h5"
    model = theirs(scaling=False)
    model.save(path)
    with h5py.File(path, "r+") as file:
        config = json.loads(file.attrs["model_config"])
        for layer in config["config"]["layers"]:
            if layer["class_name"] == "DepthwiseConv2D":
                layer["config"]["groups"] = 1
        file.attrs["model_config"] = json.dumps(config)
    loaded = load_imported_network(path)
    faces = np.random.default_rng(1).random((3, 48, 48, 1)).astype(np.float32)
    assert np.asarray(loaded.network(faces)) == pytest.approx(np.asarray(model(faces)), abs=1e-6)
    assert not loaded.scales


def test_code_in_a_file_is_never_run(tmp_path):
    trace = tmp_path / "it-ran"

    def theirs_too(x):
        Path(trace).touch()
        return x

    for name in ("code.keras", "code.h5"):
        model = keras.Sequential([layers.Input((4, 4, 1)), layers.Lambda(theirs_too)])
        model.save(tmp_path / name)
        trace.unlink(missing_ok=True)
        with pytest.raises(DamagedModel, match="Lambda"):
            load_imported_network(tmp_path / name)
        assert not trace.exists()


def test_a_custom_layer_is_refused_by_name(tmp_path):
    @keras.saving.register_keras_serializable("theirs")
    class Squeeze(layers.Layer):
        def call(self, x):
            return x

    keras.Sequential([layers.Input((4, 4, 1)), Squeeze()]).save(tmp_path / "own.keras")
    with pytest.raises(DamagedModel, match="Squeeze"):
        load_imported_network(tmp_path / "own.keras")


def test_two_inputs_are_refused(tmp_path):
    one, other = layers.Input((4, 4, 1)), layers.Input((4, 4, 1))
    keras.Model([one, other], layers.Add()([one, other])).save(tmp_path / "two.keras")
    with pytest.raises(ModelError, match="2 inputs"):
        load_imported_network(tmp_path / "two.keras")


def test_a_network_whose_outputs_are_not_finite_is_refused(tmp_path):
    model = theirs()
    model.layers[-1].kernel.assign(np.full(model.layers[-1].kernel.shape, np.nan, np.float32))
    model.save(tmp_path / "nan.keras")
    loaded = load_imported_network(tmp_path / "nan.keras")
    with pytest.raises(DamagedModel, match="NaN or infinite"):
        write_verified_litert(loaded, tmp_path / "nan.tflite", np.zeros((2, 48, 48, 1), np.float32))


def test_outputs_that_differ_after_conversion_are_refused_with_the_figure(tmp_path, monkeypatch):
    theirs().save(tmp_path / "theirs.keras")
    loaded = load_imported_network(tmp_path / "theirs.keras")
    monkeypatch.setattr(keras_import, "MAX_DIFFERENCE", -1.0)
    with pytest.raises(ModelError, match="apart from its own"):
        write_verified_litert(loaded, tmp_path / "t.tflite", np.zeros((2, 48, 48, 1), np.float32))


@pytest.mark.parametrize("ending", ["keras", "h5"])
@pytest.mark.parametrize(
    "names", [("Emotion Model", "conv 1"), ("_my_model", "слой"), ("a", "b@1")]
)
def test_layer_names_invalid_in_a_graph_are_changed(tmp_path, names, ending):
    own, first = names
    inner = keras.Sequential(
        [
            layers.Input((48, 48, 1), name="вход картинка"),
            layers.Conv2D(2, 3, strides=4, name=first),
            layers.Conv2D(2, 3, strides=4, name=f"{first}!"),
            layers.Flatten(),
            layers.Dense(7, activation="softmax"),
        ],
        name=own,
    )
    picture = layers.Input((48, 48, 1))
    model = keras.Model(picture, inner(picture))
    for one in (inner, model):
        path = tmp_path / f"theirs.{ending}"
        one.save(path)
        loaded = load_imported_network(path)
        faces = np.random.default_rng(1).random((4, 48, 48, 1)).astype(np.float32)
        assert np.asarray(loaded.network(faces)) == pytest.approx(np.asarray(one(faces)), abs=1e-6)
        assert "within" in write_verified_litert(loaded, tmp_path / "theirs.tflite", faces)


def old(kind: str) -> tf_keras.Model:
    """Networks that Keras 2 could save and Keras 3 cannot read."""
    old_layers = tf_keras.layers
    tf_keras.utils.set_random_seed(4)
    picture = old_layers.Input((48, 48, 1))
    found = picture
    if kind == "separable":
        found = old_layers.SeparableConv2D(4, 3, strides=3, activation="relu")(found)
    if kind == "arithmetic":
        found = found / 127.5 - 1.0
    if kind == "nested":
        first = old_layers.Conv2D(4, 3, strides=3, input_shape=(48, 48, 1))
        inner = tf_keras.Sequential([first, old_layers.BatchNormalization()])
        found = inner(found)
    found = old_layers.Conv2D(2, 3, strides=4)(found)
    found = old_layers.Dense(7, activation="softmax")(old_layers.Flatten()(found))
    return tf_keras.Model(picture, found)


@pytest.mark.parametrize("kind", ["separable", "arithmetic", "nested"])
def test_a_file_of_keras_2_predicts_as_in_keras_2(place, tmp_path, kind):
    model = old(kind)
    model.save(tmp_path / "old.h5")
    plan = ImportPlan(str(tmp_path / "old.h5"), ALPHABET, scaling="bytes")
    card = load_card(place.settings.models_dir, import_model(plan.to_json(), place)["model"])
    assert set(card.files) == {LITERT_FILE}
    assert any("Saved by Keras 2" in one for one in card.limits)
    faces = np.random.default_rng(1).random((5, 48, 48, 1)).astype(np.float32)
    wanted = np.asarray(model(faces * 255))[:, [ALPHABET.index(one) for one in FER7.labels]]
    logits = load_predictor(place.settings.models_dir, card).logits(faces)
    got = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    assert got == pytest.approx(wanted, abs=1e-4)


def test_a_description_as_json_and_its_weights_are_read_together(place, tmp_path):
    model = old("separable")
    model.save_weights(tmp_path / "weights.h5")
    (tmp_path / "model.json").write_text(model.to_json())
    asked = {"architecture": str(tmp_path / "model.json"), "scaling": "unit"}
    plan = ImportPlan(str(tmp_path / "weights.h5"), ALPHABET, **asked)
    card = load_card(place.settings.models_dir, import_model(plan.to_json(), place)["model"])
    assert card.weights == model.count_params()


@pytest.mark.parametrize("kind", ["sequential", "functional"])
def test_a_json_description_of_keras_3_is_loaded_with_its_weights(tmp_path, kind):
    model = theirs()
    if kind == "functional":
        model = keras.Model(model.inputs[0], model.outputs[0])
    model.save_weights(tmp_path / "any.weights.h5")
    (tmp_path / "model.json").write_text(model.to_json())
    loaded = load_imported_network(tmp_path / "any.weights.h5", tmp_path / "model.json")
    faces = np.random.default_rng(1).random((3, 48, 48, 1), dtype=np.float32) * 255
    assert not loaded.is_legacy
    assert np.allclose(loaded.network(faces), model(faces), atol=1e-5)


def test_weights_that_do_not_match_the_description_are_an_error(tmp_path):
    theirs().save_weights(tmp_path / "any.weights.h5")
    other = keras.Sequential([layers.Input((48, 48, 1)), layers.Flatten(), layers.Dense(7)])
    (tmp_path / "other.json").write_text(other.to_json())
    with pytest.raises(DamagedModel, match=r"any\.weights\.h5 does not fit other\.json"):
        load_imported_network(tmp_path / "any.weights.h5", tmp_path / "other.json")


@pytest.mark.parametrize(("saved", "called"), [("a.keras", "b.h5"), ("a.h5", "b.keras")])
def test_a_file_with_the_wrong_suffix_is_loaded_by_its_content(tmp_path, saved, called):
    theirs().save(tmp_path / saved)
    (tmp_path / saved).rename(tmp_path / called)
    loaded = load_imported_network(tmp_path / called)
    assert loaded.weights == theirs().count_params()
    assert not loaded.is_legacy


def test_weights_alone_are_refused_with_advice_to_add_the_architecture(tmp_path):
    old("separable").save_weights(tmp_path / "weights.h5")
    with pytest.raises(DamagedModel) as refused:
        load_imported_network(tmp_path / "weights.h5")
    assert "to_json" in refused.value.advice


@pytest.mark.parametrize("content", ["", "[]", '{"a": 1}', '{"class_name": "Lambda"}'])
def test_a_description_of_no_network_is_refused(tmp_path, content):
    old("separable").save_weights(tmp_path / "weights.h5")
    (tmp_path / "model.json").write_text(content)
    with pytest.raises(DamagedModel) as refused:
        load_imported_network(tmp_path / "weights.h5", tmp_path / "model.json")
    assert refused.value.advice


def test_a_function_that_reads_files_is_refused_between_layers(tmp_path):
    path = tmp_path / "old.h5"
    old("arithmetic").save(path)
    with h5py.File(path, "r+") as file:
        config = file.attrs["model_config"]
        file.attrs["model_config"] = config.replace("math.truediv", "io.read_file")
    with pytest.raises(DamagedModel, match=r"io\.read_file"):
        load_imported_network(path)
