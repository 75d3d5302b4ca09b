"""Rooms of core are entered by their doors: from outside, nobody imports the files below them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from core.settings import PROJECT_DIR
from tests.contracts.sources import found_in, nodes_of, text_of, tree_of

GROUND = {"domain", "settings", "storage", "cli"}
"""What is imported directly: values, settings, files and tables that all stand on; commands."""

PAST_A_DOOR = {
    "core.datasets.orphaned_files": "it looks into the folders of rooms that a door must not wake",
    "core.training.sweeps.study_view": "it imports Optuna, which no other page needs",
}
"""Modules that are imported themselves: dotted name -> why. `keras_*.py` are, inside functions."""

BY_NAME = {
    "core/cli/lazy_group.py": "the commands: to list them must wake no room",
    "core/recordings/__init__.py": "its own files that read pictures: a command wakes none of them",
    "core/jobs/worker.py": "the jobs, whose rooms must not wake before",
    "core/conversion/importing/job.py": "readers of its own room: they bring Keras or ONNX",
}
"""Files that import a module by a name in a table -> which modules."""

BY_COMPUTED_NAME = {
    "__import__",
    "exec_module",
    "import_module",
    "resolve_name",
    "run_module",
    "run_path",
}


def _files(*patterns: str) -> list[Path]:
    return sorted(path for pattern in patterns for path in PROJECT_DIR.glob(pattern))


OUTSIDE = _files("app.py", "pages/**/*.py", "benchmarks/**/*.py", "scripts/*.py", "core/**/*.py")


def _module_file(dotted: str) -> Path | None:
    path = PROJECT_DIR.joinpath(*dotted.split(".")).with_suffix(".py")
    return path if path.exists() else None


def _is_door(dotted: str) -> bool:
    return (PROJECT_DIR.joinpath(*dotted.split(".")) / "__init__.py").exists()


def _room_of(path: Path) -> str:
    parts = path.relative_to(PROJECT_DIR).parts
    return parts[1] if parts[0] == "core" else ""


def _imported(path: Path) -> list[tuple[str, str]]:
    """Module and name of every import from a room of core that is not the file's own."""
    return list(_named(text_of(path), own=_room_of(path)))


def _named(source: str, *, own: str) -> Iterator[tuple[str, str]]:
    nodes = list(ast.walk(ast.parse(source)))
    for module, name in [*_of_imports(nodes), *_through_doors(nodes)]:
        steps = module.split(".")
        if steps[0] == "core" and len(steps) > 1 and steps[1] not in {own, *GROUND}:
            yield module, name


def _of_imports(nodes: Sequence[ast.AST]) -> Iterator[tuple[str, str]]:
    for node in nodes:
        match node:
            case ast.ImportFrom(module="core"):
                yield from ((f"core.{one.name}", "") for one in node.names)
            case ast.ImportFrom(module=str(module)):
                yield from ((module, one.name) for one in node.names)
            case ast.Import():
                yield from ((one.name, "") for one in node.names)


def _through_doors(nodes: Sequence[ast.AST]) -> Iterator[tuple[str, str]]:
    """What is taken from a door imported whole: `metrics.curves` after `import metrics`."""
    doors = {}
    for node in nodes:
        match node:
            case ast.ImportFrom(module=str(module)):
                doors |= {one.asname or one.name: f"{module}.{one.name}" for one in node.names}
            case ast.Import():
                doors |= {one.asname or "core": one.asname and one.name for one in node.names}
    for node in nodes:
        if isinstance(node, ast.Attribute):
            start, *rest = ast.unparse(node).split(".")
            whole = ".".join([doors.get(start) or start, *rest])
            module, _, name = whole.rpartition(".")
            if start in doors and module.startswith("core.") and _is_door(module):
                yield module, name


def _passes(module: str, name: str) -> bool:
    if not name:  # a door as a whole; `_through_doors` sees what is taken from it
        return _is_door(module) or module in PAST_A_DOOR
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


@pytest.mark.parametrize(
    "source",
    [
        "import core.evaluation.metrics.logarithmic_loss",
        "import core.evaluation.metrics.logarithmic_loss as loss",
        "from core.evaluation.metrics import logarithmic_loss",
        "from core.evaluation.metrics import *",
        "from core.evaluation import metrics\nmetrics.logarithmic_loss.log_loss(1, 2)",
        "from core import evaluation as one\none.metrics.logarithmic_loss",
        "import core.evaluation\ncore.evaluation.metrics.logarithmic_loss.log_loss",
        "def inside():\n    from core.evaluation.metrics.logarithmic_loss import log_loss",
    ],
)
def test_every_way_past_a_door_is_seen(source: str) -> None:
    assert [one for one in _named(source, own="") if not _passes(*one)]


@pytest.mark.parametrize(
    "source",
    [
        "from core.evaluation import metrics\nmetrics.log_loss(1, 2)",
        "import core.evaluation.metrics as ours\nours.log_loss(1, 2)",
        "from core.domain.errors import MienError\nMienError.__name__",
    ],
)
def test_a_door_is_let_pass_however_it_is_entered(source: str) -> None:
    assert [one for one in _named(source, own="") if not _passes(*one)] == []


def _keras_imports(path: Path) -> list[str]:
    """Imports of `keras_*.py` where they must not be: in pages, and while a module is imported."""
    if path.name.startswith("keras_"):
        return []
    nodes = nodes_of(path) if "pages" in path.parts else tree_of(path).body
    imports = [one for one in nodes if isinstance(one, ast.Import | ast.ImportFrom)]
    return [text for one in imports if ".keras_" in (text := ast.unparse(one)).replace(" ", ".")]


def test_modules_with_tensorflow_are_imported_inside_functions_of_core_only() -> None:
    assert found_in(OUTSIDE, _keras_imports) == {}


def _by_name(path: Path) -> list[int]:
    """Lines that import a module whose name is computed: no contract could see which."""
    calls = [one for one in nodes_of(path) if isinstance(one, ast.Call)]
    names = (ast.unparse(one.func).split(".")[-1] for one in calls)
    return [
        call.lineno for call, name in zip(calls, names, strict=True) if name in BY_COMPUTED_NAME
    ]


def test_modules_are_imported_by_a_name_only_where_a_table_names_them() -> None:
    assert set(found_in(OUTSIDE, _by_name)) == BY_NAME.keys()
