"""Small modules, small functions, and a docstring on every public door."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess

import pytest

from core.settings import PROJECT_DIR
from tests.contracts.sources import found_in, nodes_of, text_of, tree_of

SOURCES = sorted(
    path
    for pattern in ("app.py", "core/**/*.py", "pages/**/*.py")
    for path in PROJECT_DIR.glob(pattern)
)
ROOMS = sorted(path.parent for path in PROJECT_DIR.glob("core/*/__init__.py"))
MOST_LINES, MOST_FUNCTION_LINES = 300, 40
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def _too_long(path):
    lines = len(text_of(path).splitlines())
    return [lines] if lines > MOST_LINES else []


def test_a_module_fits_on_a_few_screens():
    assert found_in(SOURCES, _too_long) == {}


def _long_functions(path):
    for node in nodes_of(path):
        if isinstance(node, FUNCTIONS):
            docstring = ast.get_docstring(node, clean=False) or ""
            lines = node.end_lineno - node.lineno + 1 - len(docstring.splitlines())
            if lines > MOST_FUNCTION_LINES:
                yield node.name


def test_a_function_fits_on_one_screen():
    assert found_in(SOURCES, _long_functions) == {}


def _undescribed(path):
    tree = tree_of(path)
    if path.stat().st_size and not ast.get_docstring(tree):
        yield "the module"
    yield from (node.name for node in _public(tree) if not ast.get_docstring(node))


def test_every_public_thing_says_what_it_is_for():
    assert found_in(SOURCES, _undescribed) == {}


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_a_room_exports_what_it_says(room):
    module = importlib.import_module(f"core.{room.name}")
    exported = getattr(module, "__all__", [])
    assert len(exported) == len(set(exported))
    assert all(hasattr(module, name) for name in exported)


def test_every_room_is_described():
    text = (PROJECT_DIR / "ARCHITECTURE.md").read_text(encoding="utf-8")
    described = set(re.findall(r"^- `core/(\w+)`", text, re.M))
    assert described == {room.name for room in ROOMS}


def test_no_file_names_a_machine_or_a_registry():
    listed = subprocess.run(
        ["git", "ls-files"], cwd=PROJECT_DIR, capture_output=True, text=True, check=True
    )
    machine, registry = "/" + "work/", "pypi" + ".org"
    for name in listed.stdout.splitlines():
        path = PROJECT_DIR / name
        if path.suffix in {".png", ".tflite", ".keras", ".npz", ".db"} or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8")
        assert machine not in text, name
        assert registry not in text, name


def _public(tree):
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from (
                    inner
                    for inner in node.body
                    if isinstance(inner, FUNCTIONS) and not inner.name.startswith("_")
                )
