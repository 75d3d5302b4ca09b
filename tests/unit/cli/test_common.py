from __future__ import annotations

import errno
import os
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import typer

from core.cli import common
from core.cli.common import (
    check_output_paths,
    exit_on_error,
    follow,
    say,
    settings,
    start_and_follow,
    write_result,
)
from core.domain import Finished, LogMessage, RunStatus
from core.domain.errors import MienError, PlanError
from core.jobs.run_folder.folder import create
from core.jobs.run_folder.journal import Journal
from core.settings import PROJECT_DIR


@pytest.fixture
def here(settings, monkeypatch):
    monkeypatch.setenv("MIEN_DATA_DIR", str(settings.data_dir))
    return settings


def _run(here, *events):
    """A run whose worker said this and is gone; it was asked for long ago."""
    began_at = datetime(2026, 1, 1, tzinfo=UTC)
    folder = create(here.runs_dir, "nap", {}, now=began_at, rng=np.random.default_rng())
    journal = Journal(folder.events, clock=lambda: began_at)
    for event in events:
        journal.append(event)
    return folder.id


def test_folders_come_from_the_environment(here):
    assert settings().data_dir == here.data_dir


def test_a_completed_run_returns_its_result_and_is_printed(here, capsys):
    result = {"dataset": "faces"}
    run_id = _run(here, LogMessage("Hello."), Finished(RunStatus.COMPLETED, result=result))
    assert follow(run_id, since=0) == result
    assert capsys.readouterr().out == "Hello.\nCompleted.\n"


def test_what_a_run_says_controls_no_terminal(here, capsys):
    follow(_run(here, LogMessage("\x1b[2Jgone"), Finished(RunStatus.COMPLETED)), since=0)
    assert capsys.readouterr().out == "\\x1b[2Jgone\nCompleted.\n"


@pytest.mark.parametrize(
    ("title", "printed"),
    [
        ("\x1b]0;mine\x07", "\\x1b]0;mine\\x07"),  # it would rename the window
        ("\x9b2J", "\\x9b2J"),  # the same code in one byte
        ("one\ntwo", "one\\ntwo"),  # it would be a line of its own
        ("\u202egpj.exe", "\\u202egpj.exe"),  # it would be read backwards
        ("\udcff.png", "\\udcff.png"),  # no encoding writes it
        ("Müde, 3 °, 99 % 🙂", "Müde, 3 °, 99 % 🙂"),
    ],
)
def test_words_from_outside_control_no_terminal(capsys, title, printed):
    say(title)
    say(title, err=True)
    assert capsys.readouterr() == (f"{printed}\n", f"{printed}\n")


def test_commands_print_through_one_function():
    printed = {
        path.name
        for path in (PROJECT_DIR / "core" / "cli").glob("*.py")
        if re.search(r"typer\.(?:echo|secho)|\bprint\(", path.read_text("utf-8"))
    }
    assert printed == {"common.py"}


def test_a_run_that_failed_is_its_error(here):
    run_id = _run(here, Finished(RunStatus.FAILED, error="It broke.", advice="Mend it."))
    with pytest.raises(MienError) as caught:
        follow(run_id, since=0)
    assert (caught.value.message, caught.value.advice) == ("It broke.", "Mend it.")


def test_a_run_that_was_cancelled_ends_the_command(here):
    with pytest.raises(typer.Exit) as caught:
        follow(_run(here, Finished(RunStatus.CANCELLED)), since=0)
    assert caught.value.exit_code == 3


def test_a_run_that_was_lost_says_how_to_go_on(here, monkeypatch):
    run_id = _run(here, LogMessage("Hello."))
    with pytest.raises(MienError, match="The worker process ended") as caught:
        follow(run_id, since=0)
    assert f"python -m core runs resume {run_id}" in caught.value.advice


def test_a_worker_that_could_not_report_a_full_disk_is_reported_so(here, monkeypatch):
    run_id = _run(here, LogMessage("Hello."))
    used = shutil.disk_usage(here.runs_dir)._replace(free=4096)
    monkeypatch.setattr("core.cli.common.shutil.disk_usage", lambda _: used)
    with pytest.raises(MienError, match="ended: the disk is full") as caught:
        follow(run_id, since=0)
    assert caught.value.advice.startswith("Free some space. Resume with")


def test_starting_names_the_run_and_follows_it(here, monkeypatch, capsys):
    run_id = _run(here, Finished(RunStatus.COMPLETED, result={"a": "b"}))
    monkeypatch.setattr(common, "start", lambda *_, **__: run_id)
    assert start_and_follow("nap", {}) == {"a": "b"}
    assert capsys.readouterr().out.startswith(f"Run {run_id}\n")


def test_an_error_we_know_is_one_sentence_and_exit_code_two(capsys):
    with pytest.raises(typer.Exit) as caught, exit_on_error():
        raise PlanError("It asks for the moon.", advice="Ask for less.")
    assert caught.value.exit_code == 2
    assert capsys.readouterr().err == "It asks for the moon. Ask for less.\n"


def test_an_unexpected_error_is_not_hidden():
    with pytest.raises(ZeroDivisionError), exit_on_error():
        raise ZeroDivisionError


def test_a_full_disk_is_one_sentence_although_it_names_no_file(capsys):
    with pytest.raises(typer.Exit) as caught, exit_on_error():
        raise OSError(errno.ENOSPC, "No space left on device")
    assert caught.value.exit_code == 2
    assert capsys.readouterr().err == "The disk is full. Free some space, then try again.\n"


def test_a_result_is_written_whole_or_what_was_there_stays(tmp_path, monkeypatch):
    path = tmp_path / "report.md"
    path.write_text("before")
    monkeypatch.setattr("core.storage.atomic.os.fsync", _full)
    with pytest.raises(OSError, match="No space"):
        write_result(path, "after" * 1000)
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def _full(_descriptor):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_result_goes_through_a_link_and_into_what_is_no_file(tmp_path):
    link = tmp_path / "link.csv"
    link.symlink_to(tmp_path / "there.csv")
    write_result(link, b"a")
    assert link.is_symlink()
    assert (tmp_path / "there.csv").read_bytes() == b"a"
    write_result(Path(os.devnull), "a")
    assert not Path(os.devnull).is_file()


def test_a_result_overwrites_no_input_and_no_folder(tmp_path):
    pictures = tmp_path / "faces.csv"
    pictures.write_text("mine")
    again = tmp_path / "here" / ".." / "faces.csv"
    (tmp_path / "here").mkdir()
    with pytest.raises(PlanError, match="is an input, so it cannot be overwritten"):
        check_output_paths(again, reads=(str(pictures),))
    with pytest.raises(PlanError, match="is a folder"):
        check_output_paths(tmp_path)
    with pytest.raises(PlanError, match="There is no folder"):
        check_output_paths(tmp_path / "nowhere" / "a.csv")
    check_output_paths(None, tmp_path / "new.csv", reads=(pictures,))


CLI = PROJECT_DIR / "core" / "cli"


# The one function that writes a result for all of them stands in common.py.
@pytest.mark.parametrize("path", sorted(set(CLI.glob("*.py")) - {CLI / "common.py"}))
def test_no_command_writes_a_result_by_halves(path):
    assert not re.search(r"\.write_(bytes|text)\(", path.read_text(encoding="utf-8"))
