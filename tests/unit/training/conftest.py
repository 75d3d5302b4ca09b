"""Where a run of these tests works."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.jobs import JobContext, Journal


@pytest.fixture
def context(settings):
    """A run's folder and journal, at eleven o'clock."""
    folder = settings.runs_dir / "2026-11-21-1100-calm-otter"
    folder.mkdir(parents=True)
    clock = lambda: datetime(2026, 11, 21, 11, 0, tzinfo=UTC)  # noqa: E731
    journal = Journal(folder / "events.jsonl", clock=clock)
    return JobContext(folder, journal, lambda: False, settings, clock)
