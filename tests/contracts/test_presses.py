"""Where a part of the page redraws itself, a press acts before anything is drawn.

What only the drawing sees (`if st.button(...)`) is lost where the next rerun cuts that drawing off;
a callback has run by then.
"""

from __future__ import annotations

import ast

import pytest

from core.settings import PROJECT_DIR
from tests.contracts.sources import found_in, tree_of

PARTS = PROJECT_DIR / "pages" / "parts"
BEFORE_A_CLASS = {
    PARTS / "classroom" / "opening.py",
    PARTS / "join" / "finding.py",
    PARTS / "join" / "joining.py",
}
"""Nothing redraws itself until a class was opened or joined."""

MOVING = [
    PARTS / "shell" / "run_panel.py",
    *(
        path
        for room in ("classroom", "join", "live")
        for path in sorted((PARTS / room).glob("*.py"))
        if path not in BEFORE_A_CLASS
    ),
]
BUTTONS = {"button", "form_submit_button"}
ENDS = {"Close", "Resume"}
"""Of a run that is over: what has ended redraws itself no more."""


def _read_by_the_drawing(tree: ast.Module) -> list[str]:
    """Buttons whose answer is read, by line."""
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        f"line {node.lineno}: {ast.unparse(node.args[0])}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in BUTTONS
        and id(node) not in alone
        and not (isinstance(node.args[0], ast.Constant) and node.args[0].value in ENDS)
    ]


def test_a_press_on_a_page_that_redraws_itself_is_a_callback() -> None:
    assert found_in(MOVING, lambda path: _read_by_the_drawing(tree_of(path))) == {}


@pytest.mark.parametrize(
    "source", ["if st.button('Mark'): mark()", "pressed = st.form_submit_button('Mark')"]
)
def test_a_press_that_the_drawing_reads_is_found(source: str) -> None:
    assert _read_by_the_drawing(ast.parse(source))


def test_a_callback_is_not_found() -> None:
    assert not _read_by_the_drawing(ast.parse("st.button('Mark', on_click=mark)"))
