"""Whoever is told that something cannot be done is told what to do instead."""

from __future__ import annotations

import ast
import inspect

from core.domain import errors
from core.settings import PROJECT_DIR
from tests.contracts.sources import found_in, nodes_of

KINDS = {
    name
    for name, kind in vars(errors).items()
    if inspect.isclass(kind) and issubclass(kind, errors.MienError)
}
SOURCES = sorted((PROJECT_DIR / "core").rglob("*.py"))


def _errors_made(path):
    for node in nodes_of(path):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KINDS:
            yield node


def _without_advice(path):
    for made in _errors_made(path):
        advice = {word.arg: word.value for word in made.keywords}.get("advice")
        if advice is None or (isinstance(advice, ast.Constant) and not advice.value):
            yield f"line {made.lineno}"


def test_every_error_brings_advice():
    assert any(_errors_made(path) for path in SOURCES)
    assert found_in(SOURCES, _without_advice) == {}
