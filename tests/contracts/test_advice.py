"""Whoever is told that something cannot be done is told what to do instead."""

from __future__ import annotations

import ast
import inspect

import pytest

from core.domain import errors
from core.storage.settings import PROJECT_DIR

KINDS = {
    name
    for name, kind in vars(errors).items()
    if inspect.isclass(kind) and issubclass(kind, errors.MienError)
}
SOURCES = sorted((PROJECT_DIR / "core").rglob("*.py"))


def _errors_made(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KINDS:
            yield node


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PROJECT_DIR)))
def test_every_error_brings_advice(path):
    for made in _errors_made(path):
        given = {word.arg: word.value for word in made.keywords}
        assert "advice" in given, f"line {made.lineno}"
        assert not (isinstance(given["advice"], ast.Constant) and not given["advice"].value)
