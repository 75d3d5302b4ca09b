from __future__ import annotations

import pytest
from typer.testing import CliRunner

from core.cli import models
from core.cli.app import app
from core.domain import FER7
from tests.foreign import ALPHABET, write_foreign


@pytest.fixture
def started(monkeypatch, settings):
    plans = []

    def begin(kind, plan):
        assert kind == "import_model"
        plans.append(plan)
        return {"model": "theirs"}

    monkeypatch.setattr(models, "start_and_follow", begin)
    return plans


def run(*typed: str):
    return CliRunner().invoke(app, list(typed))


def test_a_labels_file_and_labels_with_commas_are_the_same(started, tmp_path):
    path = write_foreign(tmp_path / "theirs.onnx")
    labels = tmp_path / "labels.txt"
    labels.write_text("\n".join(ALPHABET))
    for given in (str(labels), ",".join(ALPHABET)):
        done = run("import", str(path), "--labels", given, "--scaling", "bytes", "--crop", "box")
        assert done.exit_code == 0, done.output
        assert "imported, not evaluated yet" in done.output
    assert started[0] == started[1]
    assert started[0]["labels"] == list(ALPHABET)
    assert started[0]["scaling"] == "bytes"


@pytest.mark.parametrize(
    "typed",
    [
        ("model.pt", "--labels", ",".join(FER7.labels)),
        ("model.onnx", "--labels", "no-such-file.txt"),
        ("model.onnx", "--labels", "happy,happy"),
        ("model.onnx", "--labels", ",".join(FER7.labels), "--scaling", "loud"),
        ("model.onnx", "--labels", ",".join(FER7.labels), "--crop", "haar"),
    ],
)
def test_what_cannot_be_meant_is_one_sentence_and_exit_code_2(started, typed):
    done = run("import", *typed)
    assert done.exit_code == 2
    assert "Traceback" not in done.output
    assert started == []


def test_a_model_that_is_not_there_cannot_be_calibrated(monkeypatch, settings):
    monkeypatch.setenv("MIEN_MODELS_DIR", str(settings.models_dir))
    assert run("calibrate", "nobody").exit_code == 2
