"""Commands are listed without what they need, and found where the list says."""

from __future__ import annotations

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from core.cli.app import COMMANDS, app
from core.settings import PROJECT_DIR

NOT_FOR_A_LIST = ("numpy", "pandas", "scipy", "cv2", "sqlalchemy", "core.domain", "core.jobs")


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_says_of_a_command_what_its_own_help_says(name):
    command = COMMANDS[name].load(name)
    first = (command.help or "").split("\n\n")[0]
    assert (command.name, " ".join(first.split())) == (name, COMMANDS[name].help)


def test_the_list_imports_nothing_that_commands_need():
    code = (
        "import sys; sys.argv = ['core', '--help']\n"
        "from core.cli.app import app\n"
        "try: app()\n"
        f"finally: sys.stderr.write(','.join(set({NOT_FOR_A_LIST}) & set(sys.modules)))"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT_DIR, capture_output=True, text=True
    )
    assert (told.returncode, told.stderr) == (0, "")
    assert "analyse" in told.stdout


def test_an_earlier_name_is_not_listed_and_still_works():
    assert "conditions" not in CliRunner().invoke(app, ["--help"]).output
    told = CliRunner().invoke(app, ["conditions", "--help"])
    assert (told.exit_code, "corrupted pictures" in told.output) == (0, True)


def test_a_group_of_commands_offers_its_own_and_no_installation_of_completion():
    told = CliRunner().invoke(app, ["models", "--help"])
    assert told.exit_code == 0
    assert "reference" in told.output
    assert "completion" not in told.output


def test_a_mistyped_command_is_told_the_nearest():
    told = CliRunner().invoke(app, ["trian"])
    assert told.exit_code == 2
    assert "train" in told.output


def test_a_recording_s_worker_starts_before_pictures_and_the_database_are_imported():
    code = (
        "import sys, core.cli.recordings\n"
        "sys.stderr.write(','.join({'cv2', 'av', 'sqlalchemy', 'scipy'} & set(sys.modules)))"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT_DIR, capture_output=True, text=True
    )
    assert (told.returncode, told.stderr) == (0, "")
