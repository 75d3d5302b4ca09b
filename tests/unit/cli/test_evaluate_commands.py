from __future__ import annotations

import json
import shutil
from dataclasses import replace

import pandas as pd
import pytest
from typer.testing import CliRunner

from core.cli.app import app
from core.settings import PROJECT_DIR
from tests.datasets_on_disk import make_pictures, write_csv, write_folders


@pytest.fixture
def typed(settings, monkeypatch):
    """Type a command into an installation with the shipped model."""
    monkeypatch.setenv("MIEN_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("MIEN_MODELS_DIR", str(settings.models_dir))
    shutil.copytree(
        PROJECT_DIR / "models" / "compact-1",
        settings.models_dir / "compact-1",
        ignore=shutil.ignore_patterns("evaluations"),
    )
    return lambda *words: CliRunner().invoke(app, ["evaluate", *words])


@pytest.fixture
def data(tmp_path):
    return str(write_csv(tmp_path / "fer2013.csv", make_pictures(size_px=24)))


def test_metrics_are_printed_with_intervals_and_written_to_files(typed, data, tmp_path):
    files = ("--csv", str(tmp_path / "a.csv"), "--json", str(tmp_path / "a.json"))
    told = typed("compact-1", "--data", data, *files)
    assert told.exit_code == 0, told.output
    assert "PublicTest + PrivateTest (28)" in told.output
    assert "balanced accuracy" in told.output
    assert len(pd.read_csv(tmp_path / "a.csv")) == 28
    summary = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert summary["model"] == "compact-1"
    assert set(summary["protocols"]["PrivateTest"]["accuracy"]) == {"value", "low", "high"}


def test_pictures_without_labels_give_predictions_only(typed, tmp_path):
    path = write_csv(tmp_path / "test.csv", make_pictures(size_px=24)[:4], header="pixels")
    told = typed("compact-1", "--data", str(path), "--csv", str(tmp_path / "a.csv"))
    assert told.exit_code == 0, told.output
    assert "Predictions:" in told.output
    assert len(pd.read_csv(tmp_path / "a.csv")) == 4


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nobody",), "There is no model 'nobody'."),
        (("compact-1", "--views", "hundred"), "no views 'hundred'"),
        (("compact-1", "--split", "Nowhere"), "has no split 'Nowhere'"),
        (("compact-1", "--csv", "/no/such/folder/a.csv"), "There is no folder /no/such/folder."),
        (("compact-1", "--ensemble-name", "Duo"), "has its name already"),
        (("compact-1", "--together", "Duo"), "has its name already"),  # its name until now
    ],
)
def test_what_cannot_be_done_is_one_sentence(typed, data, words, said):
    told = typed(*words, "--data", data)
    assert told.exit_code == 2
    assert said in told.output
    assert "Traceback" not in told.output


def test_data_that_is_not_there_is_one_sentence(typed):
    told = typed("compact-1", "--data", "/nowhere/fer2013.csv")
    assert told.exit_code == 2
    assert "/nowhere/fer2013.csv" in told.output


@pytest.fixture
def other_words(tmp_path):
    """Folders of labels that no model knows."""
    pictures = make_pictures(size_px=24)[:12]
    words = ("smile", "frown", "contempt")
    renamed = [replace(one, label=words[n % 3], usage="") for n, one in enumerate(pictures)]
    return str(write_folders(tmp_path / "mine", renamed, named=False))


def test_other_labels_are_mapped_by_the_command(typed, other_words, tmp_path):
    maps = ("--map", "smile=happy", "--map", "frown=sad", "--map", "contempt=")
    told = typed("compact-1", "--data", other_words, *maps, "--json", str(tmp_path / "a.json"))
    assert told.exit_code == 0, told.output
    assert "smile is mapped to happy" in told.output
    summary = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert "with other labels" in summary["dataset"]


@pytest.mark.parametrize(
    ("maps", "said"),
    [
        ((), "--map smile="),
        (("--map", "smile"), "'smile' is no mapping"),
        (("--map", "smile=happy", "--map", "smile=sad"), "'smile' is mapped twice"),
        (("--map", "smile=hapy"), "'hapy' is no class of compact-1"),
        (("--map", "smile=happy"), "'contempt', 'frown' are no labels of fer7"),
    ],
)
def test_labels_without_a_mapping_are_one_sentence_with_advice(typed, other_words, maps, said):
    told = typed("compact-1", "--data", other_words, *maps)
    assert told.exit_code == 2
    assert said in " ".join(told.output.split())
    assert "Traceback" not in told.output
