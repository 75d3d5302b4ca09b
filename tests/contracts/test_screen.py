"""What every page has to keep to be readable on a narrow screen."""

from __future__ import annotations

import ast
import re

from core.settings import PROJECT_DIR
from tests.contracts.sources import found_in, nodes_of, text_of

PAGES = sorted(PROJECT_DIR.glob("pages/**/*.py"))


def _calls(path, name):
    for node in nodes_of(path):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in name:
            yield node


def _that_do_not_wrap(path):
    for call in _calls(path, {"segmented_control"}):
        wrap = {one.arg: one.value for one in call.keywords}.get("wrap")
        if not (isinstance(wrap, ast.Constant) and wrap.value is True):
            yield f"line {call.lineno}"


def test_a_switch_takes_a_second_line_where_there_is_no_room():
    assert any(_calls(path, {"segmented_control"}) for path in PAGES)
    assert found_in(PAGES, _that_do_not_wrap) == {}


# Commands print "61.0%" in lines that scripts read; the others write it into files.
OFF_SCREEN = {
    "core/conversion/package/readme.py",
    "core/evaluation/scorecard/summary.py",
}
SAID_ON_SCREEN = [
    path
    for path in sorted(PROJECT_DIR.glob("core/**/*.py"))
    if path.parent.name != "cli" and str(path.relative_to(PROJECT_DIR)) not in OFF_SCREEN
]


def _shares_without_a_space(path):
    text = text_of(path)
    written = re.findall(r"\{[^{}]+:\.\d%\}", text)
    return written if len(written) > text.count('.replace("%"') else []


def test_a_share_is_written_as_everywhere_on_screen_with_a_space_before_its_sign():
    assert found_in(SAID_ON_SCREEN, _shares_without_a_space) == {}
