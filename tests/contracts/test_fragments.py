"""A part of a page that redraws itself says what went wrong in a sentence, as the page does."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.settings import PROJECT_DIR

PAGES = sorted((PROJECT_DIR / "pages").rglob("*.py"))


def _is_call_of(node: ast.AST, owner: str, name: str) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == name
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == owner
    )


def _fragments(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    """Functions that Streamlit runs again by themselves."""
    given = {
        node.args[0].id
        for node in ast.walk(tree)
        if _is_call_of(node, "st", "fragment") and node.args and isinstance(node.args[0], ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and (
            node.name in given
            or any(_is_call_of(one, "st", "fragment") for one in node.decorator_list)
        ):
            yield node


def _unguarded(source: str) -> list[str]:
    return [
        f"line {one.lineno}: {one.name}"
        for one in _fragments(ast.parse(source))
        if not any(_is_call_of(mark, "notice", "on_error") for mark in one.decorator_list)
    ]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_an_error_in_a_part_that_redraws_itself_is_a_sentence(path: Path) -> None:
    assert _unguarded(path.read_text(encoding="utf-8")) == []


def test_a_part_without_a_guard_is_found() -> None:
    assert _unguarded("@st.fragment(run_every=1)\ndef view(): ...")
    assert _unguarded("def view(): ...\nst.fragment(view, run_every=1)()")
    assert not _unguarded("@st.fragment(run_every=1)\n@notice.on_error()\ndef view(): ...")
