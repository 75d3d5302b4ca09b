"""A run's life with a real process, a real lock and a real kill."""

from __future__ import annotations

import errno
import os
import signal
import sys
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from core import jobs
from core.domain import RunStatus
from core.domain.errors import RunAlreadyActive, RunError, UnknownRun
from core.jobs.run_folder.folder import create
from core.jobs.run_folder.lease import Lease, holder, is_held
from tests.unit.jobs.conftest import COMMAND, now, read_run, until, until_there

NOW = datetime(2026, 11, 21, 1, 36, tzinfo=UTC)


def test_a_run_starts_goes_on_and_completes_with_its_result(begin):
    folder = begin("nap", tenths=5)
    assert read_run(folder).status in {RunStatus.STARTING, RunStatus.RUNNING}
    until(folder, RunStatus.RUNNING)
    run = until(folder, RunStatus.COMPLETED)
    assert run.finished.result == {"slept": "well"}
    assert run.progress.fraction == 1.0
    assert run.epochs[0].metrics == {"loss": 0.5}


@pytest.mark.parametrize(("given", "expected"), [(None, "1"), ("0", "0")])
def test_a_worker_starts_with_fast_kernels_by_default(begin, monkeypatch, given, expected):
    """TensorFlow reads this when it is imported: nobody could set it later."""
    monkeypatch.delenv("TF_ENABLE_ONEDNN_OPTS", raising=False)
    if given is not None:
        monkeypatch.setenv("TF_ENABLE_ONEDNN_OPTS", given)
    tells = "import os; print(os.environ['TF_ENABLE_ONEDNN_OPTS'])"
    folder = begin("nap", command=(sys.executable, "-c", tells))
    until_there(folder.console)
    assert folder.console.read_text().strip() == expected


def test_cancelling_is_polite(begin):
    folder = begin("nap", tenths=600)
    until(folder, RunStatus.RUNNING)
    jobs.cancel(folder.path.parent, folder.id)
    run = until(folder, RunStatus.CANCELLED)
    assert run.finished.error == ""


def test_a_worker_ends_gracefully_on_sigterm(begin):
    folder = begin("nap", tenths=600)
    until(folder, RunStatus.RUNNING)
    until_there(folder.events)
    assert jobs.force_stop(folder.path.parent, folder.id)
    until(folder, RunStatus.CANCELLED)


def test_a_killed_run_is_lost_and_can_be_resumed(begin):
    folder = begin("nap", tenths=600)
    until(folder, RunStatus.RUNNING)
    until_there(folder.path / "half")  # killed before, it would nap anew, for a minute
    os.kill(holder(folder.lease), signal.SIGKILL)
    assert until(folder, RunStatus.LOST).finished is None
    jobs.resume(folder.path.parent, folder.id, command=COMMAND)
    assert read_run(folder).status in {RunStatus.STARTING, RunStatus.RUNNING, RunStatus.COMPLETED}
    until(folder, RunStatus.COMPLETED)


def test_force_stopping_without_mercy_leaves_a_lost_run(begin):
    folder = begin("nap", tenths=600)
    until(folder, RunStatus.RUNNING)
    until_there(folder.events)
    assert jobs.force_stop(folder.path.parent, folder.id, kill=True)
    until(folder, RunStatus.LOST)
    assert not jobs.force_stop(folder.path.parent, folder.id)


def test_force_stop_ends_one_that_does_not_answer_a_cancel(begin):
    folder = begin("nap", tenths=600)
    until(folder, RunStatus.RUNNING)
    until_there(folder.events)
    os.kill(holder(folder.lease), signal.SIGSTOP)  # it will never look at anything again
    jobs.cancel(folder.path.parent, folder.id)
    until(folder, RunStatus.CANCELLING)
    assert jobs.force_stop(folder.path.parent, folder.id)
    until(folder, RunStatus.LOST)


def test_what_is_complete_is_not_done_again(begin, runs_dir):
    folder = begin("nap", tenths=1)
    until(folder, RunStatus.COMPLETED)
    with_events = folder.events.read_bytes()
    with pytest.raises(RunError, match="is complete"):
        jobs.resume(runs_dir, folder.id, command=COMMAND)
    assert folder.events.read_bytes() == with_events


def test_an_error_we_know_brings_its_advice(begin):
    run = until(begin("fail"), RunStatus.FAILED)
    assert run.finished.error == "The plan asks for the moon."
    assert run.finished.advice == "Ask for less."
    assert run.progress.sentence == run.finished.error


def test_an_unexpected_error_is_reported_and_its_traceback_logged(begin):
    folder = begin("crash")
    run = until(folder, RunStatus.FAILED)
    assert "ZeroDivisionError" in run.finished.error
    assert "Traceback" in jobs.console_tail(folder.path.parent, folder.id)


def test_a_figure_that_is_no_number_fails_the_run_instead_of_the_journal(begin):
    assert "JSON" in until(begin("diverge"), RunStatus.FAILED).finished.error


def test_an_unknown_kind_is_reported(begin):
    assert "'fly'" in until(begin("fly"), RunStatus.FAILED).finished.error


def test_a_run_that_is_alive_is_not_started_a_second_time(begin, runs_dir):
    folder = begin("nap", tenths=600)
    with pytest.raises(RunAlreadyActive, match=f"{folder.id} is under way"):
        jobs.resume(runs_dir, folder.id, command=COMMAND)  # it is just starting
    until(folder, RunStatus.RUNNING)
    with pytest.raises(RunAlreadyActive):
        jobs.resume(runs_dir, folder.id, command=COMMAND)
    with pytest.raises(RunAlreadyActive):
        jobs.launch(folder, COMMAND)


def test_a_run_that_never_spoke_is_starting_for_half_a_minute_and_then_lost(runs_dir):
    folder = create(runs_dir, "nap", {}, now=now(), rng=np.random.default_rng())
    assert read_run(folder).status is RunStatus.STARTING
    later = now() + timedelta(seconds=31)
    assert jobs.read_run(runs_dir, folder.id, now=later).status is RunStatus.LOST


def test_runs_are_listed_newest_first_and_strange_folders_left_out(runs_dir):
    ids = [
        create(runs_dir, "nap", {}, now=NOW + timedelta(hours=h), rng=np.random.default_rng()).id
        for h in range(3)
    ]
    (runs_dir / "strange").mkdir()
    (runs_dir / "broken").mkdir()
    (runs_dir / "broken" / "plan.json").write_text("{")
    assert [run.id for run in jobs.all_runs(runs_dir, now=now())] == ids[::-1]


@pytest.mark.parametrize("name", ["nobody", "../runs", ""])
def test_an_unknown_run_is_reported_by_name(runs_dir, name):
    runs_dir.mkdir()
    with pytest.raises(UnknownRun):
        jobs.read_run(runs_dir, name, now=now())


def test_a_folder_that_cannot_be_written_is_explained(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(RunError, match="cannot be started"):
        create(tmp_path / "file", "nap", {}, now=now(), rng=np.random.default_rng())


def test_an_id_sorts_by_time_and_is_readable(runs_dir):
    folder = create(runs_dir, "nap", {}, now=NOW, rng=np.random.default_rng(1))
    assert folder.id.startswith("2026-11-21-0136-")
    assert len(folder.id.split("-")) == 6


def test_a_lease_is_held_by_one_and_free_when_given_back(tmp_path):
    one, other = Lease(tmp_path / "lease"), Lease(tmp_path / "lease")
    assert one.take()
    assert not other.take()
    assert holder(tmp_path / "lease") == os.getpid()
    one.release()
    one.release()
    assert holder(tmp_path / "lease") is None
    assert other.take()
    other.release()


def test_runs_on_a_read_only_disk_can_be_read(tmp_path, monkeypatch):
    """Such as another person's, or those on a disk that was mounted for reading."""
    path = tmp_path / "lease"
    held = Lease(path)
    assert held.take()
    opens = os.open

    def read_only(name, flags, *mode):
        if flags & (os.O_RDWR | os.O_WRONLY):
            raise PermissionError(errno.EACCES, "Permission denied", str(name))
        return opens(name, flags, *mode)

    monkeypatch.setattr("core.jobs.run_folder.lease.os.open", read_only)
    assert is_held(path)
    held.release()
    assert not is_held(path)
