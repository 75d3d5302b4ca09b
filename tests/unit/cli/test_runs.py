"""Runs on the command line, in this process."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from typer.testing import CliRunner

from core.cli.runs import runs_app
from core.domain import EpochEnded, Finished, LogMessage, RunStatus
from core.jobs import Journal, Lease
from core.jobs.run_folder.folder import create
from core.training.monitoring import tensorboard
from core.training.remote.file_transfer import resumes_locally

BEGAN_AT = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def run(settings, monkeypatch):
    """A run that learned for two epochs and completed."""
    monkeypatch.setenv("MIEN_DATA_DIR", str(settings.data_dir))
    folder = create(settings.runs_dir, "train", {}, now=BEGAN_AT, rng=np.random.default_rng(1))
    journal = Journal(folder.events, clock=lambda: BEGAN_AT)
    for epoch, right in ((1, 0.61), (2, 0.58)):
        journal.append(EpochEnded(epoch, 8, {"val_accuracy": right}))
    journal.append(Finished(RunStatus.COMPLETED))
    return folder


def _typed(*words):
    done = CliRunner().invoke(runs_app, words)
    return done.exit_code, done.stdout, done.stderr


@pytest.mark.parametrize("words", [(), ("list",)])
def test_a_run_is_listed_with_its_state_epochs_best_and_tags(run, words):
    _typed("note", run.id, "--tag", "good", "--tag", "two words")
    code, out, _ = _typed(*words)
    assert code == 0
    figures = "2/8 epochs, best 61.0 %"
    assert out == f"{run.id}  train  completed  {figures}  #good #two-words  Done.\n"


def test_a_run_without_epochs_is_listed_without_figures(settings, run):
    folder = create(settings.runs_dir, "audit", {}, now=BEGAN_AT, rng=np.random.default_rng(2))
    folder.mark_launched(0)
    Journal(folder.events, clock=lambda: BEGAN_AT).append(LogMessage("Looking."))
    assert f"{folder.id}  audit  lost  Looking.\n" in _typed()[1]


def test_a_note_is_written_shown_stored_and_removed(run):
    assert _typed("note", run.id, "Fine so far.", "--tag", "x")[1] == "Fine so far.\n#x\n"
    assert _typed("note", run.id)[1] == "Fine so far.\n#x\n"
    assert _typed("note", run.id, "--tag", "")[1] == "Fine so far.\n"
    assert _typed("note", run.id, "")[1] == ""


def test_a_run_is_deleted_once(run):
    assert _typed("delete", run.id) == (0, "", "")
    assert not run.path.exists()
    code, _, said = _typed("delete", run.id)
    assert (code, said) == (2, f"There is no run {run.id!r}. Look at the list of runs.\n")


def test_a_run_under_way_is_not_deleted(run):
    lease = Lease(run.lease)
    assert lease.take()
    try:
        code, _, said = _typed("delete", run.id)
    finally:
        lease.release()
    assert code == 2
    assert said.startswith(f"{run.id} is under way and cannot be deleted. Cancel it first")
    assert run.path.exists()


@pytest.mark.parametrize("option", ["--local", "--here"])  # the latter is its earlier name
def test_asking_a_run_under_way_to_go_on_here_leaves_it_where_it_is(run, option):
    lease = Lease(run.lease)
    assert lease.take()
    try:
        code, _, said = _typed("resume", run.id, option)
    finally:
        lease.release()
    assert (code, "under way already" in said) == (2, True)
    assert not resumes_locally(run.path)


@pytest.mark.parametrize("verb", ["cancel", "resume", "note", "delete"])
@pytest.mark.parametrize("name", ["nobody", "../x", ".turns", ""])
def test_a_run_that_is_not_there_is_one_sentence(run, verb, name):
    code, _, said = _typed(verb, name)
    assert code == 2
    assert said.startswith(f"There is no run {name!r}.")
    assert said.count("\n") == 1


def test_a_tag_that_is_too_long_is_one_sentence(run):
    code, _, said = _typed("note", run.id, "--tag", "x" * 99)
    assert code == 2
    assert "99 characters" in said


def test_tensorboard_is_started_its_address_printed_and_stopped_again(run, monkeypatch):
    done = []
    monkeypatch.setattr(tensorboard, "start", lambda _: done.append("started"))
    monkeypatch.setattr(tensorboard, "wait_for_address", lambda _: "http://127.0.0.1:6006/")
    monkeypatch.setattr(tensorboard, "stop", lambda _: done.append("stopped"))
    assert _typed("tensorboard") == (0, "http://127.0.0.1:6006/\n", "")
    assert _typed("tensorboard", "--stop") == (0, "", "")
    assert done == ["started", "stopped"]


def test_without_tensorboard_one_sentence_says_what_to_install(run, monkeypatch):
    monkeypatch.setattr(tensorboard, "find_spec", lambda _: None)
    code, out, err = _typed("tensorboard")
    assert (code, out) == (2, "")
    assert "not installed" in err
