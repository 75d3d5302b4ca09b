"""Rooms of core are entered by their doors: from outside, nobody imports the files below them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.storage.settings import PROJECT_DIR

GROUND = {"domain", "storage", "cli"}
"""Rooms whose files are doors themselves: values, files and tables that all stand on; commands."""

PAST_A_DOOR = {
    "core.datasets.orphaned_files": "it looks into the folders of rooms that a door must not wake",
    "core.training.sweeps.study_view": "it imports Optuna, which no other page needs",
}
"""Modules that are imported themselves: dotted name -> why. `keras_*.py` are, inside functions."""


def _files(*patterns: str) -> list[Path]:
    return sorted(path for pattern in patterns for path in PROJECT_DIR.glob(pattern))


OUTSIDE = _files("app.py", "pages/**/*.py", "benchmarks/**/*.py", "scripts/*.py", "core/*/**/*.py")


def _module_file(dotted: str) -> Path | None:
    path = PROJECT_DIR.joinpath(*dotted.split(".")).with_suffix(".py")
    return path if path.exists() else None


def _is_door(dotted: str) -> bool:
    return (PROJECT_DIR.joinpath(*dotted.split(".")) / "__init__.py").exists()


def _imported(path: Path) -> Iterator[tuple[str, str]]:
    """Module and name of every import from a room of core that is not the file's own."""
    parts = path.relative_to(PROJECT_DIR).parts
    own = parts[1] if parts[0] == "core" else ""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        named = []
        if isinstance(node, ast.ImportFrom) and node.module:
            named = [(node.module, one.name) for one in node.names]
        elif isinstance(node, ast.Import):
            named = [(one.name, "") for one in node.names]
        for module, name in named:
            steps = module.split(".")
            if steps[0] == "core" and len(steps) > 1 and steps[1] not in {own, *GROUND}:
                yield module, name


def _passes(module: str, name: str) -> bool:
    whole = f"{module}.{name}"
    if {module, whole} & PAST_A_DOOR.keys() or "keras_" in whole:
        return True
    if re.fullmatch(r"job|\w+_job", name):  # the doors of worker processes: they wake a whole room
        return _is_door(module)
    return _is_door(module) and (_is_door(whole) or name in _handed_on(module))


def _handed_on(door: str) -> list[str]:
    """What a door's `__all__` names."""
    path = PROJECT_DIR.joinpath(*door.split(".")) / "__init__.py"
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return [str(name) for name in ast.literal_eval(node.value)]
    return []


@pytest.mark.parametrize("path", OUTSIDE, ids=lambda path: path.relative_to(PROJECT_DIR).as_posix())
def test_rooms_are_entered_by_their_doors(path: Path) -> None:
    assert [one for one in _imported(path) if not _passes(*one)] == []


@pytest.mark.parametrize("module", PAST_A_DOOR)
def test_an_exception_is_still_one(module: str) -> None:
    parent, _, name = module.rpartition(".")
    imports = {(one, name) for path in OUTSIDE for one, name in _imported(path)}
    assert _module_file(module)
    assert any(one == module for one, _ in imports) or (parent, name) in imports


def test_a_way_past_a_door_is_seen() -> None:
    """Or the walk above would find nothing."""
    assert not _passes("core.evaluation.metrics.logarithmic_loss", "log_loss")
    assert not _passes("core.evaluation.metrics", "logarithmic_loss")
    assert _passes("core.evaluation.metrics", "log_loss")
