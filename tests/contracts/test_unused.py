"""Nothing is kept that only its own tests use."""

from __future__ import annotations

import ast
import re
from collections import Counter

from core.settings import PROJECT_DIR
from tests.contracts.sources import text_of, tree_of

SOURCES = sorted(
    path
    for pattern in ("app.py", "core/**/*.py", "pages/**/*.py")
    for path in PROJECT_DIR.glob(pattern)
)
USERS = (
    *SOURCES,
    *sorted(PROJECT_DIR.glob("benchmarks/**/*.py")),
    *sorted(PROJECT_DIR.glob("scripts/*.py")),
    PROJECT_DIR / "pyproject.toml",
)
DEFINED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
CALLED_BY_LIBRARIES = {
    "compute_output_shape",
    "finalize_variable_values",
    "on_epoch_begin",
    "on_train_batch_end",
    "process_bind_param",
}


def _names(tree):
    """Functions, methods, classes and module constants; commands are called by Typer."""
    for node in ast.walk(tree):
        if isinstance(node, DEFINED) and not _is_command(node):
            yield node.name
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        yield from (one.id for one in targets if isinstance(one, ast.Name))


def _is_command(node):
    return any(
        isinstance(one, ast.Call)
        and isinstance(one.func, ast.Attribute)
        and one.func.attr in {"command", "callback"}
        for one in node.decorator_list
    )


def test_what_is_defined_is_used_by_more_than_its_tests():
    said = Counter(word for path in USERS for word in re.findall(r"\w+", text_of(path)))
    unused = {
        name: str(path.relative_to(PROJECT_DIR))
        for path in SOURCES
        for name in _names(tree_of(path))
        if said[name] == 1 and not name.startswith("__")
    }
    assert {name: path for name, path in unused.items() if name not in CALLED_BY_LIBRARIES} == {}
