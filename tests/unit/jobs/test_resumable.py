from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from core import jobs
from core.domain import Finished, RunStatus, Started
from core.domain.errors import PlanError, UnknownDataset
from core.jobs.database_refusal import REFUSED
from core.jobs.resumable import UNREADABLE, can_resume, is_unreadable
from core.jobs.run_folder.folder import create

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


@pytest.fixture
def run_that_ended(settings):
    def ended(finished):
        folder = create(settings.runs_dir, "any", {}, now=NOW, rng=np.random.default_rng(0))
        journal = jobs.Journal(folder.events, clock=lambda: NOW)
        journal.append(Started(1))
        if finished is not None:
            journal.append(finished)
        return jobs.read_run(settings.runs_dir, folder.id, now=datetime.now(UTC))

    return ended


FAILED = RunStatus.FAILED


@pytest.mark.parametrize(
    ("finished", "plan", "can"),
    [
        (None, {}, True),
        (None, {"is_upload": True}, True),
        (Finished(RunStatus.CANCELLED), {}, True),
        (Finished(FAILED, "The disk is full."), {}, True),
        (Finished(RunStatus.COMPLETED), {}, False),
        (Finished(FAILED, "No column.", result=dict(UNREADABLE)), {}, False),
        (Finished(FAILED, "Unknown.", result={"labels": "[]"}), {}, False),
        (Finished(FAILED, "Unclear.", result={"table": "{}"}), {}, False),
        (Finished(FAILED, "No model."), {"is_upload": True}, False),
        (Finished(RunStatus.CANCELLED), {"is_upload": True}, False),
        (Finished(FAILED, "Locked.", result=dict(REFUSED)), {"is_upload": True}, True),
    ],
)
def test_only_a_run_that_may_end_otherwise_can_be_resumed(run_that_ended, finished, plan, can):
    assert can_resume(run_that_ended(finished), plan) is can


def test_only_an_opening_fails_because_of_its_files(settings):
    missing = UnknownDataset("Gone.")
    assert is_unreadable("open_dataset", missing)
    assert not is_unreadable("train", missing)  # the dataset can be opened again
    assert not is_unreadable("open_dataset", PlanError("x"))
    assert not is_unreadable("open_dataset", OSError("x"))
