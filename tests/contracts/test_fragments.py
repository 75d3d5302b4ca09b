"""A part of a page that redraws itself has a place of its own, and says in a sentence what went
wrong, as the page does.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

import pytest

from core.settings import PROJECT_DIR
from tests.contracts.sources import found_in, nodes_of, text_of

PAGES = sorted((PROJECT_DIR / "pages").rglob("*.py"))
OWN = PROJECT_DIR / "pages" / "parts" / "shell" / "fragments.py"


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
        if isinstance(node, ast.Call)
        and _is_call_of(node.func, "fragments", "fragment")
        and node.args
        and isinstance(node.args[0], ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and (
            node.name in given
            or any(_is_call_of(one, "fragments", "fragment") for one in node.decorator_list)
        ):
            yield node


def _unguarded(source: str) -> list[str]:
    return [
        f"line {one.lineno}: {one.name}"
        for one in _fragments(ast.parse(source))
        if not any(_is_call_of(mark, "error_box", "on_error") for mark in one.decorator_list)
    ]


def test_an_error_in_a_part_that_redraws_itself_is_a_sentence() -> None:
    assert found_in(PAGES, lambda path: _unguarded(text_of(path))) == {}


def test_a_part_without_a_guard_is_found() -> None:
    assert _unguarded("@fragments.fragment(run_every=1)\ndef view(): ...")
    assert _unguarded("def view(): ...\nfragments.fragment(run_every=1)(view)()")
    assert not _unguarded(
        "@fragments.fragment(run_every=1)\n@error_box.on_error()\ndef view(): ..."
    )


def _of_streamlit(path: Path) -> list[str]:
    return [f"line {node.lineno}" for node in nodes_of(path) if _names_fragment(node)]


def test_no_page_redraws_a_part_without_a_container_of_its_own() -> None:
    assert set(found_in(PAGES, _of_streamlit)) == {str(OWN.relative_to(PROJECT_DIR))}


def _names_fragment(node: ast.AST) -> TypeGuard[ast.expr | ast.ImportFrom]:
    """Streamlit's own decorator, however it is reached."""
    if isinstance(node, ast.Attribute):
        return node.attr == "fragment" and ast.unparse(node.value) in {"st", "streamlit"}
    return (
        isinstance(node, ast.ImportFrom)
        and (node.module or "").partition(".")[0] == "streamlit"
        and any(one.name == "fragment" for one in node.names)
    )


@pytest.mark.parametrize(
    "source", ["@st.fragment\ndef view(): ...", "from streamlit import fragment"]
)
def test_streamlits_own_fragment_is_found(source: str) -> None:
    assert any(_names_fragment(node) for node in ast.walk(ast.parse(source)))
