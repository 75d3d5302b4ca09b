"""The notebook's own commands; a whole notebook is run in tests/keras."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from core.domain import Finished, RunStatus
from core.jobs.run_folder.folder import create, find
from core.training import TrainingPlan
from core.training.remote import bundle_runner
from core.training.remote.bundle import PLAN_FILE, BundleManifest
from tests.datasets_on_disk import make_pictures, write_csv

BEGAN_AT = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture
def resumed(monkeypatch):
    """Ids of the runs that would have been gone on with."""
    found = []
    monkeypatch.setattr(bundle_runner, "resume", lambda _, run_id: found.append(run_id))
    done = Finished(RunStatus.COMPLETED, result={"model": "m"})
    monkeypatch.setattr(bundle_runner.terminal, "follow_to_the_end", lambda *_, **__: done)
    return found


def test_a_dataset_that_was_uploaded_to_another_place_is_gone_on_with_there(
    settings, tmp_path, resumed
):
    before = write_csv(tmp_path / "before" / "faces.csv", make_pictures())
    plan = TrainingPlan(recipe="two-block", data=str(before)).to_json()
    BundleManifest(plan, "faces.csv", "", {}).write(tmp_path / PLAN_FILE)
    rng = np.random.default_rng()
    folder = create(settings.runs_dir, "train", {**plan, "threads": 4}, now=BEGAN_AT, rng=rng)
    folder.mark_launched(0)  # long ago
    now = before.rename(tmp_path / "faces.csv")
    errand = BundleManifest.read(tmp_path / PLAN_FILE)
    BundleManifest({**errand.plan, "data": str(now)}, "faces.csv", "", {}).write(
        tmp_path / PLAN_FILE
    )
    bundle_runner.train(tmp_path, settings, lambda _: None)
    assert resumed == [folder.id]
    kind, changed, began_at = find(settings.runs_dir, folder.id).read_plan()
    assert (kind, began_at) == ("train", BEGAN_AT)
    assert changed == {**plan, "threads": 4, "data": str(now)}
