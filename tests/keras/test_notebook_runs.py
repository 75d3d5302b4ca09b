"""The notebook's cells, run from top to bottom in an empty folder, as on another machine."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from dataclasses import replace

import nbformat
import pytest

from core.datasets import DatasetSource
from core.datasets.catalogue.catalogue import add
from core.domain import TrainingData
from core.evaluation.predictions.evaluation_store import list_evaluations
from core.models import load_card, verify
from core.training import TrainingPlan
from core.training.remote.notebook import build_notebook
from tests.datasets_on_disk import make_pictures, write_csv

pytestmark = [pytest.mark.keras, pytest.mark.timeout(400)]

TINY = {"sizes_px": [[24, 1.0]], "batch_size": 16}


@pytest.fixture
def dataset(settings, tmp_path):
    path = write_csv(tmp_path / "here.csv", make_pictures(size_px=24), header="emotion,pixels")
    return add(
        settings.datasets_dir, "faces", DatasetSource(str(path)), settings.datasets_cache_dir
    )


@pytest.fixture
def plan():
    return TrainingPlan(recipe="two-block", dataset="faces", epochs=2, options=TINY, name="far")


def run_cells(content, folder, *, answers, last=None):
    """What the code cells print, in a fresh process that knows no installation of Mien."""
    cells = nbformat.reads(content.decode(), as_version=4).cells
    code = [cell.source for cell in cells if cell.cell_type == "code"][:last]
    script = folder / "cells.py"
    script.write_text("\n\n".join(code), encoding="utf-8")
    known = {name: value for name, value in os.environ.items() if not name.startswith("MIEN_")}
    known.pop("PYTHONPATH", None)
    return subprocess.run(
        [sys.executable, str(script)],
        cwd=folder,
        env=known,
        input="\n".join(answers) + "\n",
        capture_output=True,
        text=True,
        timeout=380,
        check=False,
    )


def test_it_trains_the_plan_and_brings_a_model_that_this_installation_takes(
    settings, tmp_path, dataset, plan
):
    content = build_notebook(plan, settings, dataset)
    folder = tmp_path / "far away"
    folder.mkdir()
    (tmp_path / "here.csv").rename(folder / "here.csv")
    done = run_cells(content, folder, answers=["here.csv"])
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert "exactly the pictures that the plan was made for, with the same splits" in done.stdout
    assert "epoch 2/2" in done.stdout
    (brought,) = folder.glob("mien-*/far.zip")
    with zipfile.ZipFile(brought) as archive:
        archive.extractall(settings.models_dir)
    card = load_card(settings.models_dir, "far")
    verify(settings.models_dir, card)
    assert card.data == TrainingData.of(dataset)
    (evaluation,) = list_evaluations(settings.models_dir, "far")
    assert evaluation.judges == dataset.required_protocol.test


def test_other_pictures_another_name_and_a_wrong_path_are_reported(
    settings, tmp_path, dataset, plan
):
    asked = replace(plan, name="")
    content = build_notebook(asked, settings, dataset)
    write_csv(tmp_path / "b.csv", make_pictures(size_px=24, seed=9), header="emotion,pixels")
    other = run_cells(content, tmp_path, answers=["b.csv"], last=3)
    assert other.returncode == 0, other.stderr[-2000:]
    assert "WARNING: these are not the pictures" in other.stdout
    (tmp_path / "here.csv").rename(tmp_path / "renamed.csv")
    renamed = run_cells(content, tmp_path, answers=["renamed.csv"], last=3)
    assert renamed.returncode != 0
    assert "the name they had, here.csv" in renamed.stdout
    gone = run_cells(content, tmp_path, answers=["nowhere.csv"], last=3)
    assert gone.returncode != 0
    assert "nowhere.csv" in gone.stdout
    assert "Traceback" not in gone.stdout
