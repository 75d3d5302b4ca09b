"""What every page has to keep to be readable on a narrow screen."""

from __future__ import annotations

import ast
import re

import pytest

from core.storage.settings import PROJECT_DIR

PAGES = sorted(PROJECT_DIR.glob("pages/**/*.py"))


def _calls(path, name):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in name:
            yield node


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_switch_takes_a_second_line_where_there_is_no_room(path):
    for call in _calls(path, {"segmented_control"}):
        told = {one.arg: one.value for one in call.keywords}
        assert isinstance(told.get("wrap"), ast.Constant), call.lineno
        assert told["wrap"].value is True, call.lineno


# Commands print "61.0%" in lines that scripts read.
SAID_ON_SCREEN = [
    path
    for path in sorted(PROJECT_DIR.glob("core/*/**/*.py"))
    if path.parent.name != "cli"
    and path.name not in {"overlay.py", "card_page.py", "readme.py", "summary.py"}
]


@pytest.mark.parametrize("path", SAID_ON_SCREEN, ids=lambda path: path.name)
def test_a_share_is_written_as_everywhere_on_screen_with_a_space_before_its_sign(path):
    text = path.read_text(encoding="utf-8")
    written = re.findall(r"\{[^{}]+:\.\d%\}", text)
    assert len(written) <= text.count('.replace("%"'), written
