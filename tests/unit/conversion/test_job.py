"""Conversions end to end, of a model that needs no TensorFlow."""

from __future__ import annotations

import errno
import json
import os
import shutil
from dataclasses import replace

import numpy as np
import pytest

from core.conversion import ConvertPlan, job, publish
from core.conversion.checks import check_formats
from core.domain import CONFIDENT2, ONNX_FILE, RunStatus
from core.jobs import RunCancelled
from core.models import KERAS_FILE, LITERT_FILE, load_card, verify
from core.models.converted_formats import LIVE_FORMAT, formats_folder, read_formats
from core.models.registry import write_card
from core.settings import PROJECT_DIR
from core.storage import file_lock
from tests.convertible import make_row, random_weights, shelve_linear
from tests.make import BEGAN_AT
from tests.training_runs import FakeContext

SHIPPED = PROJECT_DIR / "models" / "compact-1"
PLAN = ConvertPlan("line", formats=("onnx",), pictures=40)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Benchmarks with few calls: the latency does not matter here."""
    for name, value in (("_WARM_UP", 1), ("_MAX_CALLS", 3), ("_MIN_CALLS", 1), ("_LOADS", 1)):
        monkeypatch.setattr(f"core.conversion.checks.benchmark.{name}", value)
    monkeypatch.setattr("core.conversion.checks.reference_faces.SYNTHETIC_PER_CLASS", 6)
    monkeypatch.setattr("core.conversion.checks.reference_faces.MAX_SAMPLES", 6)


def _rows(settings, name="line"):
    card = load_card(settings.models_dir, name)
    return {row.name: row for row in read_formats(settings.models_dir, card)}


def _left(settings, name="line"):
    folder = settings.models_dir / name
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_a_format_with_the_same_predictions_is_published_with_its_figures(worker, settings, card):
    run = worker.do(PLAN)
    assert run.status is RunStatus.COMPLETED
    assert run.finished.result == {"model": "line", "passed": "onnx", "refused": ""}
    rows = _rows(settings)
    row = rows["onnx"]
    assert row.passed
    assert row.parity.faces == 40
    assert row.parity.max_difference == 0
    assert row.parity.accuracy_change is None
    assert row.speed.one.median_ms > 0
    assert row.size_bytes > 0
    assert row.faces.startswith("40 synthetic faces")
    assert row.requires[0].startswith("onnxruntime==")
    assert rows[LIVE_FORMAT].passed
    assert "40 synthetic faces" in (settings.models_dir / "line" / "CARD.md").read_text()


def test_a_file_the_model_has_already_is_not_stored_twice(worker, settings, card):
    worker.do(PLAN)
    assert _rows(settings)["onnx"].file == ONNX_FILE
    assert _left(settings) == ["CARD.md", "card.json", "formats", "formats/formats.json", ONNX_FILE]


def test_equal_files_have_equal_figures(worker, settings, card):
    worker.do(PLAN)
    rows = _rows(settings)
    assert rows["onnx"].sha256 == rows[LIVE_FORMAT].sha256
    assert rows["onnx"].parity == rows[LIVE_FORMAT].parity
    assert rows["onnx"].speed == rows[LIVE_FORMAT].speed


def test_the_model_and_its_card_are_not_touched(worker, settings, card):
    before = (settings.models_dir / "line" / "card.json").read_bytes()
    worker.do(PLAN)
    assert (settings.models_dir / "line" / "card.json").read_bytes() == before
    verify(settings.models_dir, load_card(settings.models_dir, "line"))


def test_formats_that_need_the_network_are_refused_and_the_others_converted(worker, settings, card):
    run = worker.do(replace(PLAN, formats=("keras", "litert-float32", "onnx")))
    assert run.finished.result["passed"] == "onnx"
    assert run.finished.result["refused"] == "keras, litert-float32"
    assert _rows(settings)["keras"].refusal == (
        "line has no Keras file, and Keras is made from a Keras file."
    )


def test_of_a_litert_file_alone_that_file_is_published(worker, settings):
    folder = settings.models_dir / "compact-1"
    folder.mkdir(parents=True)
    shutil.copy(SHIPPED / LITERT_FILE, folder)
    shipped = load_card(SHIPPED.parent, "compact-1")
    write_card(folder, replace(shipped, files={LITERT_FILE: shipped.files[LITERT_FILE]}))
    plan = ConvertPlan("compact-1", formats=("litert-dynamic-int8", "onnx"), pictures=20)
    assert worker.do(plan).finished.result["passed"] == ""
    rows = _rows(settings, "compact-1")
    assert rows[LIVE_FORMAT].passed
    assert rows[LIVE_FORMAT].file == LITERT_FILE


@pytest.mark.parametrize(("side", "scheme"), [(32, None), (96, None), (48, CONFIDENT2)])
def test_other_picture_sizes_and_two_classes_are_converted(worker, settings, side, scheme):
    weights = random_weights(side=side, classes=2 if scheme else 7)
    shelve_linear(settings.models_dir, "other", weights=weights, scheme=scheme)
    run = worker.do(replace(PLAN, model="other"))
    assert run.finished.result["passed"] == "onnx"


def test_a_model_whose_outputs_are_not_finite_is_not_converted(worker, settings):
    weights = random_weights()
    weights[7, 3] = np.nan
    shelve_linear(settings.models_dir, "broken", weights=weights)
    run = worker.do(replace(PLAN, model="broken"))
    assert "40 pictures are NaN or infinite" in run.finished.error
    assert run.finished.advice
    assert not formats_folder(settings.models_dir, "broken").exists()


def test_a_tampered_model_is_not_converted(worker, settings, card):
    with (settings.models_dir / "line" / ONNX_FILE).open("ab") as file:
        file.write(b"x")
    run = worker.do(PLAN)
    assert "sha256 differs" in run.finished.error


def test_a_model_without_its_network_is_not_converted(worker, settings, card):
    folder = settings.models_dir / "line"
    write_card(folder, replace(card, files={"drift.json": "00"}))
    run = worker.do(PLAN)
    assert f"has no {KERAS_FILE}" in run.finished.error


def test_an_unknown_model_is_an_error(worker, settings, card):
    assert "There is no model 'nobody'" in worker.do(ConvertPlan("nobody")).finished.error


def _spoil(monkeypatch, change):
    """Changes the outputs of every converted file; the network itself is run elsewhere."""
    real = check_formats.open_in_runtime

    class Spoilt:
        def __init__(self, *arguments, **named):
            self._engine = real(*arguments, **named)

        def predict(self, batch):
            return change(self._engine.predict(batch))

    monkeypatch.setattr(check_formats, "open_in_runtime", Spoilt)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda logits: logits * np.nan, "are NaN or infinite"),
        (lambda logits: logits[:, ::-1], "from the network's; at most 0.001 is tolerated"),
        (lambda logits: logits * 0.0, "from the network's; at most 0.001 is tolerated"),
        (lambda logits: logits[:, :4], "4 outputs per picture, which do not match its card: 7"),
    ],
    ids=["no numbers", "swapped labels", "no weights left", "too few"],
)
def test_a_file_with_other_predictions_is_refused_and_not_published(
    worker, settings, card, monkeypatch, change, message
):
    _spoil(monkeypatch, change)
    run = worker.do(PLAN)
    assert run.status is RunStatus.COMPLETED
    row = _rows(settings)["onnx"]
    assert message in row.refusal
    assert row.file == ""
    assert "onnx" in run.finished.result["refused"]


def test_earlier_formats_stay_beside_the_new_ones(worker, settings, card):
    source = card.files[ONNX_FILE]
    old = make_row("litert-float16", source_sha256=source, file="formats/line-float16.tflite")
    folder = formats_folder(settings.models_dir, "line")
    folder.mkdir()
    (folder / "line-float16.tflite").write_bytes(b"made before")
    (folder / "formats.json").write_bytes(publish.formats_as_bytes([old]))
    worker.do(PLAN)
    assert list(_rows(settings)) == [LIVE_FORMAT, "litert-float16", "onnx"]
    assert (folder / "line-float16.tflite").read_bytes() == b"made before"


def test_formats_of_another_version_of_the_model_are_removed(worker, settings, card):
    old = make_row("litert-float16", source_sha256="of another", file="formats/line-float16.tflite")
    folder = formats_folder(settings.models_dir, "line")
    folder.mkdir()
    (folder / "line-float16.tflite").write_bytes(b"made before")
    (folder / "formats.json").write_bytes(publish.formats_as_bytes([old]))
    worker.do(PLAN)
    assert set(_rows(settings)) == {LIVE_FORMAT, "onnx"}
    assert [path.name for path in folder.iterdir()] == ["formats.json"]


def test_a_full_disk_while_publishing_changes_nothing(worker, settings, card, monkeypatch):
    worker.do(PLAN)
    page = settings.models_dir / "line" / "CARD.md"
    listed, rows, written_at = _left(settings), _rows(settings), page.stat().st_mtime_ns

    def fill(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(publish, "formats_as_bytes", fill)
    run = worker.do(PLAN)
    assert run.finished.error == "The disk is full."
    assert "resume" in run.finished.advice
    assert (_left(settings), _rows(settings)) == (listed, rows)
    assert page.stat().st_mtime_ns == written_at


def test_a_resumed_run_continues_with_the_next_format(worker, settings, card, monkeypatch):
    folder = worker.create(replace(PLAN, formats=("keras", "onnx")))
    real, tested = job.check_format, []

    def cut_off(candidate, *rest):
        tested.append(candidate.name)
        if candidate.name == "onnx" and len(tested) < 3:
            raise KeyboardInterrupt
        return real(candidate, *rest)

    monkeypatch.setattr(job, "check_format", cut_off)
    with pytest.raises(KeyboardInterrupt):
        worker.finish(folder)
    assert not formats_folder(settings.models_dir, "line").exists()
    assert worker.finish(folder).status is RunStatus.COMPLETED
    assert tested == ["keras", "onnx", "onnx", LIVE_FORMAT]
    assert set(_rows(settings)) == {LIVE_FORMAT, "keras", "onnx"}


@pytest.mark.parametrize("spoilt", [b"", b"{}", b"no words"])
def test_a_damaged_result_of_an_interrupted_run_is_checked_again(
    worker, settings, card, monkeypatch, spoilt
):
    folder = worker.create(PLAN)
    worker.finish(folder)
    (folder.path / "result" / "onnx.json").write_bytes(spoilt)
    assert worker.finish(folder).status is RunStatus.COMPLETED
    assert _rows(settings)["onnx"].passed


def test_a_file_that_changed_since_its_check_is_checked_again(worker, settings, card):
    folder = worker.create(PLAN)
    worker.finish(folder)
    (folder.path / "result" / "line.onnx").write_bytes(b"changed")
    worker.finish(folder)
    row = _rows(settings)["onnx"]
    assert row.passed
    assert row.sha256 == card.files[ONNX_FILE]


def test_a_cancelled_run_publishes_nothing(worker, settings, card):
    folder = worker.create(PLAN)
    folder.cancel.touch()
    assert worker.finish(folder).status is RunStatus.CANCELLED
    assert not formats_folder(settings.models_dir, "line").exists()


@pytest.mark.parametrize("checks", [0, 1, 2, 3, 5])
def test_a_run_can_be_cancelled_at_every_step(settings, card, tmp_path, checks):
    context = FakeContext(tmp_path / "run", stops_after=checks)
    context.settings, context.clock = settings, lambda: BEGAN_AT
    context.folder.mkdir()
    with pytest.raises(RunCancelled):
        job.run(PLAN.to_json(), context)
    assert not formats_folder(settings.models_dir, "line").exists()


def test_one_publishes_at_a_time(worker, settings, card, monkeypatch):
    monkeypatch.setattr(file_lock, "_WAITS_S", 0.025)
    other = os.open(settings.models_dir / ".line.lock", os.O_RDWR | os.O_CREAT)
    assert file_lock.try_lock(other)
    run = worker.do(PLAN)
    os.close(other)
    assert "has been changing line for half a minute" in run.finished.error
    assert worker.do(PLAN).status is RunStatus.COMPLETED


def test_partly_published_files_of_a_killed_run_are_cleared(worker, settings, card):
    left = settings.models_dir / "line" / ".new-formats-abcdefgh"
    left.mkdir()
    (left / "line.onnx").write_bytes(b"half")
    worker.do(PLAN)
    assert not left.exists()


def test_the_run_s_folder_has_a_result_of_each_format_and_no_second_copy(worker, settings, card):
    folder = worker.create(PLAN)
    worker.finish(folder)
    names = {path.name for path in (folder.path / "result").iterdir()}
    assert names == {"onnx.json", "live.json"}
    read = json.loads((folder.path / "result" / "onnx.json").read_text())
    assert read["name"] == "onnx"
    assert read["refusal"] == ""
