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
from core.models.runtimes.onnx_file import look_into
from core.models.runtimes.open_runtime import open_engine
from core.storage.settings import PROJECT_DIR
from core.vision import ModelRecognizer
from tests.foreign import Foreign, write_foreign
from tests.make import make_card

SHIPPED = PROJECT_DIR / "models" / "compact-1" / LITERT_FILE


@pytest.fixture
def file(tmp_path):
    return tmp_path / "theirs.onnx"


def batch(count: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(3).random((count, *shape), dtype=np.float32)


def test_any_number_of_pictures_gives_as_many_rows(file):
    engine = open_engine(write_foreign(file))
    assert engine.signature.picture == (8, 8, 1)
    assert engine.signature.answers == 7
    together = engine.answer(batch(40, 8, 8, 1))
    assert together.shape == (40, 7)
    assert together.sum(axis=1) == pytest.approx(1.0, abs=1e-5)
    assert engine.answer(batch(40, 8, 8, 1)[7:8]) == pytest.approx(together[7:8], abs=1e-6)


def test_a_file_for_single_pictures_is_asked_about_one_after_the_other(file):
    engine = open_engine(write_foreign(file, Foreign(shape=(1, 1, 8, 8))))
    assert engine.signature.one_by_one
    assert engine.answer(batch(5, 1, 8, 8)).shape == (5, 7)


def test_a_length_that_is_free_is_told_as_none(file):
    engine = open_engine(write_foreign(file, Foreign(shape=("n", "h", "w", 1))))
    assert engine.signature.picture == (None, None, 1)


def test_a_single_number_about_all_pictures_is_no_answer(file):
    picture = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 1, 8, 8])
    mean = helper.make_tensor_value_info("y", TensorProto.FLOAT, [])
    node = helper.make_node("ReduceMean", ["x"], ["y"], keepdims=0)
    graph = helper.make_graph([node], "mean", [picture], [mean])
    onnx.save(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), file
    )
    with pytest.raises(DamagedModel, match="1 answers about 2 pictures"):
        open_engine(file).answer(batch(2, 1, 8, 8))


def test_one_session_answers_several_threads(file):
    engine, found = open_engine(write_foreign(file)), []
    faces = batch(3, 8, 8, 1)
    threads = [Thread(target=lambda: found.append(engine.answer(faces))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert all(np.array_equal(one, found[0]) for one in found)


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (Foreign(shape=(4, 8, 8, 1)), "wants 4 pictures at a time"),
        (Foreign(inputs=2), "2 inputs"),
        (Foreign(outputs=2), "2 outputs"),
        (Foreign(kind=TensorProto.UINT8), "input of theirs.onnx is uint8"),
        (Foreign(domain="their.own"), "cannot be used by ONNX Runtime"),
        (Foreign(elsewhere="weights.bin"), "weights in other files"),
        (Foreign(elsewhere="../../etc/passwd"), "weights in other files"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_a_sentence(file, model, message):
    with pytest.raises(DamagedModel, match=message) as refused:
        open_engine(write_foreign(file, model))
    assert refused.value.advice


def test_weights_elsewhere_are_found_inside_a_branch_too(file):
    whole = onnx.load(
        write_foreign(file, Foreign(elsewhere="weights.bin")), load_external_data=False
    )
    then = onnx.helper.make_attribute("then_branch", whole.graph)
    branch = onnx.helper.make_node("If", ["c"], ["o"])
    branch.attribute.append(then)
    outer = onnx.helper.make_model(onnx.helper.make_graph([branch], "outer", [], []))
    assert look_into(outer.SerializeToString(), "o.onnx").elsewhere


def test_weights_are_counted_without_the_package_that_knows_the_format(file):
    found = look_into(write_foreign(file).read_bytes(), "theirs.onnx")
    assert found.weights == 64 * 7  # the shape of the reshaping is no weight
    assert found.nodes == 4
    assert not found.elsewhere


def test_a_cut_file_is_no_onnx_file(file):
    content = write_foreign(file).read_bytes()
    file.write_bytes(content[: len(content) // 2])
    with pytest.raises(DamagedModel, match=r"no ONNX file|cannot be used"):
        open_engine(file)


@pytest.mark.parametrize("content", [b"", b"\xff" * 50, b"\x0a" * 1000, b"PK\x03\x04 and more"])
def test_rubbish_is_no_model(tmp_path, content):
    for name in ("a.onnx", "a.tflite"):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(DamagedModel):
            open_engine(path)


def test_a_file_of_another_kind_is_refused(tmp_path):
    with pytest.raises(DamagedModel, match="no kind"):
        open_engine(tmp_path / "model.pt")


def test_pictures_of_another_size_are_refused_in_a_sentence(file):
    engine = open_engine(write_foreign(file))
    with pytest.raises(DamagedModel, match="9 x 9 x 1"):
        engine.answer(batch(1, 9, 9, 1))


def test_a_litert_file_says_what_it_reads():
    signature = open_engine(SHIPPED).signature
    assert signature.picture == (48, 48, 1)
    assert signature.answers == 7
    assert not signature.one_by_one


def test_a_recogniser_asks_an_onnx_model_of_colours(file):
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
    ("model", "said"),
    [
        (Foreign(answers=5), "gives 5 outputs per picture, which do not match its card: 7"),
        (Foreign(value=float("nan")), "for 1 of 1 picture are NaN or infinite"),
    ],
)
def test_answers_that_do_not_fit_the_card_never_reach_a_person(file, model, said):
    write_foreign(file, model)
    card = replace(make_card(), input=ModelInput(8), answers=OutputKind.PROBABILITIES)
    with pytest.raises(DamagedModel, match=said):
        open_predictor(file, card)
