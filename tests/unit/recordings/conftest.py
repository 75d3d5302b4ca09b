"""An installation with the shipped model, and a run's place in it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.jobs import JobContext, Journal
from core.policy import Purpose, Region, UsePolicy
from core.policy import policy_file as policy_store
from core.settings import PROJECT_DIR, Settings

RESEARCH = UsePolicy(Region.ELSEWHERE, Purpose.RESEARCH)


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def installation(tmp_path, assets_dir):
    """The shipped model, on folders of its own."""
    here = Settings.from_environment(
        {"MIEN_DATA_DIR": str(tmp_path / "data"), "MIEN_MODELS_DIR": str(PROJECT_DIR / "models")}
    )
    here.data_dir.mkdir()
    here.assets_dir.symlink_to(assets_dir, target_is_directory=True)
    policy_store.write(here.data_dir / policy_store.FILE_NAME, RESEARCH)
    return here


@pytest.fixture
def place(installation, tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    journal = Journal(folder / "events.jsonl", clock=now)
    return JobContext(folder, journal, lambda: False, installation, now)
