"""`python -m core convert`, in this process; the run itself is tested elsewhere."""

from __future__ import annotations

import zipfile

import pytest
import typer
from typer.testing import CliRunner

from core.cli import models
from core.conversion.formats import FORMATS
from core.domain import ONNX_FILE, Interval
from core.models.converted_formats import FORMATS_FILE, formats_as_bytes, formats_folder
from tests.convertible import make_parity, make_row, shelve_linear


@pytest.fixture
def started(settings, monkeypatch):
    """Plans of the runs that were started; each finds the same two formats."""
    monkeypatch.setenv("MIEN_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("MIEN_MODELS_DIR", str(settings.models_dir))
    card, plans = shelve_linear(settings.models_dir), []
    sha = card.files[ONNX_FILE]
    parity = make_parity(accuracy_change=Interval(-0.001, -0.004, 0.002))
    rows = [
        make_row("onnx", file=ONNX_FILE, sha256=sha, source_sha256=sha, parity=parity),
        make_row("keras", source_sha256=sha, refusal="No.", parity=None, speed=None, size_bytes=0),
    ]

    def start_and_follow(kind, plan):
        plans.append((kind, plan))
        formats_folder(settings.models_dir, "line").mkdir()
        path = formats_folder(settings.models_dir, "line") / FORMATS_FILE
        path.write_bytes(formats_as_bytes(rows))
        return {}

    monkeypatch.setattr(models, "start_and_follow", start_and_follow)
    return plans


def _typed(*words):
    app = typer.Typer()
    app.command()(models.convert)
    return CliRunner().invoke(app, [str(word) for word in words])


def test_every_format_is_converted_and_printed_in_a_line(started):
    done = _typed("line")
    assert done.exit_code == 0
    ((kind, plan),) = started
    assert (kind, plan["model"], plan["formats"]) == ("convert", "line", [])
    onnx, keras = done.stdout.splitlines()
    assert onnx.split("  ")[0] == "onnx"
    assert "1.5 MB" in onnx
    assert "0.00 % predictions changed  accuracy -0.10 [-0.40, +0.20] points  passed" in onnx
    assert keras.endswith("refused: No.")


def test_only_requested_formats_are_printed(started):
    done = _typed("line", "--to", "onnx", "--pictures", 50, "--threads", 2)
    assert len(done.stdout.splitlines()) == 1
    assert started[0][1]["formats"] == ["onnx"]
    assert (started[0][1]["pictures"], started[0][1]["threads"]) == (50, 2)


def test_one_format_is_written_as_an_archive(started, tmp_path):
    assert _typed("line", "--to", "onnx", "--zip", tmp_path / "out.zip").exit_code == 0
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert "line-onnx/example.py" in archive.namelist()


def test_several_formats_are_no_archive_and_nothing_is_started(started, tmp_path):
    done = _typed("line", "--zip", tmp_path / "out.zip")
    assert done.exit_code == 2
    asked_for = f"An archive holds one format, and {len(FORMATS)} are asked for."
    assert asked_for in done.stderr
    assert not started


def test_a_refused_format_is_not_written(started, tmp_path):
    done = _typed("line", "--to", "keras", "--zip", tmp_path / "out.zip")
    assert done.exit_code == 2
    assert "is not published as keras: No." in done.stderr
    assert not (tmp_path / "out.zip").exists()


def test_an_unknown_format_is_answered_with_those_there_are(started):
    done = _typed("line", "--to", "caffe")
    assert done.exit_code == 2
    assert "There is no format 'caffe'. There are: keras, saved-model" in done.stderr
