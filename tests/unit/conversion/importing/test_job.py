from __future__ import annotations

import json
import shutil
import zipfile
from datetime import UTC, datetime

import cv2
import numpy as np
import pytest

from core.conversion.checks.format_runtimes import open_in_runtime
from core.conversion.formats import Runtime
from core.conversion.importing.adjust import remove_import, set_input, synthetic_face_predictions
from core.conversion.importing.importable_formats import IMPORTERS, Importer
from core.conversion.importing.importers import import_onnx
from core.conversion.importing.plan import ImportPlan
from core.domain import (
    FER7,
    Interpolation,
    ModelInput,
    OutputKind,
    RunStatus,
    Scaling,
    TensorLayout,
)
from core.domain.errors import ModelError
from core.domain.provenance import UNCALIBRATED
from core.jobs import Lease
from core.jobs.job_queue import queue_path
from core.jobs.run_folder.folder import RunFolder, create
from core.models import LITERT_FILE, ONNX_FILE, load_card, load_predictor, predict, verify
from core.models.converted_formats import formats_folder
from core.settings import PROJECT_DIR
from core.vision.recognition.live_model import load_live_model, load_model
from tests.foreign import ALPHABET, Foreign, write_described, write_foreign

SHIPPED = PROJECT_DIR / "models" / "compact-1" / LITERT_FILE


@pytest.fixture
def imported(settings, worker):
    """Import a file; returns the run and the card, None where it failed."""

    def do(path, labels=FER7.labels, **given):
        plan = ImportPlan(str(path), tuple(labels), **given).to_json()
        rng = np.random.default_rng()
        run = worker.finish(
            create(settings.runs_dir, "import_model", plan, now=datetime.now(UTC), rng=rng)
        )
        name = run.finished.result.get("model")
        return run, None if name is None else load_card(settings.models_dir, name)

    return do


def test_an_onnx_model_is_registered_with_a_card_that_states_its_origin(
    imported, settings, tmp_path
):
    path = write_foreign(tmp_path / "theirs.onnx", Foreign(shape=("n", 1, 8, 8)))
    run, card = imported(path, ALPHABET)
    assert run.status is RunStatus.COMPLETED, run.finished
    assert card.scheme == FER7
    assert card.outputs == (0, 1, 2, 3, 5, 6, 4)
    assert card.answers is OutputKind.PROBABILITIES
    assert card.input == ModelInput(
        8, layout=TensorLayout.NCHW, interpolation=Interpolation.BILINEAR
    )
    assert card.weights == 64 * 7
    assert card.mmac == pytest.approx(64 * 7 / 1e6)
    assert card.origin.startswith("theirs.onnx, sha256 ")
    assert card.reports == ()
    assert card.temperature == 1.0
    assert any("trained elsewhere" in one for one in card.limits)
    assert any("Scaling guessed as unit" in one for one in card.input_notes)
    assert (card.data, card.recipe, card.calibration) == (None, None, None)
    assert {*card.input_notes, UNCALIBRATED} <= set(card.all_limits)
    verify(settings.models_dir, card)
    page = (settings.models_dir / card.name / "CARD.md").read_text()
    assert "not been evaluated yet" in page
    assert "(n, 1, 8, 8)" in page
    assert "bilinear interpolation of smaller faces" in page


def test_an_imported_model_predicts_the_same_in_an_evaluation_and_live(
    imported, settings, tmp_path
):
    _, card = imported(write_foreign(tmp_path / "theirs.onnx"), ALPHABET, scaling="signed")
    pixels = np.random.default_rng(5).integers(0, 256, (6, 8, 8)).astype(np.uint8)
    expected = load_predictor(settings.models_dir, card).scores(pixels)
    live = load_live_model(settings.models_dir, card.name).recognizer
    faces = pixels[..., None].astype(np.float32) / np.float32(255)
    assert np.array_equal(
        [one.values for one in live.recognize(faces)], expected.astype(np.float32)
    )


@pytest.mark.parametrize(
    ("interpolation", "flag"), [("", cv2.INTER_LINEAR), ("cubic", cv2.INTER_CUBIC)]
)
def test_an_imported_model_interpolates_alike_in_evaluation_conversion_and_live(
    imported, settings, tmp_path, interpolation, flag
):
    _, card = imported(
        write_foreign(tmp_path / "theirs.onnx"), ALPHABET, interpolation=interpolation
    )
    small = np.random.default_rng(5).integers(0, 256, (6, 5, 5)).astype(np.uint8)
    large = np.stack([cv2.resize(one, (8, 8), interpolation=flag) for one in small])
    predictor = load_predictor(settings.models_dir, card)
    expected = predictor.logits(large)
    assert np.array_equal(predictor.logits(small), expected)
    theirs = open_in_runtime(Runtime.ONNX, settings.models_dir / card.name / ONNX_FILE, threads=1)
    assert np.array_equal(predict(theirs, small, card), expected)
    live = load_live_model(settings.models_dir, card.name).recognizer
    assert live.input.interpolation is card.input.interpolation


def test_an_imported_litert_file_predicts_as_before(imported, settings, tmp_path):
    path = shutil.copyfile(SHIPPED, tmp_path / "again.tflite")
    _, card = imported(path)
    assert card.answers is OutputKind.LOGITS
    faces = np.random.default_rng(6).random((3, 48, 48, 1)).astype(np.float32)
    theirs = load_model(settings.models_dir, card.name).recognizer.recognize(faces)
    ours = load_model(PROJECT_DIR / "models", "compact-1")
    again = ours.recognizer.recognize(faces)
    assert [one.top for one in theirs] == [one.top for one in again]


def test_an_upload_is_deleted_when_its_run_is_over(imported, settings, tmp_path):
    for name, labels in (("fine", FER7.labels), ("wrong", ("a", "b"))):
        folder = settings.uploads_dir / name
        folder.mkdir(parents=True)
        imported(write_foreign(folder / f"{name}.onnx"), labels, is_upload=True)
        assert not folder.exists()


def test_the_upload_of_an_import_cancelled_in_the_queue_is_deleted(settings, worker):
    folder = settings.uploads_dir / "waits"
    folder.mkdir(parents=True)
    architecture, weights = write_described(folder)
    given = {"architecture": str(architecture), "is_upload": True}
    plan = ImportPlan(str(weights), ALPHABET, **given).to_json()
    rng, now = np.random.default_rng(1), datetime.now(UTC)
    run = create(settings.runs_dir, "import_model", plan, now=now, rng=rng)
    run.cancel.touch()
    line = queue_path(settings.runs_dir, "import_model")
    line.mkdir(parents=True)
    others = Lease(line / "slot-1", label="others")
    assert others.take()
    ended = worker.finish(run)
    others.release()
    assert ended.status is RunStatus.CANCELLED
    assert not folder.exists()


def test_a_file_that_was_not_uploaded_stays(imported, tmp_path):
    path = write_foreign(tmp_path / "theirs.onnx")
    imported(path, is_upload=True)
    assert path.is_file()


def test_a_taken_name_is_numbered_unless_it_was_given(imported, tmp_path):
    path = write_foreign(tmp_path / "theirs.onnx")
    assert imported(path)[1].name == "theirs"
    assert imported(path)[1].name == "theirs-2"
    run, card = imported(path, name="theirs")
    assert card is None
    assert "theirs already" in run.finished.error


@pytest.mark.parametrize(
    ("model", "labels", "message"),
    [
        (Foreign(answers=8), FER7.labels, "8 outputs per picture, and there are 7 labels"),
        (Foreign(value=float("nan")), FER7.labels, "NaN or infinite"),
        (Foreign(shape=("n", 64)), FER7.labels, "not a greyscale or colour picture"),
        (Foreign(shape=("n", 8, 9, 1)), FER7.labels, "8 x 9 px"),
        (Foreign(shape=(2, 8, 8, 1)), FER7.labels, "a fixed batch size of 2"),
        (Foreign(inputs=2), FER7.labels, "2 inputs"),
        (Foreign(domain="their.own"), FER7.labels, "cannot be used"),
        (Foreign(elsewhere="w.bin"), FER7.labels, "other files"),
        (Foreign(), ("a", "a", "b", "c", "d", "e", "f"), "repeated"),
    ],
)
def test_an_unsupported_model_is_refused_and_leaves_nothing(
    imported, settings, tmp_path, model, labels, message
):
    run, card = imported(write_foreign(tmp_path / "theirs.onnx", model), labels)
    assert card is None
    assert run.status is RunStatus.FAILED
    assert message in run.finished.error
    assert run.finished.advice
    assert not list(settings.models_dir.glob("*"))


def test_a_binary_model_with_one_output_is_imported(imported, tmp_path):
    model = Foreign(answers=1, ending="Sigmoid")
    _, card = imported(write_foreign(tmp_path / "two.onnx", model), ("stressed", "confident"))
    assert card.answers is OutputKind.SHARE
    assert card.outputs == (1, 0)


def test_a_missing_file_is_an_error(imported, tmp_path):
    run, _ = imported(tmp_path / "gone.onnx")
    assert "gone.onnx" in run.finished.error


def test_a_run_killed_after_registering_does_not_register_twice(
    settings, worker, imported, tmp_path
):
    run, card = imported(write_foreign(tmp_path / "theirs.onnx"))
    folder = settings.runs_dir / run.id
    (folder / "events.jsonl").unlink()
    found = worker.finish(RunFolder(folder))
    assert found.finished.result["model"] == card.name
    assert len(list(settings.models_dir.glob("*/card.json"))) == 1


def test_preprocessing_can_be_changed_until_the_model_is_evaluated(imported, settings, tmp_path):
    _, card = imported(write_foreign(tmp_path / "theirs.onnx"))
    before = synthetic_face_predictions(settings.models_dir, card).scores
    changed = ModelInput(8, scaling=Scaling.BYTES, crop="box", interpolation=Interpolation.CUBIC)
    made_before = formats_folder(settings.models_dir, card.name)
    made_before.mkdir()
    (made_before / "theirs-int8.tflite").write_bytes(b"ranges measured on other pictures")
    new = set_input(settings.models_dir, card.name, changed)
    assert not made_before.exists()
    assert new.input == changed
    assert load_card(settings.models_dir, card.name) == new
    assert not any("guessed" in one or "taken as" in one for one in new.limits)
    assert not np.allclose(synthetic_face_predictions(settings.models_dir, new).scores, before)
    with pytest.raises(ModelError, match="input shape of"):
        set_input(settings.models_dir, card.name, ModelInput(9))


def test_only_imported_models_can_be_changed_or_removed(settings, imported, tmp_path):
    _, card = imported(write_foreign(tmp_path / "theirs.onnx"))
    remove_import(settings.models_dir, card.name)
    assert not (settings.models_dir / card.name).exists()
    shutil.copytree(PROJECT_DIR / "models" / "compact-1", settings.models_dir / "compact-1")
    with pytest.raises(ModelError, match="trained here"):
        remove_import(settings.models_dir, "compact-1")


def test_a_disk_that_refuses_to_delete_a_model_is_an_error(
    settings, imported, tmp_path, monkeypatch
):
    _, card = imported(write_foreign(tmp_path / "theirs.onnx"))

    def refuse(path, **_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("core.storage.own_files.shutil.rmtree", refuse)
    with pytest.raises(ModelError, match="cannot be removed: Permission denied"):
        remove_import(settings.models_dir, card.name)


def test_an_old_card_is_still_read(settings):
    shutil.copytree(PROJECT_DIR / "models" / "compact-1", settings.models_dir / "compact-1")
    path = settings.models_dir / "compact-1" / "card.json"
    read = json.loads(path.read_text())
    for name in ("answers", "outputs", "served_by", "origin"):
        read.pop(name, None)
    read["input"] = {"size_px": 48, "crop": "fer2013"}
    path.write_text(json.dumps(read))
    card = load_card(settings.models_dir, "compact-1")
    assert card.served_by == LITERT_FILE
    assert card.input == ModelInput(48)
    assert not card.origin


@pytest.mark.parametrize("ending", [".keras", ".h5", ".onnx", ".tflite"])
def test_a_git_lfs_pointer_is_named_as_one(imported, tmp_path, ending):
    path = tmp_path / f"theirs{ending}"
    path.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5888412\n")
    run, _ = imported(path)
    assert run.status is RunStatus.FAILED
    assert "is a Git LFS pointer" in run.finished.error
    assert "git lfs pull" in run.finished.advice


def test_a_pytorch_file_under_another_name_is_recognised(imported, tmp_path):
    with zipfile.ZipFile(tmp_path / "theirs.keras", "w") as archive:
        archive.writestr("archive/data.pkl", b"\x80\x02}q\x00.")
        archive.writestr("archive/version", b"3")
    run, _ = imported(tmp_path / "theirs.keras")
    assert "theirs.keras is a PyTorch file" in run.finished.error
    assert "torch.onnx.export" in run.finished.advice


def test_a_network_with_sigmoid_outputs_is_recognised(imported, settings, tmp_path):
    run, card = imported(write_foreign(tmp_path / "theirs.onnx", Foreign(ending="Sigmoid")))
    assert run.status is RunStatus.COMPLETED, run.finished
    assert card.answers is OutputKind.SIGMOIDS
    assert "sigmoids p" in (settings.models_dir / card.name / "CARD.md").read_text()


def import_copy(path, plan, folder):
    """An importer of a new format: its files hold ONNX."""
    return import_onnx(shutil.copy(path, folder / "copy.onnx"), plan, folder)


def test_a_format_is_added_by_its_line_in_the_table(imported, tmp_path, monkeypatch):
    monkeypatch.setitem(IMPORTERS, ".mine", Importer("Mine", f"{__name__}:import_copy"))
    path = write_foreign(tmp_path / "theirs.onnx").rename(tmp_path / "theirs.mine")
    _, card = imported(path, ALPHABET)
    assert card.origin.startswith("theirs.mine, sha256 ")
