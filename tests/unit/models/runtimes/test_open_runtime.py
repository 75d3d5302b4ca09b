from __future__ import annotations

from dataclasses import replace
from threading import Thread

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from core.domain import ModelInput, OutputKind, Scaling, TensorLayout
from core.domain.errors import DamagedModel
from core.models import LITERT_FILE, open_predictor
from core.models.runtimes.onnx_file import inspect_onnx
from core.models.runtimes.open_runtime import open_engine
from core.settings import PROJECT_DIR
from core.vision import ModelRecognizer
from tests.foreign import Foreign, write_foreign
from tests.make import make_card

SHIPPED = PROJECT_DIR / "models" / "compact-1" / LITERT_FILE


@pytest.fixture
def file(tmp_path):
    return tmp_path / "theirs.onnx"


def batch(count: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(3).random((count, *shape), dtype=np.float32)


def test_any_batch_size_gives_as_many_rows(file):
    engine = open_engine(write_foreign(file))
    assert engine.signature.picture == (8, 8, 1)
    assert engine.signature.outputs == 7
    together = engine.predict(batch(40, 8, 8, 1))
    assert together.shape == (40, 7)
    assert together.sum(axis=1) == pytest.approx(1.0, abs=1e-5)
    assert engine.predict(batch(40, 8, 8, 1)[7:8]) == pytest.approx(together[7:8], abs=1e-6)


def test_a_file_with_a_batch_size_of_1_is_run_picture_by_picture(file):
    engine = open_engine(write_foreign(file, Foreign(shape=(1, 1, 8, 8))))
    assert engine.signature.one_by_one
    assert engine.predict(batch(5, 1, 8, 8)).shape == (5, 7)


def test_a_free_dimension_is_none(file):
    engine = open_engine(write_foreign(file, Foreign(shape=("n", "h", "w", 1))))
    assert engine.signature.picture == (None, None, 1)


def test_a_single_output_for_all_pictures_is_refused(file):
    picture = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 1, 8, 8])
    mean = helper.make_tensor_value_info("y", TensorProto.FLOAT, [])
    node = helper.make_node("ReduceMean", ["x"], ["y"], keepdims=0)
    graph = helper.make_graph([node], "mean", [picture], [mean])
    onnx.save(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), file
    )
    with pytest.raises(DamagedModel, match="1 outputs for 2 pictures"):
        open_engine(file).predict(batch(2, 1, 8, 8))


def test_one_session_serves_several_threads(file):
    engine, found = open_engine(write_foreign(file)), []
    faces = batch(3, 8, 8, 1)
    threads = [Thread(target=lambda: found.append(engine.predict(faces))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert all(np.array_equal(one, found[0]) for one in found)


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (Foreign(shape=(4, 8, 8, 1)), "has a fixed batch size of 4"),
        (Foreign(inputs=2), "2 inputs"),
        (Foreign(outputs=2), "2 outputs"),
        (Foreign(kind=TensorProto.UINT8), "input of theirs.onnx is uint8"),
        (Foreign(domain="their.own"), "cannot be used by ONNX Runtime"),
        (Foreign(elsewhere="weights.bin"), "weights in other files"),
        (Foreign(elsewhere="../../etc/passwd"), "weights in other files"),
    ],
)
def test_an_unsupported_file_is_refused_with_a_message(file, model, message):
    with pytest.raises(DamagedModel, match=message) as refused:
        open_engine(write_foreign(file, model))
    assert refused.value.advice


def test_external_weights_are_found_inside_a_branch_too(file):
    whole = onnx.load(
        write_foreign(file, Foreign(elsewhere="weights.bin")), load_external_data=False
    )
    then = onnx.helper.make_attribute("then_branch", whole.graph)
    branch = onnx.helper.make_node("If", ["c"], ["o"])
    branch.attribute.append(then)
    outer = onnx.helper.make_model(onnx.helper.make_graph([branch], "outer", [], []))
    assert inspect_onnx(outer.SerializeToString(), "o.onnx").external_data


def test_weights_are_counted_without_the_onnx_package(file):
    found = inspect_onnx(write_foreign(file).read_bytes(), "theirs.onnx")
    assert found.weights == 64 * 7  # the shape of the reshaping is no weight
    assert found.nodes == 4
    assert not found.external_data


def test_a_truncated_file_is_no_onnx_file(file):
    content = write_foreign(file).read_bytes()
    file.write_bytes(content[: len(content) // 2])
    with pytest.raises(DamagedModel, match=r"no ONNX file|cannot be used"):
        open_engine(file)


@pytest.mark.parametrize("content", [b"", b"\xff" * 50, b"\x0a" * 1000, b"PK\x03\x04 and more"])
def test_arbitrary_bytes_are_no_model(tmp_path, content):
    for name in ("a.onnx", "a.tflite"):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(DamagedModel):
            open_engine(path)


def test_a_file_of_another_kind_is_refused(tmp_path):
    with pytest.raises(DamagedModel, match="not a supported model file"):
        open_engine(tmp_path / "model.pt")


def test_pictures_of_another_size_are_refused_with_a_message(file):
    engine = open_engine(write_foreign(file))
    with pytest.raises(DamagedModel, match="9 x 9 x 1"):
        engine.predict(batch(1, 9, 9, 1))


def test_a_litert_file_declares_its_input_shape():
    signature = open_engine(SHIPPED).signature
    assert signature.picture == (48, 48, 1)
    assert signature.outputs == 7
    assert not signature.one_by_one


def test_a_recogniser_runs_an_onnx_colour_model(file):
    write_foreign(file, Foreign(shape=("n", 3, 8, 8)))
    card = replace(
        make_card(),
        input=ModelInput(8, channels=3, layout=TensorLayout.NCHW, scaling=Scaling.IMAGENET),
        answers=OutputKind.PROBABILITIES,
    )
    recognizer = ModelRecognizer(open_predictor(file, card))
    scores = recognizer.recognize(batch(3, 8, 8, 3))
    assert len(scores) == 3
    assert recognizer.recognize(batch(3, 8, 8, 1)[:0]) == []
    assert len(recognizer.recognize(batch(2, 8, 8, 1))) == 2  # grey, as datasets have it


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (Foreign(answers=5), "gives 5 outputs per picture, which do not match its card: 7"),
        (Foreign(value=float("nan")), "for 1 of 1 picture are NaN or infinite"),
    ],
)
def test_outputs_that_do_not_match_the_card_are_refused(file, model, message):
    write_foreign(file, model)
    card = replace(make_card(), input=ModelInput(8), answers=OutputKind.PROBABILITIES)
    with pytest.raises(DamagedModel, match=message):
        open_predictor(file, card)
