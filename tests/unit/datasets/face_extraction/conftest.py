"""A small RecruitView, and a job context."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime

import pytest

from core.jobs import JobContext, Journal
from scripts.make_recruitview import Invented, make


@pytest.fixture(scope="session")
def drawn_videos(tmp_path_factory):
    """Three clips of two invented people; not to be written to."""
    return make(tmp_path_factory.mktemp("drawn"), Invented(people=2, clips=3, seconds=0.5))


@pytest.fixture
def recruitview(drawn_videos, tmp_path):
    """The same, to be damaged at will."""
    return shutil.copytree(drawn_videos, tmp_path / "recruitview")


@pytest.fixture
def context(settings, tmp_path):
    """A run's folder."""

    def now():
        return datetime(2026, 11, 21, 12, 0, tzinfo=UTC)

    folder = settings.runs_dir / "2026-11-21-1200-calm-otter"
    folder.mkdir(parents=True)
    return JobContext(
        folder, Journal(folder / "events.jsonl", clock=now), lambda: False, settings, now
    )
