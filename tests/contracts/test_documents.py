"""What the documents beside the code name is there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from core.cli.app import COMMANDS, app
from core.settings import PROJECT_DIR
from pages.parts.shell.navigation import PAGES

README = (PROJECT_DIR / "README.md").read_text(encoding="utf-8")
DOCUMENTS = [PROJECT_DIR / "README.md", *sorted((PROJECT_DIR / "docs").glob("*.md"))]
COMMAND = re.compile(r"python -m core ([^#`\n]+)")


def test_the_readme_names_every_page_by_its_title_and_no_other():
    named = re.findall(r"^\| \*\*(.+?)\*\* \|", README, re.MULTILINE)
    titles = [room.title for rooms in PAGES.values() for room in rooms]
    assert sorted(named) == sorted(titles)


def test_the_licence_is_mit_here_in_the_citation_and_in_the_readme():
    assert (PROJECT_DIR / "LICENSE").read_text(encoding="utf-8").startswith("MIT License")
    cited = (PROJECT_DIR / "CITATION.cff").read_text(encoding="utf-8")
    assert re.search(r"^license: MIT$", cited, re.MULTILINE)
    assert "[MIT](LICENSE)" in README
    assert "(CITATION.cff)" in README


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_what_a_document_links_to_in_the_project_is_there(document):
    text = document.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)", text):
        if "://" not in target:
            assert (document.parent / target).exists(), target


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_commands_of_a_document_exist_with_their_options(document):
    for typed in COMMAND.findall(document.read_text(encoding="utf-8")):
        words = shlex.split(typed)
        command, name = get_command(app), "core"
        while words and words[0] in getattr(command, "commands", {}):
            name = words.pop(0)
            is_first = name in COMMANDS and "table" in dir(command)
            command = COMMANDS[name].load(name) if is_first else command.commands[name]
        assert name != "core" or words[:1] == ["--help"], typed
        options = {one for parameter in command.params for one in parameter.opts} | {"--help"}
        asked = {word.split("=")[0] for word in words if word.startswith("--")}
        assert asked <= options, typed


def test_the_help_of_the_commands_can_be_read():
    told = CliRunner().invoke(app, ["--help"])
    assert told.exit_code == 0, told.output


def test_every_page_has_its_picture_in_light_and_in_dark():
    taken = {path.name for path in (PROJECT_DIR / "docs" / "screenshots").iterdir()}
    pages = [Path(room.path).stem for rooms in PAGES.values() for room in rooms]
    assert {f"{page}-{scheme}.png" for page in pages for scheme in ("light", "dark")} <= taken
