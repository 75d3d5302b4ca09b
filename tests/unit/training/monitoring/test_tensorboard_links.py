"""What runs are called in TensorBoard."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime

import numpy as np
import pytest

from core.jobs.run_folder.folder import create
from core.training import TrainingPlan
from core.training.monitoring.tensorboard_links import LOGS, link_runs


@pytest.fixture
def trained(settings):
    def make(**asked):
        plan = TrainingPlan("two-block", **asked).to_json()
        now = datetime(2026, 11, 21, 11, tzinfo=UTC)
        rng = np.random.default_rng(len(list(settings.data_dir.glob("runs/*"))))
        folder = create(settings.runs_dir, "train", plan, now=now, rng=rng)
        (folder.path / LOGS / "training").mkdir(parents=True)
        return folder

    return make


def _names(links_dir):
    return sorted(link.name for link in links_dir.iterdir())


def test_a_run_is_called_by_its_recipe_its_data_and_its_own_name(trained, settings, tmp_path):
    one = trained(dataset="faces")
    (tmp_path / "fer2013.csv").touch()
    other = trained(data=str(tmp_path / "fer2013.csv"))
    link_runs(settings.runs_dir, tmp_path / "named")
    assert _names(tmp_path / "named") == sorted(
        [f"two-block on faces ({one.id})", f"two-block on fer2013 ({other.id})"]
    )
    link = tmp_path / "named" / f"two-block on faces ({one.id})"
    assert (link / "training").is_dir()


def test_new_runs_come_and_deleted_ones_go(trained, settings, tmp_path):
    gone = trained(dataset="faces")
    link_runs(settings.runs_dir, tmp_path / "named")
    shutil.rmtree(gone.path)
    new = trained(dataset="others")
    link_runs(settings.runs_dir, tmp_path / "named")
    link_runs(settings.runs_dir, tmp_path / "named")
    assert _names(tmp_path / "named") == [f"two-block on others ({new.id})"]


def test_a_run_whose_plan_is_damaged_keeps_its_own_name(trained, settings, tmp_path):
    run = trained(dataset="faces")
    (run.path / "plan.json").write_text("{", encoding="utf-8")
    link_runs(settings.runs_dir, tmp_path / "named")
    assert _names(tmp_path / "named") == [f"({run.id})"]
