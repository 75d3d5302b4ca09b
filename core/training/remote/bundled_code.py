"""The files of Mien's own code that training imports, for the archive of a notebook."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from core.settings import PROJECT_DIR

_ENTRY_POINTS = ("core.training.remote.bundle_runner", "core.training.job", "core.jobs.worker")
_EXCLUDED = ("core.models.runtimes.onnx",)
"""Imported in functions that training does not call; they need further packages."""


def code_files(root: Path = PROJECT_DIR / "core") -> Iterator[tuple[str, Path]]:
    """Name under core/ and path of every file that training needs, sorted by name.

    These are the modules that are imported directly or indirectly, also inside functions, their
    packages, and the `.toml` files in their folders.
    """
    modules = {_module_of(path, root): path for path in root.rglob("*.py")}
    reached: set[str] = set()
    pending = list(_ENTRY_POINTS)
    while pending:
        name = pending.pop()
        if name in reached or name in _EXCLUDED:
            continue
        reached.add(name)
        pending += [one for one in _imported_names(modules[name]) if one in modules]
    paths = {modules[name] for name in reached}
    tables = {
        table for folder in {path.parent for path in paths} for table in folder.glob("*.toml")
    }
    for path in sorted(paths | tables):
        yield path.relative_to(root).as_posix(), path


def _module_of(path: Path, root: Path) -> str:
    parts = path.relative_to(root.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _runtime_nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes except those under `if TYPE_CHECKING`."""
    pending = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        yield node
        pending += ast.iter_child_nodes(node)


def _imported_names(path: Path) -> Iterator[str]:
    """Names of imported modules and of their packages; other names may be among them."""
    for node in _runtime_nodes(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [one.name for one in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{one.name}" for one in node.names]
        else:
            continue
        for name in names:
            parts = name.split(".")
            yield from (".".join(parts[:count]) for count in range(1, len(parts) + 1))
