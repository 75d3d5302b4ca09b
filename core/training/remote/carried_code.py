"""Mien's own code that a training takes along to another machine: what its imports reach."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from core.storage.settings import PROJECT_DIR

_BEGINS_WITH = ("core.training.remote.bundle_runner", "core.training.job", "core.jobs.worker")
_NEVER_CALLED = ("core.models.runtimes.onnx",)
"""Imported inside functions that no training calls; they want packages of their own."""


def code_files(root: Path = PROJECT_DIR / "core") -> Iterator[tuple[str, Path]]:
    """Name under core/ and path of every file that training needs, sorted by name.

    These are the modules that its imports reach, also inside functions, the packages around them,
    and the tables (`.toml`) beside them.
    """
    modules = {_module_of(path, root): path for path in root.rglob("*.py")}
    reached: set[str] = set()
    waiting = list(_BEGINS_WITH)
    while waiting:
        name = waiting.pop()
        if name in reached or name in _NEVER_CALLED:
            continue
        reached.add(name)
        waiting += [one for one in _imported(modules[name]) if one in modules]
    paths = {modules[name] for name in reached}
    tables = {
        table for folder in {path.parent for path in paths} for table in folder.glob("*.toml")
    }
    for path in sorted(paths | tables):
        yield path.relative_to(root).as_posix(), path


def _module_of(path: Path, root: Path) -> str:
    parts = path.relative_to(root.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _run(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes but those that only type checkers read."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        yield node
        waiting += ast.iter_child_nodes(node)


def _imported(path: Path) -> Iterator[str]:
    """Whatever may be a module of ours: what is imported, and each package around it."""
    for node in _run(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [one.name for one in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{one.name}" for one in node.names]
        else:
            continue
        for name in names:
            parts = name.split(".")
            yield from (".".join(parts[:count]) for count in range(1, len(parts) + 1))
