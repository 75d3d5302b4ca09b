from __future__ import annotations

import shutil
from dataclasses import replace

import numpy as np
import pytest

from core.domain import ModelInput, OutputKind, Scaling, TensorLayout
from core.domain.errors import DamagedModel, UnknownModel
from core.live import Clocks, LiveSession
from core.models import LITERT_FILE, ONNX_FILE, digest, load_card, open_predictor, save
from core.models.converted_formats import (
    FORMATS_FILE,
    LIVE_FORMAT,
    formats_as_bytes,
    formats_folder,
)
from core.settings import PROJECT_DIR
from core.vision import build_analyser
from core.vision.recognition.live_model import load_live_model, load_model
from tests.convertible import (
    make_row,
    make_speed,
    random_weights,
    shelve_linear,
    write_linear_onnx,
)
from tests.face_clip import draw_face
from tests.fakes import FakeStore, ManualClock
from tests.foreign import Foreign, write_foreign
from tests.make import make_card, make_session

SHIPPED = PROJECT_DIR / "models"


@pytest.fixture
def models_dir(tmp_path):
    """A copy of the shipped models that may be damaged."""
    return shutil.copytree(SHIPPED, tmp_path / "models")


def test_the_shipped_model_loads_and_predicts():
    judge = load_model(SHIPPED)
    assert judge.card.weights <= 2_000_000
    faces = np.random.default_rng(1).random((70, 48, 48, 1), dtype=np.float32)
    together = judge.recognizer.recognize(faces)
    assert len(together) == 70
    assert judge.recognizer.recognize(faces[:0]) == []
    for place in (0, 33, 69):
        (alone,) = judge.recognizer.recognize(faces[place : place + 1])
        assert np.allclose(alone.values, together[place].values, atol=0.02)


def test_the_shipped_card_meets_its_requirements():
    card = load_card(SHIPPED, load_model(SHIPPED).card.name)
    private = card.report("PrivateTest")
    assert private.pictures == 3589
    assert private.accuracy.value >= 0.66
    assert card.report("PublicTest").pictures == 3589
    assert card.report("PublicTest + PrivateTest").pictures == 7178


def test_without_any_model_there_is_an_error(tmp_path):
    with pytest.raises(UnknownModel, match="no model"):
        load_model(tmp_path)


def test_a_damaged_model_is_refused(models_dir):
    name = load_model(models_dir).card.name
    path = models_dir / name / LITERT_FILE
    content = bytearray(path.read_bytes())
    content[1000] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(DamagedModel, match="sha256 differs"):
        load_model(models_dir)


def test_a_file_with_the_right_checksum_that_is_no_model_is_refused(tmp_path):
    path = tmp_path / LITERT_FILE
    path.write_bytes(b"nothing of the kind")
    card = load_card(SHIPPED, load_model(SHIPPED).card.name)
    card = replace(card, files={LITERT_FILE: digest(path)})
    with pytest.raises(DamagedModel, match="cannot be used"):
        open_predictor(path, card)


def test_a_model_for_another_picture_size_is_refused():
    card = load_card(SHIPPED, load_model(SHIPPED).card.name)
    other = replace(card, input=replace(card.input, size_px=47))
    with pytest.raises(DamagedModel):
        open_predictor(SHIPPED / card.name / LITERT_FILE, other)


def test_an_imported_model_analyses_a_clip_as_one_trained_here_does(tmp_path, assets_dir):
    """A clip through `LiveSession.process_frame`, judged by an imported ONNX model of colours."""
    path = write_foreign(tmp_path / ONNX_FILE, Foreign(shape=("n", 3, 16, 16)))
    card = replace(
        make_card("theirs"),
        reports=(),
        input=ModelInput(
            16, crop="box", channels=3, scaling=Scaling.IMAGENET, layout=TensorLayout.NCHW
        ),
        answers=OutputKind.PROBABILITIES,
        served_by=ONNX_FILE,
        origin="theirs.onnx",
    )
    save(tmp_path / "models", card, {ONNX_FILE: path})
    judge = load_live_model(tmp_path / "models", "theirs")
    analyser = build_analyser(
        assets_dir / "face_landmarker.task", assets_dir / "centerface.onnx", judge.recognizer
    )
    clock, store = ManualClock(), FakeStore()
    live = LiveSession(analyser, store, clocks=Clocks(clock.seconds, clock.now), not_sure_below=0.0)
    session = replace(make_session(), scheme_name=card.scheme.name)
    live.begin(session)
    for _ in range(5):
        clock.advance(0.1)
        live.process_frame(draw_face(smile=0.5), clock.seconds())
    live.finish(wait_s=3.0)
    live.close()
    seen = [one for moment in store.moments[session.id] for one in moment.observations]
    assert seen
    assert all(one.scores is not None for one in seen if one.quality.usable)
    assert any(one.quality.usable for one in seen)


def test_the_fastest_file_that_passed_is_used_for_a_stream(tmp_path):
    card = shelve_linear(tmp_path, "line")
    slow, quick = make_row(LIVE_FORMAT, runtime="onnx", speed=make_speed(4.0)), make_row("onnx")
    folder = formats_folder(tmp_path, "line")
    folder.mkdir()
    other = write_linear_onnx(tmp_path / "line" / quick.file, random_weights(seed=9))
    rows = [
        replace(slow, file=ONNX_FILE, sha256=card.files[ONNX_FILE]),
        replace(quick, sha256=digest(other)),
    ]
    rows = [replace(row, source_sha256=card.files[ONNX_FILE]) for row in rows]
    (folder / FORMATS_FILE).write_bytes(formats_as_bytes(rows))
    faces = np.random.default_rng(1).random((1, 48, 48, 1), dtype=np.float32)
    own = load_model(tmp_path, "line").recognizer.recognize(faces)[0]
    quickest = load_live_model(tmp_path, "line").recognizer.recognize(faces)[0]
    assert not np.allclose(own.values, quickest.values)
    # One that cannot be used after all gives way to the model's own.
    other.write_bytes(b"no model")
    rows[1] = replace(rows[1], sha256=digest(other))
    (folder / FORMATS_FILE).write_bytes(formats_as_bytes(rows))
    again = load_live_model(tmp_path, "line").recognizer.recognize(faces)[0]
    assert np.array_equal(own.values, again.values)
