"""Deleting runs."""

from __future__ import annotations

import shutil

import pytest

from core import jobs
from core.domain import Finished, LogMessage, RunStatus
from core.domain.errors import RunAlreadyActive, RunError, UnknownRun
from core.jobs import Lease
from core.jobs.control import DELETED
from tests.unit.jobs.conftest import now, read_run


def test_a_run_that_is_over_is_removed_whole(with_events, runs_dir):
    gone, kept = with_events(Finished(RunStatus.COMPLETED)), with_events(LogMessage("Hello."))
    (gone.path / "checkpoint").mkdir()
    (gone.path / "checkpoint" / "weights").write_bytes(b"x")
    jobs.delete(runs_dir, gone.id, now=now())
    with pytest.raises(UnknownRun):
        read_run(gone)
    assert [path.name for path in runs_dir.iterdir()] == [kept.id]
    with pytest.raises(UnknownRun):
        jobs.delete(runs_dir, gone.id, now=now())


def test_a_run_under_way_is_refused_by_name(with_events, make, runs_dir):
    working, starting = with_events(), make()
    lease = Lease(working.lease)
    assert lease.take()
    try:
        for folder in (working, starting):
            with pytest.raises(RunAlreadyActive, match=folder.id):
                jobs.delete(runs_dir, folder.id, now=now())
            assert folder.plan.exists()
    finally:
        lease.release()


def test_a_deletion_that_is_cut_off_leaves_nothing_that_looks_like_a_run(
    with_events, runs_dir, monkeypatch
):
    gone, other = (
        with_events(Finished(RunStatus.COMPLETED)),
        with_events(Finished(RunStatus.COMPLETED)),
    )

    def cut_off(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(shutil, "rmtree", cut_off)
        with pytest.raises(KeyboardInterrupt):
            jobs.delete(runs_dir, gone.id, now=now())
    (left,) = runs_dir.glob(f"{DELETED}*")
    assert (left / "plan.json").exists()
    assert [run.id for run in jobs.all_runs(runs_dir, now=now())] == [other.id]
    assert jobs.newest_active(runs_dir, {"train"}, now=now()) is None
    with pytest.raises(UnknownRun):
        jobs.read_run(runs_dir, left.name, now=now())
    jobs.delete(runs_dir, other.id, now=now())
    assert not list(runs_dir.iterdir())


def test_a_folder_that_cannot_be_renamed_is_explained_and_stays(with_events, runs_dir, monkeypatch):
    folder = with_events(Finished(RunStatus.COMPLETED))

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.rename", refuse)
    with pytest.raises(RunError, match="cannot be deleted: Permission denied"):
        jobs.delete(runs_dir, folder.id, now=now())
    assert read_run(folder).status is RunStatus.COMPLETED
